#include "core/experiment/arm.hpp"

#include "core/experiment/sample.hpp"

namespace receivables {

namespace {

constexpr std::int64_t whole = 1'000'000'000'000'000;  // 10^share_decimals

}  // namespace

bool arm_shares::read(const json_document& document, status* s) noexcept {
    const json_value root = document.root();
    count_ = 0;
    if (document.kind(root) != json_kind::array || document.first(root) == document.past(root))
        return s->fail(error_code::invalid_parameter, "shares are an array of one arm or more") ||
               s->with_hint(
                   "For instance [{\"arm\": \"as now\", \"share\": 0.5}, "
                   "{\"arm\": \"earlier\", \"share\": 0.5}].");
    for (json_value e = document.first(root); e != document.past(root); e = document.next(e)) {
        if (count_ == most_arms)
            return document.fail(e, error_code::invalid_parameter, s, "more than %zu arms",
                                 most_arms);
        if (!read_arm(document, e, s)) {
            s->code = error_code::invalid_parameter;
            return false;
        }
    }
    return true;
}

bool arm_shares::read_arm(const json_document& document, json_value v, status* s) noexcept {
    constexpr std::string_view keys[] = {"arm", "share"};
    json_value name, share;
    stretch& next = stretches_[count_];
    decimal written;
    int128 units;
    if (!document.expect_object(v, keys, 2, s) || !document.require(v, keys[0], &name, s) ||
        !document.require(v, keys[1], &share, s) || !document.read_string(name, &next.arm, s) ||
        !document.read_decimal(share, &written, s))
        return false;
    if (next.arm.empty() || next.arm.size() > most_arm_bytes)
        return document.fail(name, error_code::invalid_parameter, s,
                             "the name of an arm has 1 to %zu bytes, not %zu", most_arm_bytes,
                             next.arm.size());
    for (std::size_t i = 0; i < count_; ++i)
        if (stretches_[i].arm == next.arm)
            return document.fail(name, error_code::invalid_parameter, s, "an arm is named twice");
    if (written.scale > share_decimals ||
        !rescale(written.units, written.scale, share_decimals, &units) || units <= 0)
        return document.fail(share, error_code::invalid_parameter, s,
                             "a share is above 0 and has at most %d decimals", share_decimals);
    const std::int64_t begin = count_ == 0 ? 0 : stretches_[count_ - 1].end;
    if (units > whole - begin)
        return document.fail(share, error_code::invalid_parameter, s,
                             "the shares are above 1 together");
    next.end = begin + static_cast<std::int64_t>(units);
    ++count_;
    return true;
}

bool arm_shares::find(std::uint64_t point, std::string_view* arm) const noexcept {
    const int128 place = int128{point} * whole;
    for (std::size_t i = 0; i < count_; ++i)
        if (place < int128{stretches_[i].end} << point_bits) {
            *arm = stretches_[i].arm;
            return true;
        }
    return false;
}

}  // namespace receivables
