#include "pg/base/postgres.hpp"

#include "pg/base/memory.hpp"
#include "pg/base/sort.hpp"
#include "pg/proposal/policy_sample.hpp"
#include "pg/proposal/training.hpp"

namespace receivables {

namespace {

struct by_name {
    int operator()(const proposal_column& a, const proposal_column& b) const {
        return order_columns(a, b);
    }
};

// Columns that are still to be judged.
struct candidates {
    proposal_column* columns;
    std::uint32_t count, attributes;
};

void add_figures(const policy_sample_view& sample, const name_list& wanted, candidates* out) {
    std::string_view names = sample.names();
    for (std::uint32_t i = 0; i < sample.figures(); ++i) {
        const std::string_view name = take_name(&names);
        proposal_column column;
        column.figure = find_metric(name);
        column.place = i;
        // A metric of another version has no rule.
        if (column.figure == nullptr || (wanted.is_given && !wanted.holds(name))) continue;
        out->columns[out->count++] = column;
    }
}

bool is_wanted(std::string_view path, const name_list& wanted) {
    if (path == current_segment_attribute) return false;
    if (!wanted.is_given) return true;
    for (int i = 0; i < wanted.count; ++i)
        if (is_path(path, wanted.text_of(i))) return true;
    return false;
}

void add_attribute(const sampled_attribute& a, candidates* out) {
    const std::uint32_t first = out->count - out->attributes;
    for (std::uint32_t i = first; i < out->count; ++i)
        if (out->columns[i].kind == a.kind && out->columns[i].path == a.path) return;
    if (out->attributes == most_attribute_columns)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("policy_sample has more than the limit of %u attributes",
                               most_attribute_columns),
                        errhint("Name those that may take part: attributes => '{sector}'.")));
    proposal_column column;
    column.kind = a.kind;
    column.path = a.path;
    out->columns[out->count++] = column;
    ++out->attributes;
}

void add_attributes(const policy_sample_view& sample, const name_list& wanted, candidates* out) {
    if (wanted.is_given && wanted.count == 0) return;
    for (sampled_customer r = sample.first(); r.bytes != sample.end(); r = sample.next(r)) {
        CHECK_FOR_INTERRUPTS();
        sampled_attribute a;
        for (const unsigned char* at = sample.attributes(r); sample.next_attribute(r, &at, &a);)
            if (is_wanted(a.path, wanted)) add_attribute(a, out);
    }
}

void check_attributes(const name_list& wanted, const candidates& found) {
    for (int i = 0; i < wanted.count; ++i) {
        const std::string_view name = wanted.text_of(i);
        bool there = false;
        for (std::uint32_t c = 0; c < found.count; ++c)
            there = there ||
                    (found.columns[c].figure == nullptr && is_path(found.columns[c].path, name));
        if (!there)
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("policy_sample has no attribute \"%.*s\"",
                                   static_cast<int>(name.size()), name.data()),
                            errhint("Attributes are numbers, texts, true and false; the keys of "
                                    "one inside another are joined by dots.")));
    }
}

// The texts of a column, sorted; false when there are too many, or one.
bool find_categories(const training& t, proposal_column* column) {
    category_list found;
    std::string_view text;
    for (std::uint32_t i = 0; i < t.set.rows && !found.is_full; ++i)
        if (text_in(t.sample, t.records[i], *column, &text)) found.add(text);
    if (found.is_full) return false;
    found.sort();
    std::string_view* texts = allocate<std::string_view>(found.count + std::size_t{1});
    for (std::uint32_t i = 0; i < found.count; ++i) texts[i] = found.texts[i];
    column->categories = texts;
    return true;
}

// What the rows have in a column, as numbers.
std::uint32_t read_keys(const training& t, const proposal_column& column, keyed_row* out) {
    const bool is_text = column.figure == nullptr && column.kind == attribute_kind::text;
    std::uint32_t known = 0;
    for (std::uint32_t row = 0; row < t.set.rows; ++row) {
        double key;
        std::string_view text;
        if (!is_text && number_in(t.sample, t.records[row], column, &key))
            out[known++] = {key, row};
        if (is_text && text_in(t.sample, t.records[row], column, &text)) {
            std::uint32_t code = 0;
            while (column.categories[code] != text) ++code;
            out[known++] = {static_cast<double>(code), row};
        }
    }
    return known;
}

// False when the column divides nobody.
bool fill(const training& t, proposal_column* column, keyed_row* keys, training_column* out) {
    const bool is_text = column->figure == nullptr && column->kind == attribute_kind::text;
    if (is_text && !find_categories(t, column)) return false;
    const std::uint32_t known = read_keys(t, *column, keys);
    const std::uint32_t distinct = sort_rows(keys, known);
    if (known == 0 || (distinct < 2 && known == t.set.rows)) return false;
    *out = empty_column(*column);
    std::uint32_t* code = allocate<std::uint32_t>(t.set.rows);
    std::uint32_t* order = allocate<std::uint32_t>(t.set.rows);
    double* values = allocate<double>(distinct);
    fill_column(keys, known, t.set.rows, code, order, values);
    out->distinct = distinct;
    out->values = values;
    out->code = code;
    out->order = order;
    return true;
}

// Codes of booleans are the truth itself; fill_column has numbered what there is.
void number_booleans(const proposal_column& column, std::uint32_t rows, training_column* data) {
    if (column.figure != nullptr || column.kind != attribute_kind::boolean || data->distinct == 2)
        return;
    std::uint32_t* code = const_cast<std::uint32_t*>(data->code);
    for (std::uint32_t row = 0; row < rows; ++row)
        if (code[row] != no_code) code[row] = data->values[0] != 0;
}

candidates find_candidates(const policy_sample_view& sample, const proposal_options& options) {
    candidates found = {allocate<proposal_column>(sample.figures() + most_attribute_columns), 0, 0};
    add_figures(sample, options.metrics, &found);
    add_attributes(sample, options.attributes, &found);
    check_attributes(options.attributes, found);
    sort_values(found.columns, found.count, by_name());
    return found;
}

void read_outcomes(training* t) {
    double* outcomes = allocate<double>(t->set.rows);
    for (std::uint32_t row = 0; row < t->set.rows; ++row) outcomes[row] = t->records[row].outcome();
    std::int64_t* fixed = allocate<std::int64_t>(t->set.rows);
    t->scale = fix_outcomes(outcomes, t->set.rows, fixed);
    t->set.outcome = fixed;
}

}  // namespace

bool is_path(std::string_view path, std::string_view joined) {
    if (path.size() != joined.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i)
        if ((path[i] == '\0' ? '.' : path[i]) != joined[i]) return false;
    return true;
}

std::uint32_t figure_place(const policy_sample_view& sample, std::string_view name) {
    std::string_view names = sample.names();
    for (std::uint32_t i = 0; i < sample.figures(); ++i)
        if (take_name(&names) == name) return i;
    return no_column;
}

training make_training(const policy_sample_view& sample, const proposal_options& options) {
    training t = {};
    t.sample = sample;
    t.records = list_records(sample);
    t.set.rows = sample.customers();
    const candidates found = find_candidates(sample, options);
    // A code, a place in two orders, and at most a value.
    constexpr double bytes_a_cell = 3 * sizeof(std::uint32_t) + sizeof(double);
    require_work_memory(
        bytes_a_cell * t.set.rows * (found.count + 3.0),
        psprintf("a proposal from %u customers with %u figures", t.set.rows, found.count));
    read_outcomes(&t);
    training_column* columns = allocate<training_column>(found.count + std::size_t{1});
    keyed_row* keys = allocate<keyed_row>(t.set.rows);
    for (std::uint32_t i = 0; i < found.count; ++i) {
        CHECK_FOR_INTERRUPTS();
        if (!fill(t, &found.columns[i], keys, &columns[t.set.column_count])) continue;
        number_booleans(found.columns[i], t.set.rows, &columns[t.set.column_count]);
        found.columns[t.set.column_count++] = found.columns[i];
    }
    t.columns = found.columns;
    t.set.columns = columns;
    return t;
}

}  // namespace receivables
