"""Whatever may be changed within a run acts on what customers do, is shown, or is refused."""

from collections.abc import Iterator
from itertools import product

import pytest
from test_every_number_matters import done, done_in_the_loud_world, loud_world
from worlds import ENGINES

from simsuite.engines.checked import tables_that_change
from simsuite.engines.things import bounds_of
from simsuite.errors import UsageError
from simsuite.rules.mechanism import Record, Variable
from simsuite.scenario.pack import pack

SHOWN_ONLY = {  # what is counted, and read by results alone
    "customers.orders",
    "relations.orders",
    "relations.cart_since",
    "channels.counts_carts",
    "stock.sold",
    "stock.received",
    "stock.vanished",
}
TOGETHER_OR_LATER = {  # yesterday's board, which few read; what a desk has counted, which acts where somebody came
    "board.price",
    "board.promotion",
    "desks.waited",
    "desks.arrivals",
}
EARLY, AMID_A_WEEK = 1, 12
TABLES = tables_that_change(pack(loud_world()))


def other_values(record: Record, variable: Variable, value) -> Iterator:
    """Values that might matter, the likeliest first."""
    if isinstance(variable.kind, tuple):
        yield [3.0 * number + 1.0 for number in value]
    elif variable.kind is bool:
        yield not value
    else:
        least, most = bounds_of(record, variable)
        for wanted in (2 * value + 1, 0.5 * value, value - 1, min(1.0, value + 0.3)):
            yield variable.kind(min(max(wanted, least), most))


def acts(what: str, name: str, day: int, choice: int) -> bool:
    """Whether one other value, for all that the table holds, changes what customers do under either strategy."""
    record, sizes = TABLES[what]
    variable = next(each for each in record.variables if each.name == name)
    for strategy in loud_world().strategies:
        tables = pack(loud_world())
        engine = ENGINES["batch"](tables, strategy, keep_events=True)
        engine.run(day)
        rows = getattr(engine, what) if what in ("customers", "relations") else engine.tables[what]
        for place in product(*map(range, sizes or (1,))):
            value = [*other_values(record, variable, rows[place][name])][choice]
            engine.set(what, place if len(place) > 1 else place[0], **{name: value})
        engine.run(tables.days)
        if done(engine.result()) != done_in_the_loud_world(strategy):
            return True
    return False


def outcome_of(what: str, variable: Variable) -> str:
    """acts, refused or idle."""
    refused = 0
    choices = (
        1 if variable.kind is bool or isinstance(variable.kind, tuple) or f"{what}.{variable.name}" in SHOWN_ONLY else 4
    )
    for day, choice in product((EARLY, AMID_A_WEEK), range(choices)):
        try:
            if acts(what, variable.name, day, choice):
                return "acts"
        except UsageError:
            refused += 1
    return "refused" if refused == 2 * choices else "idle"


@pytest.mark.parametrize("what", TABLES)
def test_whatever_is_changed_within_a_run_acts_or_is_refused(what):
    record, _ = TABLES[what]
    found = {each.name: outcome_of(what, each) for each in record.variables if not isinstance(each.kind, Record)}
    idle = {f"{what}.{name}" for name, outcome in found.items() if outcome == "idle"}
    assert idle - TOGETHER_OR_LATER == {name for name in SHOWN_ONLY if name.split(".")[0] == what}
    refused = {name for name, outcome in found.items() if outcome == "refused"}
    assert refused == {each.name for each in record.variables if each.fixed or each.worked_out}


def acts_if_often(what: str, **values) -> bool:
    """Whether these values, for all that a table holds and before every day, change what customers do."""
    _, sizes = TABLES[what]
    tables = pack(loud_world())
    engine = ENGINES["batch"](tables, "local", keep_events=True)
    for day in range(1, tables.days):
        engine.run(day)
        for place in product(*map(range, sizes)):
            engine.set(what, place if len(place) > 1 else place[0], **values)
    engine.run(tables.days)
    return done(engine.result()) != done_in_the_loud_world("local")


@pytest.mark.parametrize(
    "what, values",
    [
        ("board", {"price": 0.3}),
        ("board", {"promotion": 0.9}),
        ("desks", {"waited": 9000.0, "arrivals": 1}),
    ],
)
def test_what_few_read_acts_where_it_is_read(what, values):
    assert acts_if_often(what, **values)
