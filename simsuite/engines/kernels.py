"""Compiled loops over records; each heavy rule is called from one place."""

from simsuite.compiled import by_reference, kernel
from simsuite.rules.audit import audit_day
from simsuite.rules.day_of_customer import begin, conclude, still_open
from simsuite.rules.firm_day import open_firm_day, publish, set_clock, set_up_firm
from simsuite.rules.people import draw_customer
from simsuite.rules.stock import hand_out
from simsuite.rules.visit import choose, visit
from simsuite.rules.waiting import stand_in_line


@kernel
def populate(customers, relations, due, first, last, n_regions, segments, channels, luck):
    """Draw customers first to last."""
    for index in range(first, last):
        draw_customer(customers[index], relations[index], index, index * n_regions // len(customers), segments, channels, luck)
        due[index] = int(min(customers[index].next_need_time, 1.0e9))


@kernel
def set_up(world):
    """Before the first day."""
    here = by_reference(world)
    set_up_firm(here)


@kernel
def open_day(world, days_run, warm_up):
    """The firm opens."""
    here = by_reference(world)
    set_clock(here.now, days_run, 0, warm_up, 0.0, 0.0)
    open_firm_day(here)


@kernel
def publish_part(world, days_run, daypart, warm_up, begins, ends):
    """A daypart begins."""
    here = by_reference(world)
    set_clock(here.now, days_run, daypart, warm_up, begins, ends)
    publish(here)


@kernel
def find_due(due, part, first, last, found):
    """Indices of customers first to last who are due, in order; returns how many."""
    count = 0
    for index in range(first, last):
        if due[index] <= part:
            found[count] = index
            count += 1
    return count


@kernel
def begin_all(customers, relations, found, rows, blank, world):
    """Phase begin for the due customers of some blocks: they touch only their own rows."""
    here = by_reference(world)
    for place in range(len(found)):
        rows[place] = blank[0]
        begin(customers[found[place]], relations[found[place]], rows[place], here)


@kernel
def choose_all(customers, relations, found, rows, world):
    """Phase choose for the due customers of some blocks."""
    here = by_reference(world)
    for place in range(len(found)):
        if rows[place].active:
            choose(customers[found[place]], relations[found[place]], rows[place], here)


@kernel
def serve_lines(rows, order, world):
    """Phase serve: visitors in the order of (desk, minute, customer)."""
    here = by_reference(world)
    for place in order:
        stand_in_line(rows[place], here.desks[rows[place].desk])


@kernel
def visit_all(customers, relations, found, rows, world):
    """Phase visit for the due customers of some blocks."""
    here = by_reference(world)
    for place in range(len(found)):
        if rows[place].active:
            visit(customers[found[place]], relations[found[place]], rows[place], here)


@kernel
def allocate_stock(rows, order, world):
    """Phase allocate: whoever asks for a unit, in the order of (pool, minute, customer)."""
    here = by_reference(world)
    for place in order:
        hand_out(rows[place], here.pools[rows[place].wants_pool], here.stock)


@kernel
def conclude_all(customers, relations, due, found, rows, world):
    """Phase conclude for the due customers of some blocks; writes when each is due next."""
    here = by_reference(world)
    for place in range(len(found)):
        index = found[place]
        due[index] = conclude(customers[index], relations[index], rows[place], here)


@kernel
def close_day(world, shopper, relations, row):
    """After closing: the mystery shoppers."""
    here = by_reference(world)
    audit_day(here, shopper, relations, row)


@kernel
def close_run(customers, rows, blank, first, last, world):
    """After the last day: what is still open is booked as such."""
    here = by_reference(world)
    for index in range(first, last):
        rows[0] = blank[0]
        still_open(customers[index], rows[0], here)
