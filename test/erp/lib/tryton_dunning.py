"""Five months of dunning runs by Tryton, day by day. Arguments: configuration file, database.

Before each run the reminders that are due by the extension are noted, after it the drafts that Tryton made.
Prints a line for each day on which they differ, then what Tryton duns though nothing of it is open in the
view, and at the end how much was compared.
"""
import functools
import os
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import psycopg2
from proteus import Model, Wizard, config

os.environ['DB_NAME'] = sys.argv[2]
session = config.set_trytond('postgresql://postgres@/' + sys.argv[2], config_file=sys.argv[1])
session._context = Model.get('res.user').get_preferences(True, {})
from trytond.transaction import Transaction  # noqa: E402, after the configuration

session.pool.get('res.user.warning').check = classmethod(lambda cls, name: False)
database = psycopg2.connect('dbname=' + sys.argv[2])
database.autocommit = True
sql = database.cursor()
sql.execute('SET search_path = public, receivables')

Dunning, Invoice, Line, Method, Level = map(Model.get, (
    'account.dunning', 'account.invoice', 'account.move.line', 'account.invoice.payment.method',
    'account.dunning.level'))
places = {}
for level in Level.find([]):
    places[level.id] = [other.id for other in level.procedure.levels].index(level.id) + 1


@functools.lru_cache(None)
def name(line_id):
    """What the view calls the line."""
    line = Line(line_id)
    documents = Invoice.find([('move', '=', line.move.id)])
    if not documents:
        return 'account.move.line,%d' % line.id
    lines = sorted((other for other in documents[0].lines_to_pay), key=lambda other: other.id)
    place = [other.id for other in lines].index(line.id) + 1
    again = documents[0].id != min(i.id for i in Invoice.find([('number', '=', documents[0].number)]))
    return (documents[0].number + (' (account.invoice,%d)' % documents[0].id if again else '')
            + ('/%d' % place if place > 1 else ''))


def view(today):
    """What is due by us, and what is open at all."""
    sql.execute('''
        SELECT invoice_id, r.level, amount > 0 AND i.attributes ->> 'name' <> 'Together'
            AND r.status = 'scheduled' AND r.reminder_date <= %s
        FROM receivables_source.item i
            LEFT JOIN receivables_source.dunning_procedure p ON p.name = i.attributes ->> 'dunning_procedure',
            next_reminder(p.policy::text::dunning_policy, due_date, open_amount, as_of => %s, last_level => last_level,
                last_reminder_date => last_reminder_date, disputed => disputed) r
        WHERE paid_date IS NULL''', (today, today))
    rows = sql.fetchall()
    return {(item, level) for item, level, due in rows if due}, {item for item, _, _ in rows}


def drafts():
    """What Tryton proposes: drafts of lines that are neither blocked nor reconciled."""
    sql.execute('''
        SELECT d.line, d.level FROM account_dunning d JOIN account_move_line l ON l.id = d.line
            JOIN party_party p ON p.id = l.party
        WHERE d.state = 'draft' AND NOT coalesce(d.blocked, false)
            AND l.reconciliation IS NULL AND p.name <> 'Together' ''')
    return {(name(line), places[level]) for line, level in sql.fetchall()}


def by_tryton(work):
    """Runs a function of Tryton's dunnings in a transaction of Tryton, as its wizards do."""
    with Transaction().start(sys.argv[2], session.user, context=session.context):
        work(session.pool.get('account.dunning'))


def process(dunnings):
    dunnings.process(dunnings.search([('state', '=', 'draft')]))


# The server's clock is not ours to set, so the day of the work is put where Tryton put today's.
def dated(today):
    sql.execute("UPDATE account_dunning SET write_date = %s WHERE state <> 'draft' AND write_date > '2025-12-31'",
                (datetime.combine(today, time(9)),))


def pay(number, today, amount):
    document, = Invoice.find([('number', '=', number), ('invoice_date', '<', date(2025, 1, 1))])
    wizard = Wizard('account.invoice.pay', [document])
    wizard.form.date, wizard.form.amount = today, Decimal(amount)
    wizard.form.payment_method, = Method.find([])
    wizard.execute('choice')
    if wizard.form_state == 'ask':
        wizard.form.type = 'partial'
        wizard.execute('pay')


def block(state):
    waiting = Dunning.find([('state', '=', 'waiting')], order=[('id', 'ASC')])
    dunnings = [d for d in waiting if d.line.party.name == 'Slow'][:3]
    for dunning in dunnings:
        dunning.blocked = state
        dunning.save()
    return len(dunnings)


today, days, compared, differing, blocked, seen, not_open = date(2024, 2, 1), 0, 0, 0, 0, set(), set()
while today <= date(2024, 7, 5):
    if today == date(2024, 4, 25):
        blocked = block(True)
        dated(today)
    if today == date(2024, 6, 5):
        block(False)
        dated(today)
    if today == date(2024, 4, 30):
        pay('27', today, 105)   # all of it
        pay('29', today, 10)    # a part: nothing changes
    # Runs are missed for a fortnight; then the levels catch up, one a run.
    if not date(2024, 5, 6) <= today <= date(2024, 5, 20):
        ours, is_open = view(today)
        by_tryton(lambda dunnings: dunnings.generate_dunnings(date=today))
        theirs = drafts()
        not_open |= {item for item, _ in theirs if item not in is_open}
        theirs = {draft for draft in theirs if draft[0] in is_open}
        days, compared, seen = days + 1, compared + len(theirs), seen | theirs
        if ours != theirs:
            differing += 1
            print(today, 'only ours', sorted(ours - theirs), 'only Tryton', sorted(theirs - ours))
        # Two days in six nobody sends what was proposed.
        if today.toordinal() % 6 > 1:
            by_tryton(process)
            dated(today)
    today += timedelta(1)
print('not open', *sorted(not_open))
states = {state: len(Dunning.find([('state', '=', state)])) for state in ('waiting', 'final')}
print('days %d, drafts %d, items and levels %d, blocked %d, final %s, differing %d' % (
    days, compared, len(seen), blocked, states['final'] > 10, differing))
