"""Documents for the test of the Tryton view, posted through Tryton itself. Arguments: configuration file, database.

Prints what a person would note down: the name of each case and the number Tryton gave its invoice.
"""
import os
import sys
from datetime import date, timedelta
from decimal import Decimal

from proteus import Model, Wizard, config

# Before the modules below are loaded, which look at both.
os.environ['DB_NAME'] = sys.argv[2]
session = config.set_trytond('postgresql://postgres@/' + sys.argv[2], config_file=sys.argv[1])
from trytond.modules.account.tests.tools import (
    create_chart, create_fiscalyear, get_accounts)
from trytond.modules.account_invoice.tests.tools import (
    set_fiscalyear_invoice_sequences)
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.modules.currency.tests.tools import get_currency


def day(text):
    return text if isinstance(text, date) else date.fromisoformat('2024-' + text)


# --- the company ------------------------------------------------------------------------------------

euro, dollar = get_currency('EUR'), get_currency('USD')
for currency, since, rate in ((euro, '01-01', '1.0'), (dollar, '01-01', '1.1'), (dollar, '03-01', '1.25')):
    line = currency.rates.new()
    line.date, line.rate = day(since), Decimal(rate)
for currency in (euro, dollar):
    for rate in [r for r in currency.rates if r.date < day('01-01')]:
        currency.rates.remove(rate)
    currency.save()
create_company(currency=euro)
company = get_company()
# It is 31 March 2024, whatever the clock says.
session.pool.get('ir.date').today = classmethod(lambda cls, timezone=None: day('03-31'))
# Somebody answers yes to all warnings: of documents with dates in the past, for one.
session.pool.get('res.user.warning').check = classmethod(lambda cls, name: False)
for year in (2024, 2025):
    fiscal = set_fiscalyear_invoice_sequences(create_fiscalyear(company, today=date(year, 1, 1)))
    fiscal.click('create_period')
create_chart(company)
accounts = get_accounts(company)
company.cancel_invoice_out = True
company.save()

Journal = Model.get('account.journal')
cash_journal, = Journal.find([('type', '=', 'cash')])
revenue_journal, = Journal.find([('type', '=', 'revenue')])
Method = Model.get('account.invoice.payment.method')
cash = Method(name='Cash', journal=cash_journal, credit_account=accounts['cash'], debit_account=accounts['cash'])
cash.save()
Sequence = Model.get('ir.sequence')
journal_sequence, = Sequence.find([('sequence_type.name', '=', 'Account Journal')], limit=1)
write_off_journal = Journal(name='Write-off', type='write-off', sequence=journal_sequence)
write_off_journal.save()
WriteOff = Model.get('account.move.reconcile.write_off')
write_off = WriteOff(name='Small differences', journal=write_off_journal, credit_account=accounts['revenue'],
                     debit_account=accounts['expense'])
write_off.save()


def payment_term(name, *days):
    term = Model.get('account.invoice.payment_term')(name=name)
    for index, offset in enumerate(days):
        if index + 1 == len(days):
            line = term.lines.new(type='remainder')
        else:
            line = term.lines.new(type='percent_on_total', ratio=(Decimal(1) / len(days)).quantize(Decimal('.0001')))
        line.relativedeltas.new(days=offset)
    term.save()
    return term


net30 = payment_term('30 days', 30)
halves = payment_term('30 and 60 days', 30, 60)

Procedure = Model.get('account.dunning.procedure')


def procedure(name, *overdue):
    result = Procedure(name=name)
    for index, interval in enumerate(overdue):
        level = result.levels.new()
        level.sequence, level.overdue = 10 * (index + 1), interval
    result.save()
    return result


usual = procedure('usual', timedelta(5), timedelta(20), timedelta(40))
quick = procedure('quick', timedelta(0), timedelta(hours=36))
Configuration = Model.get('account.configuration')
configuration = Configuration(1)
configuration.default_dunning_procedure = usual
configuration.save()

# --- what happens in it -----------------------------------------------------------------------------

Party, Invoice, Move, Line = map(Model.get, ('party.party', 'account.invoice', 'account.move', 'account.move.line'))
parties = {}


def customer(name, **values):
    if name not in parties:
        parties[name] = Party(name=name, **values)
        parties[name].addresses.new()
        parties[name].save()
    return parties[name]


def invoice(case, who, when, amount, term=net30, currency=euro, post=True):
    document = Invoice(party=customer(who), invoice_date=when if isinstance(when, date) else day(when),
                       payment_term=term, currency=currency)
    line = document.lines.new()
    line.account, line.quantity, line.unit_price = accounts['revenue'], 1 if amount > 0 else -1, abs(Decimal(amount))
    document.save()
    if post:
        document.click('post')
        print(case, document.number)
    return document


def pay(document, when, amount, currency=None, rest='partial'):
    wizard = Wizard('account.invoice.pay', [document])
    wizard.form.date, wizard.form.payment_method = day(when), cash
    wizard.form.amount, wizard.form.currency = Decimal(amount), currency or euro
    wizard.execute('choice')
    if wizard.form_state == 'ask':
        wizard.form.type = rest
        if rest == 'writeoff':
            wizard.form.writeoff = write_off
        wizard.execute('pay')
    document.reload()


def link(credit_note, document):
    """The credit note pays a part of the invoice."""
    line, = receivable(credit_note.move)
    document.payment_lines.append(Line(line.id))
    document.save()


def receivable(move):
    return [line for line in move.lines if line.account == accounts['receivable']]


def entry(journal, when, who, debit=0, credit=0, due=None, other='cash', post=True):
    """A journal entry on the customer's account."""
    period, = Model.get('account.period').find([('start_date', '<=', day(when)), ('end_date', '>=', day(when))])
    move = Move(journal=journal, period=period)
    move.date = day(when)
    line = move.lines.new()
    line.account, line.party, line.maturity_date = accounts['receivable'], customer(who), due and day(due)
    line.debit, line.credit = Decimal(debit), Decimal(credit)
    line = move.lines.new()
    line.account, line.debit, line.credit = accounts[other], Decimal(credit), Decimal(debit)
    move.save()
    if post:
        move.click('post')
    return receivable(move)[0]


def reconcile(*lines):
    Wizard('account.move.reconcile_lines', [Line(line.id) for line in lines])


opening = entry(revenue_journal, '01-05', 'Opening', debit=260, due='02-04', other='revenue')
print('opening', opening.move.post_number)
entry(revenue_journal, '01-06', 'Opening', debit=999, due='02-05', other='revenue', post=False)

paid = invoice('paid', 'Paid', '01-10', 100)
pay(paid, '02-12', 100)
part = invoice('part', 'Part', '01-15', 200)
pay(part, '02-20', 50)
pay(part, '03-05', 30)
parts = invoice('parts', 'Part', '01-16', 300)
pay(parts, '02-01', 100)
pay(parts, '03-20', 200)
halved = invoice('halved', 'Instalments', '01-20', 1000, halves)
pay(halved, '02-15', 300)
pay(halved, '03-01', 400)
exact = invoice('exact', 'Instalments', '01-22', 600, halves)
pay(exact, '02-25', 300)
refunded = invoice('refunded', 'Credits', '01-25', 150)
reduced = invoice('reduced', 'Credits', '01-26', 400)
lowered = invoice('lowered', 'Credits', '01-27', 500)
wizard = Wizard('account.invoice.credit', [refunded])
wizard.form.with_refund, wizard.form.invoice_date = True, day('01-28')
wizard.execute('credit')
print('refund', Invoice.find([('number', '!=', None)], order=[('id', 'DESC')], limit=1)[0].number)

rounded = invoice('rounded', 'Write-off', '02-01', 120)
pay(rounded, '03-02', 118, rest='writeoff')
dollars = invoice('dollars', 'Abroad', '02-02', 220, currency=dollar)
pay(dollars, '03-04', 110, currency=dollar)
loss = invoice('loss', 'Abroad', '02-03', 110, currency=dollar)
pay(loss, '03-06', 110, currency=dollar, rest='writeoff')
gain = invoice('gain', 'Abroad', '02-04', 110, currency=dollar)
reconcile(receivable(gain.move)[0], entry(cash_journal, '03-07', 'Abroad', credit=110),
          entry(write_off_journal, '03-07', 'Abroad', debit=10, other='revenue'))
over = invoice('over', 'Overpaid', '02-05', 80)
pay(over, '03-05', 100, rest='overpayment')
credit = invoice('credit', 'Open credit', '02-05', -45)
grouped, waiting = [], []
for when in ('02-06', '02-07'):
    grouped.append(invoice('grouped', 'Grouped', when, 70 if len(grouped) else 50))
    waiting.append(invoice('together', 'Together', when, 30 if len(waiting) else 40))
bounced = invoice('bounced', 'Bounced', '02-08', 90)
pay(bounced, '03-08', 40)
payment, = bounced.payment_lines
Wizard('account.move.cancel', [payment.move]).execute('cancel')
payout = invoice('payout', 'Paid out', '02-09', -60)
pay(payout, '03-09', -60)
reducing = invoice('reducing', 'Credits', '02-15', -80)
link(reducing, reduced)
pay(reduced, '03-01', 320)
lowering = invoice('lowering', 'Credits', '02-18', -100)
link(lowering, lowered)
mistake = invoice('mistake', 'Mistake', '02-19', 33)
mistake.click('cancel')
invoice('draft', 'Draft', '02-20', 10, post=False)
entry(cash_journal, '02-21', 'On account', credit=25)

for documents in (grouped, waiting):
    lines = [Line(receivable(document.move)[0].id) for document in documents]
    wizard = Wizard('account.move.line.group', lines)
    wizard.form.journal = cash_journal
    wizard.execute('group')
group, = Line.find([('party', '=', parties['Grouped'].id), ('reconciliation', '=', None),
                    ('account', '=', accounts['receivable'].id)])
reconcile(group, entry(cash_journal, '04-01', 'Grouped', credit=120))

# For the dunning runs: nobody pays in time, some have the quick procedure.
customer('Slow')
customer('Quick', dunning_procedure=quick)
for offset in range(0, 84):
    when = date(2024, 3, 1) + timedelta(offset)
    if offset % 5 == 0:
        invoice('slow', 'Slow', when, 100 + offset, halves if offset % 3 == 0 else net30)
    if offset % 7 == 1:
        invoice('quick', 'Quick', when, 200 + offset)
invoice('next year', 'Next year', date(2025, 1, 2), 77)

# What comes back, is kept or moved. A year later, when no dunning runs.


def later(text):
    return date.fromisoformat('2025-' + text)


returned = invoice('returned', 'Returned', later('01-10'), 100)
pay(returned, later('02-05'), 100)
first, = Line.find([('party', '=', parties['Returned'].id), ('credit', '=', 100)])
first.reconciliation.delete()
Wizard('account.move.cancel', [Move(first.move.id)]).execute('cancel')
returned.reload()
# Who corrects it takes the payment off the invoice.
Invoice._proxy.write([returned.id], {'payment_lines': [('remove', [first.id])]}, session.context)
returned.reload()
pay(returned, later('03-30'), 100)
there = invoice('there and back', 'Returned', later('01-11'), 90)
reconcile(receivable(there.move)[0], entry(cash_journal, later('02-06'), 'Returned', credit=90),
          entry(cash_journal, later('02-20'), 'Returned', debit=90),
          entry(cash_journal, later('03-31'), 'Returned', credit=90))
till = invoice('till', 'Till', later('01-12'), 40)
reconcile(receivable(till.move)[0], entry(cash_journal, later('01-12'), 'Till', credit=50),
          entry(cash_journal, later('01-12'), 'Till', debit=10))
fee = invoice('fee', 'Fee', later('01-13'), 1000)
kept = entry(cash_journal, later('02-12'), 'Fee', credit=1000, post=False)
move = Move(kept.move.id)
bank, = [line for line in move.lines if line.account == accounts['cash']]
bank.debit = Decimal(990)
line = move.lines.new()
line.account, line.debit, line.credit = accounts['expense'], Decimal(10), Decimal(0)
move.save()
move.click('post')
reconcile(receivable(fee.move)[0], kept)
advance = entry(cash_journal, later('01-05'), 'Advance', credit=60)
ordered = invoice('advance', 'Advance', later('01-20'), 100, halves)
ordered.payment_lines.append(Line(advance.id))
ordered.save()
moved = invoice('moved', 'Moved', later('01-21'), 100, halves)
line = min(receivable(moved.move), key=lambda line: line.maturity_date)
line = Line(line.id)
line.maturity_date = later('07-01')
line.save()
unsure = invoice('unsure', 'Unsure', later('01-24'), 25)
reconcile(receivable(unsure.move)[0], entry(cash_journal, later('02-03'), 'Unsure', credit=25, post=False))
