"""M9 Orders: how the item gets to the buyer, what the order is worth, and what follows at the pick-up."""

from simsuite.machine.marks import rule
from simsuite.rules.bookkeeping import in_horizon
from simsuite.rules.draws_ahead import DELIVERY
from simsuite.rules.luck import draw4, drawn
from simsuite.rules.mathematics import cents
from simsuite.rules.mechanism import Mechanism, count, counts, which, whole, yes
from simsuite.tallies import N_TIMES, TIME_LIMITS, Cart, Daily, Money
from simsuite.vocabulary import MAX_CHANNELS, MAX_SEGMENTS, PARTS_PER_DAY, Decision, Intent, Stated

MECHANISM = Mechanism(
    parameters="orders",
    decisions=(Decision.DELIVERY_CHOICE, Decision.PICK_UP),
    customer=(count("orders", "orders placed"),),
    journey=(which("collect_at", "place at which her order waits", anew=-1),),
    relation=(count("orders", "orders placed here"),),
    visit=(
        yes("collects", False, "orders for collection"),
        yes("collecting", False, "she comes to pick up an order"),
        whole("searched_in", -1, "channel in which she had learned most before this visit"),
    ),
    tally=(
        counts(*("buying_visits", MAX_SEGMENTS, MAX_CHANNELS), meaning="of these, visits that ended in an order"),
        counts(*("orders", MAX_SEGMENTS, MAX_CHANNELS), meaning="orders of counted needs, by channel of purchase"),
        counts(
            *("money", MAX_SEGMENTS, MAX_CHANNELS, len(Money)),
            meaning="cents of counted orders: list value, discount, goods, delivery",
        ),
        counts(
            *("research", MAX_CHANNELS, MAX_CHANNELS),
            meaning="orders: channel of most knowledge before the buying visit, channel of purchase",
        ),
        counts(
            *("time_to_order", N_TIMES),
            meaning="orders by time since the first visit, see TIMES_TO_ORDER",
        ),
    ),
)


@rule
def wants_to_collect(customer, visit, world):
    """Whether she orders here to collect at the place that is said to have the item (F52)."""
    journey = customer.journey
    if not world.policy.collect_in_store or not world.channels[visit.channel].offers_collection:
        return False
    if journey.stated_stock != Stated.IN_STOCK or journey.stated_stock_by != visit.channel:
        return False
    if not world.channels[journey.stated_place].hands_over:
        return False
    return drawn(visit.bits, DELIVERY, 0) < world.parameters.orders.collect_probability


@rule
def price_paid(list_cents, price, promotion):
    """Cents paid: list value times the price, less the promotion; rounded once."""
    return cents(list_cents * price * (1.0 - promotion))


@rule
def book_money(segment, channel, list_cents, paid_cents, goods_cost, delivery_cents, tally):
    """Cents of one sale: list value, discount against it, goods, delivery."""
    tally.money[segment, channel, Money.LIST_VALUE] += list_cents
    tally.money[segment, channel, Money.DISCOUNT] += list_cents - paid_cents
    tally.money[segment, channel, Money.GOODS] += cents(list_cents * goods_cost)
    tally.money[segment, channel, Money.DELIVERY] += delivery_cents


@rule
def time_class(minutes):
    """Class of the time since the first visit: 20 min, 1 h, 3 h, 24 h, 3, 7, 14, 28 days, later (F11)."""
    for place in range(len(TIME_LIMITS)):
        if minutes <= TIME_LIMITS[place]:
            return place
    return len(TIME_LIMITS)


@rule
def channel_of_most_knowledge(relations, visit):
    """Where she had learned most before this visit; the present channel if she had learned nothing."""
    best = 0.0
    channel = -1
    for index in range(len(relations)):
        if relations[index].knowledge > best:
            best = relations[index].knowledge
            channel = index
    return channel if channel >= 0 else visit.channel


@rule
def settle_carts(customer, relations, visit, world):
    """The carts of this need: ordered there within 14 days, ordered elsewhere, or left for good.

    There: from that very cart, in its channel or in one of its login domain.
    """
    journey = customer.journey
    for index in range(len(relations)):
        if relations[index].cart_need == journey.need:
            in_time = world.now.part - relations[index].cart_since <= 14 * PARTS_PER_DAY
            if journey.counted and in_time:
                there = (
                    index == journey.cart_channel
                    and world.channels[index].domain == world.channels[visit.channel].domain
                )
                kind = Cart.ORDERED_THERE if there else Cart.ORDERED_ELSEWHERE
                world.tally.carts[customer.segment, index, kind] += 1
            relations[index].cart_need = -1


@rule
def book_order(customer, relations, visit, world):
    """Count and value an order: by channel, in money, by time since the first visit, by where she searched."""
    journey = customer.journey
    channel = world.channels[visit.channel]
    tally = world.tally
    customer.orders += 1
    relations[visit.channel].orders += 1
    settle_carts(customer, relations, visit, world)
    world.days[world.now.days_run, Daily.ORDERS] += 1
    if in_horizon(world.now):
        tally.buying_visits[customer.segment, visit.channel] += 1
    if not journey.counted:
        return
    tally.orders[customer.segment, visit.channel] += 1
    paid = price_paid(journey.basket_cents, visit.price.stated, visit.promotion.stated)
    delivered = channel.delivers and not visit.collects
    book_money(
        customer.segment,
        visit.channel,
        journey.basket_cents,
        paid,
        world.categories[journey.category].goods_cost,
        channel.delivery_cost_cents if delivered else 0,
        tally,
    )
    if journey.intent != Intent.BROWSE:
        tally.research[visit.searched_in, visit.channel] += 1
    tally.time_to_order[time_class(visit.minute - journey.first_minute)] += 1


@rule
def collection_part(place, part):
    """Part in which she collects: the next day, as soon as the place is open."""
    start = (part // PARTS_PER_DAY + 1) * PARTS_PER_DAY
    if place.opens_morning:
        return start
    if place.opens_noon:
        return start + 1
    if place.opens_afternoon:
        return start + 2
    return start + 3


@rule
def extra_purchase(customer, visit, world):
    """At the pick-up she may want something else as well (F51); asks for a unit, takes none."""
    journey = customer.journey
    u0, u1, u2, u3 = draw4(world.luck, customer.number, journey.need, Decision.PICK_UP, 0)
    if u0 < world.parameters.orders.attach_probability:
        visit.stock.pool = world.places[visit.channel][customer.region].pool
        visit.stock.item = int(u1 * len(world.items))


@rule
def book_extra_purchase(customer, visit, world):
    """Money of what she took along at the pick-up; part of the collected order, no order of its own."""
    journey = customer.journey
    value = cents(journey.basket_cents * world.parameters.orders.attach_value)
    channel = world.channels[visit.channel]
    if journey.counted:
        paid = price_paid(value, channel.price, channel.promotion)
        book_money(
            customer.segment, visit.channel, value, paid, world.categories[journey.category].goods_cost, 0, world.tally
        )
    return value
