"""M9 Stock: units, inventory records, replenishment, and what happens when the item is not there."""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw4
from simsuite.rules.mathematics import LOG_2, exp, square_root
from simsuite.rules.mechanism import Mechanism, group, whole, yes
from simsuite.vocabulary import FIRST_LOCATION, NEVER, Cause, Decision, StockOut

HISTORY_MASK = 4611686018427387903  # 62 days

MECHANISM = Mechanism(
    parameters="stock",
    decisions=(Decision.STOCK_RESPONSE, Decision.SHRINKAGE),
    visit=(
        group(
            "stock",
            whole("pool", -1, "stock pool that she asks; -1 none"),
            whole("item", -1, "item that she asks for; -1 none"),
            whole("second_choice", -1, "item that she would take instead; -1 none"),
            whole("got", -1, "item that she got"),
            whole("response", 0, "code of StockOut, if the item is not there"),
            yes("looked", False, "has looked whether the item is there"),
            yes("out", False, "the item was not there"),
            yes("promised", False, "and another channel had said that it is"),
            yes("came_for_it", False, "and she had come for it"),
            meaning="whether the item is there",
        ),
    ),
)


@rule
def receive_delivery(shelf, day):
    """Units on their way are put on the shelf and into the record on the day they arrive."""
    if shelf.arrives <= day:
        shelf.units += shelf.on_order
        shelf.recorded += shelf.on_order
        shelf.received += shelf.on_order
        shelf.on_order = 0
        shelf.arrives = NEVER


@rule
def lose_units(shelf, u, shrinkage):
    """A unit may vanish while its record stays: a phantom."""
    if shelf.units > 0 and u < shrinkage:
        shelf.units -= 1
        shelf.vanished += 1


@rule
def count_shelf(shelf, day, pool_code, item, count_interval):
    """Every so often the shelf is counted, on a day of its own: the record is right again."""
    if (day + 37 * pool_code + 11 * item) % count_interval == 0:
        shelf.recorded = shelf.units


@rule
def order_up_to(expected, stock):
    """Units to have at hand and on order: sales of the cover, and a safety for the lead time; at least 1."""
    lead = expected * (stock.lead_time + 1)
    return int(expected * stock.cover + lead + stock.safety * square_root(lead) + 1.0)


@rule
def reorder(shelf, pool, demand_share, day, stock):
    """Order up to the target when the record has fallen to what the lead time sells; (s, S).

    A record that is far above needs no root: that of x is at most (x + 1) / 2.
    """
    expected = pool.units_per_day * demand_share
    lead = expected * (stock.lead_time + 1)
    if shelf.on_order != 0 or shelf.recorded > lead + 0.5 * stock.safety * (lead + 1.0) + 1.0:
        return
    point = int(lead + stock.safety * square_root(lead) + 0.5)
    if shelf.recorded <= point:
        shelf.on_order = order_up_to(expected, stock) - shelf.recorded
        shelf.arrives = day + stock.lead_time
        receive_delivery(shelf, day)


@rule
def forecast_sales(pool, half_life):
    """The planner's forecast follows what is sold, smoothed."""
    weight = 1.0 - exp(-LOG_2 / half_life)
    pool.units_per_day += weight * (pool.sold_today - pool.units_per_day)
    pool.sold_today = 0


@rule
def fill_shelf(shelf, pool, demand_share, stock):
    """The first filling, before the first day."""
    shelf.units = order_up_to(pool.units_per_day * demand_share, stock)
    shelf.recorded = shelf.units
    shelf.received = shelf.units
    shelf.history = HISTORY_MASK


@rule
def open_stock_day(stock, pools, items, day, luck, parameters):
    """Before opening: deliveries, shrinkage, counts, orders; then the day's entry in the shown record."""
    planning = parameters.stock
    for index in range(len(pools)):
        pool = pools[index]
        forecast_sales(pool, planning.forecast_half_life)
        u0, u1, u2, u3 = 0.5, 0.5, 0.5, 0.5
        for item in range(len(items)):
            if item % 4 == 0:
                u0, u1, u2, u3 = draw4(luck, FIRST_LOCATION + pool.code, day, Decision.SHRINKAGE, item)
            place = item % 4
            shelf = stock[index][item]
            receive_delivery(shelf, day)
            lose_units(shelf, u0 if place == 0 else u1 if place == 1 else u2 if place == 2 else u3, planning.shrinkage)
            count_shelf(shelf, day, pool.code, item, planning.count_interval)
            reorder(shelf, pool, items[item].demand_share, day, planning)
            shelf.history = ((shelf.history << 1) & HISTORY_MASK) + (1 if shelf.recorded > 0 else 0)


@rule
def publish_stock(stock, n_items):
    """As a daypart begins: what is on the shelf, and what the record shows today."""
    for index in range(len(stock)):
        for item in range(n_items):
            shelf = stock[index][item]
            if shelf.on_shelf != (shelf.units > 0):  # most shelves are as they were
                shelf.on_shelf = shelf.units > 0
            if shelf.history & 1 != (1 if shelf.recorded > 0 else 0):
                shelf.history = shelf.history ^ 1


@rule
def seems_available(shelf, sells_now):
    """At a place the shelf counts, elsewhere the record."""
    if sells_now:
        return shelf.on_shelf
    return shelf.history % 2 == 1


@rule
def stock_out_response(u, promised, came_for_it, stock):
    """What she does when the item is not there (F68); a broken promise drives more people away."""
    leave, give_up, back = stock.go_to_competitor, stock.give_up, stock.come_back
    if came_for_it:
        leave, give_up, back = stock.go_to_competitor_wasted, stock.give_up_wasted, stock.come_back_wasted
    if promised:
        leave, give_up, back = stock.go_to_competitor_promised, stock.give_up_promised, stock.come_back_promised
    if u < leave:
        return StockOut.COMPETITOR
    if u < leave + give_up:
        return StockOut.GIVE_UP
    if u < leave + give_up + back:
        return StockOut.COME_BACK
    return StockOut.SUBSTITUTE


@rule
def stock_out_cause(promised, came_for_it):
    """Which cause is booked: two statements that clash, a trip for nothing, or just out of stock."""
    if promised:
        return Cause.STOCK_CLASH
    if came_for_it:
        return Cause.WASTED_TRIP
    return Cause.OUT_OF_STOCK


@rule
def substitute_item(u, item, category):
    """Another item of the category, each as likely; -1 if there is none."""
    if category.items < 2:
        return -1
    other = category.first_item + int(u * (category.items - 1))
    if other >= item:
        other += 1
    return other


@rule
def hand_out(visit, pool, stock):
    """Give the visitor a unit of what she wants, or of her second choice; sets `visit.stock.got`.

    Whoever asks for a unit that the record shows and nobody finds has the record put right.
    """
    visit.stock.got = -1
    if stock[visit.stock.pool][visit.stock.item].units > 0:
        visit.stock.got = visit.stock.item
    elif visit.stock.response == StockOut.SUBSTITUTE and visit.stock.second_choice >= 0:
        if stock[visit.stock.pool][visit.stock.second_choice].units > 0:
            visit.stock.got = visit.stock.second_choice
    if visit.stock.got >= 0:
        shelf = stock[visit.stock.pool][visit.stock.got]
        shelf.units -= 1
        shelf.recorded = max(0, shelf.recorded - 1)
        shelf.sold += 1
        pool.sold_today += 1
    if visit.stock.got != visit.stock.item:
        stock[visit.stock.pool][visit.stock.item].recorded = 0


@rule
def stock_out_draws(customer, occasion, luck):
    """The two uniforms of a stock-out in this visit: response, second choice."""
    u0, u1, u2, u3 = draw4(luck, customer.number, occasion, Decision.STOCK_RESPONSE, 0)
    return u0, u1
