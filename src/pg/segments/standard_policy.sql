-- The standard segment policy.

CREATE FUNCTION standard_segment_policy() RETURNS segment_policy
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '[
        {"segment": "at risk",       "when": "overdue_amount(60) > 0 and overdue_amount(60) > 0.1 * amount_last_year"},
        {"segment": "disputing",     "when": "dispute_share >= 0.5 and disputed_count >= 3",
                                     "stay": "dispute_share >= 0.4 and disputed_count >= 3"},
        {"segment": "new",           "when": "timed_count < 3"},
        {"segment": "at risk",       "when": "recent_median_days_late >= 30",
                                     "stay": "recent_median_days_late >= 20"},
        {"segment": "payment day",   "when": "late_share(3) > 0.2 and payment_day is not null",
                                     "stay": "late_share(3) > 0.15 and payment_day(0.5, 5) is not null"},
        {"segment": "deteriorating", "when": "recent_median_days_late > 3 and recent_median_days_late - median_days_late >= 7 and recent_median_days_late - median_days_late >= 0.5 * spread_days_late",
                                     "stay": "recent_median_days_late > 3 and recent_median_days_late - median_days_late >= 4"},
        {"segment": "prompt",        "when": "late_share(3) <= 0.2",
                                     "stay": "late_share(3) <= 0.25"},
        {"segment": "structural",    "when": "median_days_late between 4 and 14 and spread_days_late <= 10",
                                     "stay": "median_days_late between 3 and 16 and spread_days_late <= 12"},
        {"segment": "slow",          "when": "late_share(3) >= 0.75",
                                     "stay": "late_share(3) >= 0.65"},
        {"segment": "occasional",    "when": "late_share(3) <= 0.4",
                                     "stay": "late_share(3) <= 0.45"},
        {"segment": "erratic"}
    ]'::segment_policy;
COMMENT ON FUNCTION standard_segment_policy() IS
    'the policy to start with: at risk, disputing, new, payment day, deteriorating, prompt, structural, slow, occasional, erratic; late means more than 3 days late; a looser stay for who is there already, when current_segment is passed';
