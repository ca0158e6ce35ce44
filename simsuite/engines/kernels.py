"""Compiled loops over records; each heavy rule is called from one place.

`world` is a pointer to the tables. Rules see the same names as in the other engine;
customers, relations, due, found, visits and blank are for the kernels alone.
"""

import numpy as np

from simsuite.machine.instructions import at_most, copy_start, lowest_bit, prefetch, store
from simsuite.machine.marks import helper, kernel
from simsuite.rules.day_of_customer import begin, conclude, still_open
from simsuite.rules.firm_day import open_firm_day, publish, set_clock, set_up_firm
from simsuite.rules.mechanisms import at_close_of_day
from simsuite.rules.stock import hand_out
from simsuite.rules.traits import draw_customer
from simsuite.rules.visit import choose, make_visit
from simsuite.rules.waiting import stand_in_line

AHEAD = 6  # customers whose records are fetched in advance
CHUNK = 64  # customers who are looked at at once
ONE = np.uint64(1)


@kernel
def keep(pointer, world):
    """Store the tables where the pointer points to."""
    store(pointer, world)


@kernel
def populate(world, first, last, n_regions):
    """Draw customers first to last."""
    total = len(world.customers)
    for index in range(first, last):
        customer = world.customers[index]
        draw_customer(customer, world.relations[index], index, index * n_regions // total, world)
        world.due[index] = int(min(customer.next_need_time, 1.0e9))


@kernel
def set_up(world):
    """Before the first day."""
    set_up_firm(world)


@kernel
def open_day(world, days_run):
    """The firm opens."""
    set_clock(world.now, days_run, 0, world.calendar.warm_up, 0.0, 0.0)
    open_firm_day(world)


@kernel
def publish_part(world, days_run, daypart):
    """A daypart begins."""
    calendar = world.calendar
    set_clock(world.now, days_run, daypart, calendar.warm_up, calendar.begins[daypart], calendar.ends[daypart])
    publish(world)


@kernel
def find_today(world, last_part):
    """Customers who act until this part, in order, into `today`, block by block.

    Whoever is due in a later part of the day either is due now or acts today: one scan a day.
    """
    due = world.due
    today = world.today
    limit = np.int32(last_part)
    base = 0
    for number in range(len(world.blocks)):
        block = world.blocks[number]
        place = block.first
        chunks_end = block.first + (block.last - block.first) // CHUNK * CHUNK
        for start in range(block.first, chunks_end, CHUNK):
            acting = at_most(due, start, limit)
            while acting:
                today[place] = start + np.int64(lowest_bit(acting))
                place += 1
                acting &= acting - ONE
        for index in range(chunks_end, block.last):
            if due[index] <= limit:
                today[place] = index
                place += 1
        block.today = place - block.first
        block.base = base
        base += block.today


@kernel
def find_due(world, number):
    """Those of today's customers of a block who are due in this part, into `found`."""
    block = world.blocks[number]
    part = world.now.part
    count = 0
    for place in range(block.first, block.first + block.today):
        index = world.today[place]
        world.found[block.first + count] = index
        count += world.due[index] <= part
    block.due = count


@helper
def fetch(world, index):
    """Have the records of a customer fetched in advance."""
    prefetch(world.customers, index)
    prefetch(world.relations, index)


@kernel
def begin_all(world, number):
    """Phase begin for the due customers of a block: they touch only their own rows."""
    block = world.blocks[number]
    first, base, count = block.first, block.base, block.due
    for place in range(min(AHEAD, count)):
        fetch(world, world.found[first + place])
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead])
        index = world.found[first + place]
        copy_start(world.visits, base + place, world.blank[0])
        begin(world.customers[index], world.relations[index], world.visits[base + place], world)


@kernel
def choose_all(world, number):
    """Phase choose for the due customers of a block."""
    block = world.blocks[number]
    first, base, count = block.first, block.base, block.due
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead])
        if world.visits[base + place].active:
            index = world.found[first + place]
            choose(world.customers[index], world.relations[index], world.visits[base + place], world)


@helper
def ask(world, count, place, whom, minute):
    """Row `place` asks `whom` for something scarce, as number `count` of all."""
    world.asking[count] = place
    world.asked[count] = whom
    world.minutes[count] = minute


@helper
def asks_before(world, one, other):
    """Whether one of those who ask comes before another: by (whom they ask, minute, customer)."""
    if world.asked[one] != world.asked[other]:
        return world.asked[one] < world.asked[other]
    if world.minutes[one] != world.minutes[other]:
        return world.minutes[one] < world.minutes[other]
    return world.asking[one] < world.asking[other]


@helper
def sink(world, place, count):
    """Let one of those who ask sink in the heap to where none below comes later."""
    while True:
        last = place
        for below in range(2 * place + 1, min(2 * place + 3, count)):
            if asks_before(world, last, below):
                last = below
        if last == place:
            return
        exchange(world, place, last)
        place = last


@helper
def exchange(world, one, other):
    """Two of those who ask change places."""
    world.asking[one], world.asking[other] = world.asking[other], world.asking[one]
    world.asked[one], world.asked[other] = world.asked[other], world.asked[one]
    world.minutes[one], world.minutes[other] = world.minutes[other], world.minutes[one]


@helper
def put_in_order(world, count):
    """Those who ask, by (whom they ask, minute, customer): a heap sort, as it needs no memory."""
    for place in range(count // 2 - 1, -1, -1):
        sink(world, place, count)
    for last in range(count - 1, 0, -1):
        exchange(world, 0, last)
        sink(world, 0, last)


@kernel
def serve_lines(world):
    """Phase serve: visitors who stand at a desk, in the order of (desk, minute, customer)."""
    count = 0
    for number in range(len(world.blocks)):
        block = world.blocks[number]
        for place in range(block.base, block.base + block.due):
            visit = world.visits[place]
            if visit.active and visit.line.desk >= 0:
                ask(world, count, place, visit.line.desk, visit.minute)
                count += 1
    put_in_order(world, count)
    for number in range(count):
        visit = world.visits[world.asking[number]]
        stand_in_line(visit, world.desks[visit.line.desk], world.clerks[visit.line.desk])


@kernel
def visit_all(world, number):
    """Phase visit for the due customers of a block."""
    block = world.blocks[number]
    first, base, count = block.first, block.base, block.due
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead])
        if world.visits[base + place].active:
            index = world.found[first + place]
            make_visit(world.customers[index], world.relations[index], world.visits[base + place], world)


@kernel
def allocate_stock(world):
    """Phase allocate: whoever asks for a unit, in the order of (pool, minute, customer)."""
    count = 0
    for number in range(len(world.blocks)):
        block = world.blocks[number]
        for place in range(block.base, block.base + block.due):
            visit = world.visits[place]
            if visit.stock.item >= 0:
                ask(world, count, place, visit.stock.pool, visit.minute)
                count += 1
    put_in_order(world, count)
    for number in range(count):
        visit = world.visits[world.asking[number]]
        hand_out(visit, world.pools[visit.stock.pool], world.stock)


@kernel
def conclude_all(world, number):
    """Phase conclude for the due customers of a block; writes when each is due next."""
    block = world.blocks[number]
    first, base, count = block.first, block.base, block.due
    for place in range(count):
        ahead = min(place + AHEAD, count - 1)
        fetch(world, world.found[first + ahead])
        index = world.found[first + place]
        world.due[index] = conclude(world.customers[index], world.relations[index], world.visits[base + place], world)


@kernel
def close_day(world):
    """After closing: the mystery shoppers."""
    at_close_of_day(world, world.shopper[0], world.shopper_relations, world.shopper_visit[0])


@kernel
def close_run(world, first, last):
    """After the last day: what is still open is booked as such."""
    for index in range(first, last):
        copy_start(world.visits, 0, world.blank[0])
        still_open(world.customers[index], world.visits[0], world)
