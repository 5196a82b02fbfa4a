# What every source view must be, checked in the same way for each ERP. Sourced after tap.sh. The tests
# leave in the database:
#   expected_item               the rows that the hand-made documents must give, written by hand
#   document_total              view (document, total, residual): as the ERP keeps them, by item number without /2
#   open_on(day)                what was open on that day, added up from the ERP's own tables
# shellcheck shell=bash

# A view that takes the wrong way through its tables does not hold up the suite.
export PGOPTIONS="$PGOPTIONS -c statement_timeout=60s"

# same NAME SQL: the query lists what is wrong; nothing is right.
same() { is "$1" "" "$(ask "$2")"; }

# facts_of CUSTOMER: its attributes, and the currency of its items where there is one, each on a line.
facts_of() {
    ask "
        SELECT DISTINCT format('%s = %s', fact.key, fact.value)
        FROM receivables_source.item AS i,
            jsonb_each(attributes || jsonb_strip_nulls(
                jsonb_build_object('currency', to_jsonb(i) -> 'currency'))) AS fact
        WHERE customer_id = '$1'
        ORDER BY 1"
}

# contract VIEW
contract() {
    same 'the columns that a source must have are there, with their types' "
        SELECT 'wrong or missing: ' || c.name FROM (VALUES ('customer_id', 'text'), ('invoice_id', 'text'),
            ('invoice_date', 'date'), ('due_date', 'date'), ('paid_date', 'date'), ('amount', 'numeric'),
            ('open_amount', 'numeric')) AS c (name, type)
        WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '$1'::regclass AND attname = c.name
                          AND atttypid = c.type::regtype)"
    same 'every other column is an optional one of a source, with its type' "
        SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = '$1'::regclass AND attnum > 7 AND (attname, format_type(atttypid, atttypmod)) NOT IN (VALUES
            ('currency', 'text'), ('disputed', 'boolean'), ('was_disputed', 'boolean'), ('settled_by', 'text'),
            ('attributes', 'jsonb'), ('last_level', 'integer'), ('last_reminder_date', 'date'), ('not_before', 'date'),
            ('promised_date', 'date'), ('channel', 'text'), ('nettable', 'boolean'), ('customer_name', 'text'))"
    same 'the view and its columns are commented' "
        SELECT 'no comment: ' || a.attname FROM pg_attribute AS a
        WHERE a.attrelid = '$1'::regclass AND a.attnum > 0 AND col_description(a.attrelid, a.attnum) IS NULL
        UNION ALL SELECT 'no comment' WHERE obj_description('$1'::regclass) IS NULL"
    is 'the view reads with the rights of who asks' '{security_invoker=true}' \
        "$(ask "SELECT reloptions FROM pg_class WHERE oid = '$1'::regclass")"
}

# expected NAME VIEW: the rows of the hand-made documents, both ways.
expected() {
    local columns='customer_id, invoice_id, invoice_date, due_date, paid_date, amount, open_amount'
    columns+=', disputed, settled_by'
    same "$1" "
        (SELECT 'too much: ', $columns FROM $2 EXCEPT ALL SELECT 'too much: ', $columns FROM expected_item)
        UNION ALL
        (SELECT 'missing: ', $columns FROM expected_item EXCEPT ALL SELECT 'missing: ', $columns FROM $2)"
}

# rules VIEW: what holds over any number of documents.
rules() {
    run -c 'ANALYZE'
    # What was settled beyond the total is an item of its own, a part of the residual but not of the total.
    local items="(SELECT regexp_replace(invoice_id, '/([0-9]{1,2}|overpaid)\$', '') AS document,
                         sum(amount) FILTER (WHERE invoice_id NOT LIKE '%/overpaid') AS amount,
                         sum(open_amount) AS open_amount FROM $1 GROUP BY 1)"
    local documents
    documents=$(ask 'SELECT count(*) FROM document_total')
    same "the amounts of a document add up to its total, the open ones to its residual ($documents documents)" "
        SELECT document, d.total, i.amount, d.residual, i.open_amount
        FROM document_total AS d
        LEFT JOIN $items AS i USING (document)
        WHERE (coalesce(i.amount, 0), coalesce(i.open_amount, 0)) <> (d.total, d.residual)
        LIMIT 5"
    # An open row that says credit is a credit note; another one below 0 is money on account.
    same 'a row is either settled, then nothing of it is open, or open as a whole' "
        SELECT invoice_id, paid_date, amount, open_amount, settled_by
        FROM $1
        WHERE CASE
                WHEN paid_date IS NOT NULL THEN settled_by IS NULL
                ELSE settled_by IS NOT NULL AND NOT (settled_by = 'credit' AND amount < 0)
            END
            OR open_amount <> CASE WHEN paid_date IS NULL THEN amount ELSE 0 END
            OR settled_by NOT IN ('payment', 'credit', 'write_off')
            OR amount = 0
        LIMIT 5"
    same 'the number of an item is unique among the open ones' "
        SELECT invoice_id, count(*)
        FROM $1
        WHERE paid_date IS NULL AND invoice_id NOT LIKE '%/overpaid'
        GROUP BY 1
        HAVING count(*) > 1
        LIMIT 5"
    same 'read on an earlier day, the view says what was open then' "
        SELECT day, open_on(day), open_amount
        FROM (SELECT day::date, (SELECT coalesce(sum(amount), 0) FROM $1
                                 WHERE invoice_date <= day AND (paid_date IS NULL OR paid_date > day)) AS open_amount
              FROM generate_series(date '2024-03-15', date '2025-09-15', interval '3 months') AS day) AS then_open
        WHERE open_on(day) <> open_amount"
}

# speed VIEW ROWS: reads at least so many rows, and says how long it took (some tenths of a second on an idle
# machine); only a plan that never ends, beyond statement_timeout, fails.
speed() {
    local plan rows milliseconds
    rows=$(ask "SELECT count(*) FROM $1")
    plan=$(ask "EXPLAIN (ANALYZE, TIMING OFF) SELECT sum(amount), count(invoice_id), count(attributes) FROM $1")
    milliseconds=$(sed -n 's/^Execution Time: \([0-9]*\).*/\1/p' <<<"$plan")
    ok "$rows items, all columns that cost something, in $milliseconds ms: more than $2" \
        "$((rows > $2 ? 0 : 1))"
}

# at_work VIEW CUSTOMER PROFILE: profiles and reminders come out of the view. PROFILE is timed_count,
# median_days_late and open_amount of that customer of the hand-made documents.
at_work() {
    local profile="payment_profile(invoice_date, due_date, paid_date, amount, disputed OR settled_by <> 'payment')"
    is 'a profile over the hand-made documents' "$3" "$(ask "
        SET search_path = public, receivables;
        SELECT timed_count(p), median_days_late(p), open_amount(p)
        FROM (SELECT $profile AS p FROM $1 WHERE customer_id = '$2') AS c")"
    same 'profiles of all customers hold every item, and their sums' "SET search_path = public, receivables;
        SELECT customer_id FROM (SELECT customer_id, $profile AS p, count(*) AS items, sum(amount) AS amount,
                                        sum(open_amount) AS open_amount FROM $1 GROUP BY customer_id) AS c
        WHERE (item_count(p), total_amount(p), coalesce(open_amount(p), 0)) <> (items, amount, open_amount)"
    same 'a reminder of every open item says when or why not' "SET search_path = public, receivables;
        SELECT invoice_id, open_amount, status, reminder_date
        FROM $1, next_reminder(standard_dunning_policy(), due_date, open_amount, '2025-12-31', disputed => disputed,
                               last_level => last_level, last_reminder_date => last_reminder_date)
        WHERE paid_date IS NULL
              AND CASE WHEN open_amount <= 0 THEN status <> 'settled'
                       WHEN disputed THEN status <> 'on_hold' OR reminder_date IS NOT NULL
                       ELSE status NOT IN ('scheduled', 'below_minimum', 'review', 'final')
                            OR (status = 'scheduled') <> (reminder_date IS NOT NULL)
                            OR reminder_date < due_date END
        LIMIT 5"
}
