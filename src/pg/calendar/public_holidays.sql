-- public_holidays, holiday_calendars: the calendars of QuantLib, to make business calendars from. They
-- are answered by a shared library of its own; without it the two functions raise an error, and
-- everything else works.

CREATE FUNCTION public_holidays(name text, from_date date, to_date date, OUT holiday date)
    RETURNS SETOF date
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE
    COST 10000 ROWS 100;
COMMENT ON FUNCTION public_holidays(text, date, date) IS
    'holidays of a calendar of QuantLib, from from_date to to_date, both included, ascending: the days that are no business days there and not in its weekend (see holiday_calendars); no row on NULL input or when from_date is after to_date; error 22023 for an unknown name, 22008 for a date that QuantLib does not know (before 1901, after 2199, or a year that the calendar leaves out), 0A000 without QuantLib';

CREATE FUNCTION holiday_calendars(OUT name text, OUT description text, OUT weekend integer[])
    RETURNS SETOF record
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE
    COST 100000 ROWS 100;
COMMENT ON FUNCTION holiday_calendars() IS
    'calendars that public_holidays knows: name, what QuantLib calls it, and the weekend for make_business_calendar: ISO weekdays that are never business days; error 0A000 without QuantLib';
