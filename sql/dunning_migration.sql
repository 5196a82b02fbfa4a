SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS receivables;
CREATE EXTENSION IF NOT EXISTS receivables SCHEMA receivables;
RESET client_min_messages;
SET search_path = receivables, public;
SET DateStyle = 'ISO, YMD';

-- Policies with the dates of other systems: the same as in doc/coming_from.md.
CREATE TEMP TABLE other_system (name text PRIMARY KEY, policy dunning_policy);
INSERT INTO other_system VALUES
    ('Tryton 5',                '{"steps": [{"level": 1, "after_days": 5}]}'),
    ('Tryton 5/20/40',
     '{"steps": [{"level": 1, "after_days": 5, "fee": 10},
                 {"level": 2, "after_days": 20, "fee_percent": 15},
                 {"level": 3, "after_days": 40}]}'),
    ('OCA net 5',               '{"steps": [{"level": 1, "after_days": 5}]}'),
    ('OCA end of month 5',      '{"steps": [{"level": 1, "after_days": 5, "end_of_month": true}]}'),
    ('OCA 10/30/10',
     '{"steps": [{"level": 1, "after_days": 10},
                 {"level": 2, "after_days": 30, "end_of_month": true},
                 {"level": 3, "after_days": 10, "from": "previous_reminder"}]}'),
    ('SAP',
     '{"steps": [{"level": 1, "after_days": 6},
                 {"level": 2, "after_days": 20},
                 {"level": 3, "after_days": 34}],
       "min_interval_days": 14}'),
    ('SAP by level',
     '{"steps": [{"level": 1, "after_days": 6},
                 {"level": 2, "after_days": 20},
                 {"level": 3, "after_days": 34}],
       "min_interval_days": 14,
       "skip_levels": true}'),
    ('Business Central',
     '{"steps": [{"level": 1, "after_days": 6},
                 {"level": 2, "after_days": 20, "from": "previous_reminder"}]}'),
    ('iDempiere 0',             '{"steps": [{"level": 1, "after_days": 1}]}'),
    ('iDempiere 5',             '{"steps": [{"level": 1, "after_days": 5}]}'),
    ('iDempiere 10/30',
     '{"steps": [{"level": 1, "after_days": 10},
                 {"level": 2, "after_days": 30, "min_interval_days": 14}]}'),
    ('iDempiere 10/30, not sequential',
     '{"steps": [{"level": 1, "after_days": 10},
                 {"level": 2, "after_days": 30, "min_interval_days": 14}],
       "skip_levels": true}'),
    ('metasfresh',
     '{"steps": [{"level": 1, "after_days": 10},
                 {"level": 2, "after_days": 20, "min_interval_days": 10}]}'),
    ('Dynamics 365',
     '{"steps": [{"level": 1, "after_days": 7},
                 {"level": 2, "after_days": 14, "from": "previous_reminder"}]}'),
    ('Lago, every hour',
     '{"steps": [{"level": 1, "after_days": 1, "repeat_every_days": 4}],
       "max_reminders": 3,
       "min_amount": 50}'),
    ('Lago, once a day',
     '{"steps": [{"level": 1, "after_days": 1, "repeat_every_days": 5}],
       "max_reminders": 3,
       "min_amount": 50}'),
    ('Kill Bill',
     '{"steps": [{"level": 1, "after_days": 15},
                 {"level": 2, "after_days": 30},
                 {"level": 3, "after_days": 45}],
       "skip_levels": true}'),
    ('Odoo',
     '{"steps": [{"level": 1, "after_days": 15},
                 {"level": 2, "after_days": 15, "from": "previous_reminder"},
                 {"level": 3,
                  "after_days": 10,
                  "from": "previous_reminder",
                  "repeat_every_days": 14}],
       "max_reminders": 10}'),
    ('Invoice Ninja',
     '{"steps": [{"level": 0, "after_days": -3},
                 {"level": 1, "after_days": 7},
                 {"level": 2, "after_days": 14, "repeat_every_days": 14}],
       "max_reminders": 12}');

-- when may an invoice due 2024-01-31 first be reminded?
SELECT name, predicate, next_reminder_date(policy, '2024-01-31', 100, NULL) AS first_date,
       next_reminder_date(policy, '2024-01-31', 100, NULL) = wanted::date AS as_there
FROM (VALUES ('Tryton 5', 'D - due >= 5', '2024-02-05'), ('OCA net 5', 'due + 5 <= D', '2024-02-05'),
             ('OCA end of month 5', 'end_of_month(due + 5) <= D', '2024-02-29'),
             ('iDempiere 0', 'days due >= 0 and days due > 0', '2024-02-01'),
             ('iDempiere 5', 'days due >= 5', '2024-02-05'), ('Business Central', 'due + 5 < D', '2024-02-06'),
             ('SAP', 'due + 5 < D', '2024-02-06')) AS b (name, predicate, wanted)
JOIN other_system USING (name);

-- their predicates in SQL, for every due date and every day of two years
SELECT name, count(*) AS days, count(*) FILTER (WHERE is_reminder_due(policy, due, 100, due + n) <> predicate) AS other
FROM generate_series(date '2023-01-01', '2024-12-31', '1 day') AS g (at), generate_series(-3, 70) AS n,
    LATERAL (SELECT at::date AS due) AS i,
     LATERAL (VALUES ('Tryton 5', (due + n) - due >= 5), ('OCA net 5', due + 5 <= due + n),
                     ('OCA end of month 5', (date_trunc('month',
                         due + 5) + interval '1 month - 1 day')::date <= due + n),
                     ('iDempiere 0', n >= 0 AND n > 0), ('iDempiere 5', n >= 5),
                     ('Business Central', due + 5 < due + n), ('SAP', due + 5 < due + n),
                     ('Dynamics 365', n >= 7), ('Lago, every hour', n > 0), ('Kill Bill', due + 15 <= due + n),
                     ('Odoo', n >= 15)) AS p (name, predicate)
JOIN other_system USING (name)
GROUP BY name ORDER BY name COLLATE "C";

-- examples: what is due on a day, the level that went out last and its date given
SELECT name, what, due_level IS NOT DISTINCT FROM wanted AS as_there, due_level
FROM (VALUES
    (1, 'Tryton 5/20/40', 'due + 4', '2024-01-31', '2024-02-04', 0, NULL, 100, false, NULL),
    (2, 'Tryton 5/20/40', 'due + 5', '2024-01-31', '2024-02-05', 0, NULL, 100, false, 1),
    (3, 'Tryton 5/20/40', 'due + 30, level 1 is a draft', '2024-01-31', '2024-03-01', 0, NULL, 100, false, 1),
    (4, 'Tryton 5/20/40', 'due + 30, level 1 was sent, blocked', '2024-01-31', '2024-03-01', 1, '2024-02-05', 100,
        true, NULL),
    (5, 'Tryton 5/20/40', 'due + 30, level 1 was sent, no longer blocked', '2024-01-31', '2024-03-01', 1, '2024-02-05',
        100, false, 2),
    (6, 'Tryton 5/20/40', 'due + 30, paid', '2024-01-31', '2024-03-01', 1, '2024-02-05', 0, false, NULL),
    (7, 'Tryton 5/20/40', 'due + 50 after nothing: one level a run', '2024-01-31', '2024-03-21', 0, NULL, 100, false,
        1),
    (8, 'OCA 10/30/10', 'the day before level 1', '2024-01-15', '2024-01-24', 0, NULL, 100, false, NULL),
    (9, 'OCA 10/30/10', 'level 1', '2024-01-15', '2024-01-25', 0, NULL, 100, false, 1),
    (10, 'OCA 10/30/10', 'the day before level 2', '2024-01-15', '2024-02-28', 1, '2024-01-25', 100, false, NULL),
    (11, 'OCA 10/30/10', 'level 2', '2024-01-15', '2024-02-29', 1, '2024-01-25', 100, false, 2),
    (12, 'OCA 10/30/10', 'nine days after level 2', '2024-01-15', '2024-03-13', 2, '2024-03-04', 100, false, NULL),
    (13, 'OCA 10/30/10', 'ten days after level 2', '2024-01-15', '2024-03-14', 2, '2024-03-04', 100, false, 3),
    (14, 'SAP', 'interval 14, after 13 days', '2024-01-31', '2024-03-04', 1, '2024-02-20', 100, false, NULL),
    (15, 'SAP', 'interval 14, after 14 days', '2024-01-31', '2024-03-05', 1, '2024-02-20', 100, false, 2),
    (16, 'SAP by level', '40 days in arrears, nothing sent', '2024-01-31', '2024-03-11', 0, NULL, 100, false, 3),
    (17, 'Business Central', 'reminder 1 of 02-20 printed the due date 03-05; 5 days of grace', '2024-01-31',
        '2024-03-10', 1, '2024-02-20', 100, false, NULL),
    (18, 'Business Central', 'one day more', '2024-01-31', '2024-03-11', 1, '2024-02-20', 100, false, 2),
    (19, 'iDempiere 10/30', 'due today', '2024-01-31', '2024-01-31', 0, NULL, 100, false, NULL),
    (20, 'iDempiere 10/30', '40 days due, sequentially', '2024-01-31', '2024-03-11', 0, NULL, 100, false, 1),
    (21, 'iDempiere 10/30', '14 days between', '2024-01-31', '2024-03-23', 1, '2024-03-10', 100, false, NULL),
    (22, 'iDempiere 10/30', '14 days between', '2024-01-31', '2024-03-24', 1, '2024-03-10', 100, false, 2),
    (23, 'iDempiere 10/30, not sequential', '40 days due', '2024-01-31', '2024-03-11', 0, NULL, 100, false, 2),
    (24, 'metasfresh', '5 days due', '2024-01-31', '2024-02-05', 0, NULL, 100, false, NULL),
    (25, 'metasfresh', '10 days due', '2024-01-31', '2024-02-10', 0, NULL, 100, false, 1),
    (26, 'metasfresh', '11 days due', '2024-01-31', '2024-02-11', 0, NULL, 100, false, 1),
    (27, 'metasfresh', '15 days due', '2024-01-31', '2024-02-15', 0, NULL, 100, false, 1),
    (28, 'metasfresh', '15 days due, in dispute', '2024-01-31', '2024-02-15', 0, NULL, 100, true, NULL),
    (29, 'metasfresh', '15 days due, nothing open', '2024-01-31', '2024-02-15', 0, NULL, 0, false, NULL),
    (30, 'metasfresh', '-1 days due', '2024-01-31', '2024-01-30', 0, NULL, 100, false, NULL),
    (31, 'metasfresh', 'level 1 of 2012-02-01', '2012-01-10', '2012-02-05', 1, '2012-02-01', 100, false, NULL),
    (32, 'metasfresh', 'level 1 of 2012-02-01', '2012-01-10', '2012-02-11', 1, '2012-02-01', 100, false, 2),
    (33, 'metasfresh', 'level 1 of 2012-02-01', '2012-01-10', '2012-02-20', 1, '2012-02-01', 100, false, 2),
    (34, 'metasfresh', 'level 2 without level 1', '2012-01-10', '2012-02-20', 0, NULL, 100, false, 1),
    (35, 'Dynamics 365', 'letter 2, 13 days after letter 1', '2024-01-31', '2024-02-23', 1, '2024-02-10', 100, false,
        NULL),
    (36, 'Dynamics 365', 'letter 2, 14 days after letter 1', '2024-01-31', '2024-02-24', 1, '2024-02-10', 100, false,
        2),
    (37, 'Lago, every hour', 'now > last + 4 days, the hours count', '2024-01-31', '2024-02-05', 1, '2024-02-01', 100,
        false, 1),
    (38, 'Lago, once a day', 'the same hour four days later is not more than four days', '2024-01-31', '2024-02-05', 1,
        '2024-02-01', 100, false, NULL),
    (39, 'Lago, once a day', 'a day later', '2024-01-31', '2024-02-06', 1, '2024-02-01', 100, false, 1),
    (40, 'Lago, every hour', 'below the threshold', '2024-01-31', '2024-02-05', 1, '2024-02-01', 49.99, false, NULL),
    (41, 'Kill Bill', '31 days: the most severe state that is reached', '2024-01-31', '2024-03-02', 0, NULL, 100,
        false, 2),
    (42, 'Kill Bill', '14 days', '2024-01-31', '2024-02-14', 0, NULL, 100, false, NULL),
    (43, 'Odoo', 'level 2: 30 - 15 days after level 1', '2024-01-31', '2024-03-05', 1, '2024-02-20', 100, false, NULL),
    (44, 'Odoo', 'level 2: 30 - 15 days after level 1', '2024-01-31', '2024-03-06', 1, '2024-02-20', 100, false, 2),
    (45, 'Odoo', 'after the last level, every 14 days', '2024-01-31', '2024-04-03', 3, '2024-03-20', 100, false, 3),
    (46, 'Invoice Ninja', '3 days before', '2024-01-31', '2024-01-28', 0, NULL, 100, false, 0),
    (47, 'Invoice Ninja', '7 days after', '2024-01-31', '2024-02-07', 0, NULL, 100, false, 1),
    (48, 'Invoice Ninja', '8 days after, the run of the day before was missed', '2024-01-31', '2024-02-08', 0, NULL,
        100, false, 1),
    (49, 'Invoice Ninja', 'endless, 14 days after the last', '2024-01-31', '2024-03-01', 2, '2024-02-16', 100, false, 2)
) AS e (place, name, what, due, as_of, last_level, last_date, amount, blocked, wanted)
JOIN other_system USING (name),
LATERAL next_reminder(policy, due::date, amount, as_of::date, last_level => last_level,
    last_reminder_date => last_date::date,
                      reminder_count => last_level, disputed => blocked) AS r,
LATERAL (SELECT CASE WHEN status = 'scheduled' AND reminder_date <= as_of::date THEN level END AS due_level) AS d
ORDER BY place;

-- Tryton's fees: 110.00 after level 1, 125.00 after level 2
SELECT level, fee, 100.00 + sum(fee) OVER (ORDER BY level) AS owed
FROM other_system, reminder_schedule(policy, '2024-01-31', 100.00, NULL) WHERE name = 'Tryton 5/20/40' AND level <= 2;

-- the next business day, with these holidays
SELECT day, roll_date(calendar, day) = wanted AS as_there
FROM make_business_calendar('{2024-12-25,2024-12-26,2025-01-01,2025-04-18,2025-04-21}'::date[]) AS calendar,
     (VALUES (date '2024-12-21', date '2024-12-23'), ('2024-12-25', '2024-12-27'), ('2024-12-28', '2024-12-30'),
             ('2025-01-01', '2025-01-02'), ('2025-04-18', '2025-04-22')) AS d (day, wanted);
