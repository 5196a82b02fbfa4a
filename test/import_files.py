"""Writes CSV files of many makes and what the import must make of them: N.csv, N.expected for N from 1 to COUNT.

usage: import_files.py FOLDER COUNT

N.expected: a JSON array for each invoice (line, customer, dates, amount, open amount; in cents), then
the number of rows left out and of rows rejected. The forms are put together here from values that are
known; nothing is parsed.
"""
import datetime
import json
import random
import sys

HEADERS = [
    'Customer|Invoice No.|Invoice Date|Due Date|Paid Date|Amount|Balance|Status|Currency',
    'customer_id|invoice_number|invoice_date|due_date|settled_date|total|amount_due|invoice_status|currency_code',
    'Kunde|Rechnungsnummer|Rechnungsdatum|Fälligkeit|Bezahlt am|Betrag|Offener Betrag|Status|Währung',
    'Nom client|N° facture|Date facture|Date d\'échéance|Date de règlement|Montant TTC|Reste à payer|Statut'
    '|Devise',
    'Klant|Factuurnummer|Factuurdatum|Vervaldatum|Betaald op|Bedrag (EUR)|Openstaand bedrag|Status|Valuta',
    'Cliente|Nº factura|Fecha factura|Fecha de vencimiento|Fecha de pago|Importe|Saldo pendiente|Estado|Moneda',
    'Cliente|Numero fattura|Data fattura|Data scadenza|Data pagamento|Importo|Importo residuo|Stato|Valuta',
]
MONTHS = [
    'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
    'January February March April May June July August September October November December',
    'Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.',
    'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.',
    'jan feb mrt apr mei jun jul aug sep okt nov dec',
    'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
    'gen feb mar apr mag giu lug ago set ott nov dic',
]
NAMES = ['Müller & Söhne', 'Pipe 5" Ltd', 'TV 24" shop', 'Smith, Jones', 'A; B; C', 'O\'Brien', 'Null',
         'NA', 'Total Energies', 'Two\nLines', 'Café "Paris"',
         'Back\\slash', 'x', '007', '"Quoted" first', 'Tab\there', 'Semi;colon, "both"']
NONE_DATES = ['1900-01-01', '1970-01-01', '1753-01-01', '0001-01-01', '1899-12-30', '9999-12-31']
EPOCH = datetime.date(1899, 12, 30)


def date_forms(rng):
    months = rng.choice(MONTHS).split()
    return [
        lambda d: d.isoformat(),
        lambda d: d.isoformat() + ' 00:00:00.000',
        lambda d: d.isoformat() + 'T23:30:00+02:00',
        lambda d: d.isoformat().replace('-', ''),
        lambda d: d.isoformat().replace('-', '/'),
        lambda d: f'{d.day:02}.{d.month:02}.{d.year:04}',
        lambda d: f'{d.day}. {d.month}. {d.year:04}',
        lambda d: f'{d.day:02}/{d.month:02}/{d.year:04}',
        lambda d: f'{d.month}/{d.day}/{d.year:04} 12:00 AM',
        lambda d: f'{d.day:02}-{d.month:02}-{d.year:04}',
        lambda d: f'{d.day} {months[d.month - 1]} {d.year:04}',
        lambda d: f'{months[d.month - 1]} {d.day}, {d.year:04}',
        lambda d: f'{d.day}-{months[d.month - 1]}-{d.year:04}',
        # Only for years that need no more: see write_file.
        lambda d: f'{d.month:02}/{d.day:02}/{d.year % 100:02}',
        lambda d: f'{d.day:02}.{d.month:02}.{d.year % 100:02}',
        lambda d: str((d - EPOCH).days),
    ]


def groups(digits, mark, indian):
    """The digits of a whole number with marks between thousands."""
    parts = [digits[-3:]]
    digits = digits[:-3]
    while digits:
        size = 2 if indian else 3
        parts.insert(0, digits[-size:])
        digits = digits[:-size]
    return mark.join(parts)


def amount_form(rng):
    decimal = rng.choice('.,')
    thousands = rng.choice(['', '.' if decimal == ',' else ',', ' ', '\u00a0', '\u202f', "'", '’'])
    indian = thousands == ',' and rng.random() < 0.4
    minus = rng.choice(['-{}', '{}-', '({})', '−{}'])
    currency = rng.choice(['{}', '{}', '{}', '{} €', '€{}', 'EUR {}', '{} EUR', 'EUR{}',
                           'R$ {}', 'US${}', 'CHF {}', '{} kr', '₹{}', 'Rs. {}'])

    def form(cents):
        whole, rest = divmod(abs(cents), 100)
        written = currency.format(groups(str(whole), thousands, indian) + f'{decimal}{rest:02}')
        return minus.format(written) if cents < 0 else written
    return form


def cell(rng, text, separator, quoting):
    # A quote inside an unquoted field is a character.
    if quoting == 'all' or any(c in text for c in (separator, '\n')) or text.startswith(('"', "'", ' ')):
        return '"' + text.replace('"', '""') + '"'
    if quoting == 'some' and rng.random() < 0.5:
        return '"' + text.replace('"', '""') + '"'
    return text


def write_file(rng, path):
    encoding = rng.choice(['utf-8', 'utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'cp1252'])
    separator = rng.choice(',;\t|')
    quoting = rng.choice(['all', 'some', 'least', 'least'])
    end = rng.choice(['\n', '\r\n', '\r'])
    header = rng.choice(HEADERS).split('|')
    use = [True] * 6 + [rng.random() < 0.4 for _ in range(3)]
    trailing = rng.choice([0, 0, 1, 3])
    form = rng.choice(forms := date_forms(rng))
    short_year = form in forms[-3:]
    nothing = rng.choice(['', '', 'NULL', 'n/a', '0000-00-00', '-'] + ([] if short_year else 3 * NONE_DATES))
    if nothing in NONE_DATES:
        nothing = form(datetime.date.fromisoformat(nothing))
    amount = amount_form(rng)
    lines, expected = [], []
    line = 1
    left_out = rejected = 0

    def put(cells, raw=False):
        nonlocal line
        cells = [c for c, wanted in zip(cells, use) if wanted] + [''] * trailing
        text = separator.join(cells if raw else [cell(rng, c, separator, quoting) for c in cells])
        lines.append(text)
        line += text.count('\n') + 1

    for words in rng.sample(['Open items', 'Report of 2024', ''], rng.choice([0, 0, 0, 1, 2, 3])):
        lines.append(words)
        line += 1
    put(header)
    for number in range(12):
        kind = 'plain' if number < 4 else rng.choice(
            ['plain'] * 6 + ['credit', 'part', 'blank', 'header', 'void', 'bad', 'unclosed'])
        name = rng.choice(NAMES) if number else 'First'
        invoiced = datetime.date(2023, 1, 25)
        if number:
            invoiced += datetime.timedelta(rng.randrange(400))
        due = invoiced + datetime.timedelta(rng.choice([14, 30, 60]))
        # Two invoices at least are open, so that what stands for no date comes twice.
        paid = None if number in (1, 2) or rng.random() < 0.3 else due + datetime.timedelta(rng.randrange(-10, 60))
        cents = rng.choice([rng.randrange(1, 10**4), rng.randrange(10**4, 10**9), rng.randrange(10**14, 10**15)])
        if kind == 'credit':
            cents = -cents
        rest = 0 if paid else cents
        if kind == 'part' and use[6] and cents > 1:
            rest = cents // 2
        row = [name, f'R-{number}', form(invoiced), form(due), form(paid) if paid else nothing,
               amount(cents), amount(rest), 'Open', 'EUR']
        if kind == 'blank':
            lines.append(rng.choice(['', separator * (sum(use) - 1)]))
            line += 1
        elif kind == 'header':
            put(header)
            left_out += 1
        elif kind == 'void' and use[7]:
            row[7] = rng.choice(['Void', 'Draft', 'Cancelled', 'Entwurf', 'Annulé', 'storniert', 'Geannuleerd'])
            put(row)
            left_out += 1
        elif kind == 'bad':
            row[rng.choice([3, 5])] = rng.choice(['', 'x', '12%', '31.02.2024', '1o'])
            put(row)
            rejected += 1
        elif kind == 'unclosed' and quoting == 'least':
            put(['"' + row[0].replace('"', '').replace('\n', ' ')] + row[1:], raw=True)
            rejected += 1
        else:
            paid_on = paid.isoformat() if paid and rest == 0 else None
            expected.append([line, name, invoiced.isoformat(), due.isoformat(), paid_on, cents, rest])
            put(row)
    if rng.random() < 0.3:
        put([rng.choice(['Total', 'Summe', 'Totaal']), '', '', '', '', amount(10**6), '', '', ''])
        left_out += 1
    text = '\n'.join(lines).replace('\n', end) + rng.choice(['', end])
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        data = text.encode('utf-8')
    with open(path + '.csv', 'wb') as file:
        file.write(data)
    with open(path + '.expected', 'w', encoding='utf-8') as file:
        for row in expected:
            file.write(json.dumps(row, ensure_ascii=False) + '\n')
        file.write(f'{left_out} left out, {rejected} rejected\n')


def main(folder, count):
    for number in range(1, int(count) + 1):
        # Each file by itself: a failure comes again whatever the others are.
        write_file(random.Random(number), f'{folder}/{number}')


if __name__ == '__main__':
    main(*sys.argv[1:])
