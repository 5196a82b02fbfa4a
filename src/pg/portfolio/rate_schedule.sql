-- rate_schedule: dated rates of interest.

CREATE TYPE rate_schedule (
    INTERNALLENGTH = VARIABLE, INPUT = rate_schedule_in, OUTPUT = rate_schedule_out,
    RECEIVE = rate_schedule_recv, SEND = rate_schedule_send, ALIGNMENT = double, STORAGE = main
);
COMMENT ON TYPE rate_schedule IS
    'dated rates of interest in percent a year, as {"kind": "floating", "rates": [{"from": "2024-01-01", "percent": 12.5}]}: each holds from its day until the next one''s; floating splits interest at each change, fixed_at_start keeps the rate of the day on which interest begins; 0 to 1000 percent with up to 10 decimals';
