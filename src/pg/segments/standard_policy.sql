-- The standard segment policy. At risk is who has money open beyond its own habit: the habit is what nine in ten of
-- its paid invoices keep to, taken up to the next of 30, 60 and 90 days; 30 days below three paid invoices.

CREATE FUNCTION standard_segment_policy() RETURNS segment_policy
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '[
        {"segment": "at risk",         "when": "(overdue_count(90) >= 2 and net_overdue_amount(90) > 0.1 * amount_last_year or net_overdue_amount(90) > 0.3 * amount_last_year)",
                                       "stay": "net_overdue_amount(90) > 0"},
        {"segment": "at risk",         "when": "(overdue_count(60) >= 2 and net_overdue_amount(60) > 0.1 * amount_last_year or net_overdue_amount(60) > 0.3 * amount_last_year) and percentile_days_late(0.9) <= 60",
                                       "stay": "net_overdue_amount(60) > 0 and percentile_days_late(0.9) <= 70"},
        {"segment": "at risk",         "when": "(overdue_count(30) >= 2 and net_overdue_amount(30) > 0.1 * amount_last_year or net_overdue_amount(30) > 0.3 * amount_last_year) and (timed_count < 3 or percentile_days_late(0.9) <= 30)",
                                       "stay": "net_overdue_amount(30) > 0 and (timed_count < 3 or percentile_days_late(0.9) <= 40)"},
        {"segment": "at risk",         "when": "net_overdue_amount > 0 and attribute.promise.broken >= 2",
                                       "stay": "net_overdue_amount > 0 and attribute.promise.broken >= 1"},
        {"segment": "disputing",       "when": "dispute_share >= 0.5 and disputed_count >= 3",
                                       "stay": "dispute_share >= 0.4 and disputed_count >= 3"},
        {"segment": "new",             "when": "timed_count < 3"},
        {"segment": "early",           "when": "percentile_days_late(0.75) <= -7",
                                       "stay": "percentile_days_late(0.75) <= -5"},
        {"segment": "improving",       "when": "median_days_late > 3 and median_days_late - recent_median_days_late(8) >= 7 and (recent_median_days_late(8) <= 0 or median_days_late - recent_median_days_late(8) >= spread_days_late)",
                                       "stay": "median_days_late > 3 and median_days_late - recent_median_days_late(8) >= 4"},
        {"segment": "slow",            "when": "median_days_late >= 30 and late_share(3) >= 0.9",
                                       "stay": "median_days_late >= 25 and late_share(3) >= 0.85"},
        {"segment": "payment weekday", "when": "late_share(3) > 0.2 and payment_weekday(0.8, 8) is not null",
                                       "stay": "late_share(3) > 0.15 and payment_weekday(0.7, 8) is not null"},
        {"segment": "structural",      "when": "median_days_late between 2 and 14 and spread_days_late <= 3 and percentile_days_late(0.1) >= 2",
                                       "stay": "median_days_late between 1 and 16 and spread_days_late <= 5 and percentile_days_late(0.1) >= 1"},
        {"segment": "payment day",     "when": "late_share(3) > 0.2 and payment_day is not null",
                                       "stay": "late_share(3) > 0.15 and payment_day(0.5, 5) is not null"},
        {"segment": "deteriorating",   "when": "late_streak >= 3 and recent_median_days_late > 3 and recent_median_days_late - median_days_late >= 7 and recent_median_days_late - median_days_late >= spread_days_late",
                                       "stay": "recent_median_days_late > 3 and recent_median_days_late - median_days_late >= 4"},
        {"segment": "occasional",      "when": "late_share(14) >= 0.05 and late_share(3) <= 0.4",
                                       "stay": "late_share(14) >= 0.03 and late_share(3) <= 0.45"},
        {"segment": "prompt",          "when": "late_share(3) <= 0.1",
                                       "stay": "late_share(3) <= 0.15"},
        {"segment": "structural",      "when": "median_days_late between 4 and 14 and spread_days_late <= 10",
                                       "stay": "median_days_late between 3 and 16 and spread_days_late <= 12"},
        {"segment": "slow",            "when": "late_share(3) >= 0.75 and spread_days_late <= 0.67 * median_days_late",
                                       "stay": "late_share(3) >= 0.65 and spread_days_late <= 0.8 * median_days_late"},
        {"segment": "occasional",      "when": "late_share(3) <= 0.4",
                                       "stay": "late_share(3) <= 0.45"},
        {"segment": "erratic"}
    ]'::segment_policy;
COMMENT ON FUNCTION standard_segment_policy() IS
    'the policy to start with: at risk, disputing, new, early, improving, slow, payment weekday, structural, payment day, deteriorating, occasional, prompt, erratic; late means more than 3 days late; a looser stay for who is there already, when current_segment is passed';
