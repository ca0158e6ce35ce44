"""Compiled loops over records; each heavy rule is called from one place.

`world` is a pointer to the tables. Rules see the same names as in the other engine;
customers, relations, due, found, rows and blank are for the kernels alone.
"""

import numpy as np

from simsuite.compiled import kernel, prefetch, store
from simsuite.rules.audit import audit_day
from simsuite.rules.day_of_customer import begin, conclude, still_open
from simsuite.rules.firm_day import open_firm_day, publish, set_clock, set_up_firm
from simsuite.rules.people import draw_customer
from simsuite.rules.stock import hand_out
from simsuite.rules.visit import choose, visit
from simsuite.rules.waiting import stand_in_line

AHEAD = 6      # customers whose records are fetched in advance


@kernel
def keep(pointer, world):
    """Store the tables where the pointer points to."""
    store(pointer, world)


@kernel
def populate(world, segments, first, last, n_regions):
    """Draw customers first to last."""
    total = len(world.customers)
    for index in range(first, last):
        customer = world.customers[index]
        draw_customer(customer, world.relations[index], index, index * n_regions // total, segments, world)
        world.due[index] = int(min(customer.next_need_time, 1.0e9))


@kernel
def set_up(world):
    """Before the first day."""
    set_up_firm(world)


@kernel
def open_day(world, days_run, warm_up):
    """The firm opens."""
    set_clock(world.now, days_run, 0, warm_up, 0.0, 0.0)
    open_firm_day(world)


@kernel
def publish_part(world, days_run, daypart, warm_up, begins, ends):
    """A daypart begins."""
    set_clock(world.now, days_run, daypart, warm_up, begins, ends)
    publish(world)


@kernel
def find_today(world, last_part, first, last):
    """Customers first to last who act today, in order, into `today` from `first` on; returns how many.

    Whoever is due in a later part of the day either is due now or acts today: one scan a day.
    """
    due = world.due
    today = world.today
    limit = np.int32(last_part)
    place = np.uint64(first)          # unsigned: without a test for negative indices the scan is 2.6 times as fast
    for index in range(np.uint64(first), np.uint64(last)):
        today[place] = index
        place += np.uint64(due[index] <= limit)
    return np.int64(place) - first


@kernel
def find_due(world, part, first, count_today):
    """Those of today's customers who are due in this part, into `found` from `first` on; returns how many."""
    count = 0
    for place in range(first, first + count_today):
        index = world.today[place]
        if world.due[index] <= part:
            world.found[first + count] = index
            count += 1
    return count


@kernel
def fetch(world, index, place):
    """Have the records of a customer, and the row of her daypart, fetched in advance."""
    prefetch(world.customers, index)
    prefetch(world.relations, index)
    prefetch(world.rows, place)


@kernel
def begin_all(world, first, base, count):
    """Phase begin for the due customers of some blocks: they touch only their own rows."""
    for place in range(min(AHEAD, count)):
        fetch(world, world.found[first + place], base + place)
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead], base + ahead)
        index = world.found[first + place]
        world.rows[base + place] = world.blank[0]
        begin(world.customers[index], world.relations[index], world.rows[base + place], world)


@kernel
def choose_all(world, first, base, count):
    """Phase choose for the due customers of some blocks."""
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead], base + ahead)
        if world.rows[base + place].active:
            index = world.found[first + place]
            choose(world.customers[index], world.relations[index], world.rows[base + place], world)


@kernel
def gather_at_desks(world, total):
    """Rows of visitors who stand at a desk, into `asking` with the desk and the minute; returns how many."""
    count = 0
    for place in range(total):
        row = world.rows[place]
        if row.active and row.desk >= 0:
            world.asking[count] = place
            world.asked[count] = row.desk
            world.minutes[count] = row.minute
            count += 1
    return count


@kernel
def serve_lines(world, order):
    """Phase serve: visitors in the order of (desk, minute, customer)."""
    for place in order:
        stand_in_line(world.rows[place], world.desks[world.rows[place].desk])


@kernel
def visit_all(world, first, base, count):
    """Phase visit for the due customers of some blocks."""
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead], base + ahead)
        if world.rows[base + place].active:
            index = world.found[first + place]
            visit(world.customers[index], world.relations[index], world.rows[base + place], world)


@kernel
def gather_requests(world, total):
    """Rows of visitors who ask for a unit, into `asking` with the pool and the minute; returns how many."""
    count = 0
    for place in range(total):
        row = world.rows[place]
        if row.wants_item >= 0:
            world.asking[count] = place
            world.asked[count] = row.wants_pool
            world.minutes[count] = row.minute
            count += 1
    return count


@kernel
def allocate_stock(world, order):
    """Phase allocate: whoever asks for a unit, in the order of (pool, minute, customer)."""
    for place in order:
        hand_out(world.rows[place], world.pools[world.rows[place].wants_pool], world.stock)


@kernel
def conclude_all(world, first, base, count):
    """Phase conclude for the due customers of some blocks; writes when each is due next."""
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead], base + ahead)
        index = world.found[first + place]
        world.due[index] = conclude(world.customers[index], world.relations[index], world.rows[base + place], world)


@kernel
def close_day(world, shopper, relations, row):
    """After closing: the mystery shoppers."""
    audit_day(world, shopper[0], relations, row[0])


@kernel
def close_run(world, first, last):
    """After the last day: what is still open is booked as such."""
    for index in range(first, last):
        world.rows[0] = world.blank[0]
        still_open(world.customers[index], world.rows[0], world)
