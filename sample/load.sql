-- Makes the table invoice and loads the sample into it. Run by psql in the folder of the sources:
--   \i sample/load.sql
CREATE TABLE invoice (
    invoice_number text,
    account text,                   -- the customer's number
    customer text,                  -- and its name
    invoice_date date,
    due_date date,
    paid_date date,
    amount numeric(12, 2),
    open_amount numeric(12, 2),
    settled_by text,
    disputed boolean,
    disputed_from date,
    disputed_until date,
    written_off_on date,
    credited_invoice text,
    nettable boolean
);
\copy invoice FROM 'sample/invoices.csv' (FORMAT csv, HEADER)
