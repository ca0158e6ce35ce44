"""Mystery shoppers: the same questions under every strategy, asked of the world, acting on nothing.

A shopper was in channel a some days ago: she was told price and promotion, asked for
the stock of a place, and filled a cart. Now she asks the same in channel b. An answer
is consistent if it is given and contradicts nothing, and if the cart is there.
"""

from simsuite.machine.marks import rule
from simsuite.rules.context import cart_found
from simsuite.rules.luck import draw, draw4, pair_of
from simsuite.rules.mechanism import Mechanism, counts
from simsuite.rules.statements import BOARD_DAYS, state_price, stock_statement
from simsuite.tallies import Asked
from simsuite.vocabulary import (
    FIRST_SHOPPER,
    MAX_CHANNELS,
    PARTS_PER_DAY,
    PERSONAS,
    Decision,
    Phase,
    Question,
    Recognition,
    Stated,
)

ANONYMOUS = 0  # places in PERSONAS: known nowhere
CONSENTING = 1  # known in both channels, not logged in
MEMBER = 2  # logged in at both
N_PERSONAS = len(PERSONAS)
N_GAPS = 3  # 0, 1 and 3 days

MECHANISM = Mechanism(
    parameters="audit",
    decisions=(Decision.AUDIT,),
    tally=(
        counts(
            *("audit", N_PERSONAS, len(Question), MAX_CHANNELS, MAX_CHANNELS, len(Asked)),
            meaning="persona, Question, from, to: asked, answered without contradiction, answered at all",
        ),
    ),
)


@rule
def audit_day(world, shopper, relations, visit):
    """On audit days of the horizon: every directed pair of channels, persona and gap of 0, 1, 3 days."""
    now = world.now
    audit = world.parameters.audit
    if now.day < 0 or now.part >= now.last_counted_part or not is_audit_day(now.day, audit.every):
        return
    turns = N_PERSONAS * N_GAPS * audit.shoppers  # one loop: a compiler would write nine copies of two short ones
    for source in range(len(world.channels)):
        for here in range(len(world.channels)):
            if source != here:
                for turn in range(turns):
                    persona = turn // (N_GAPS * audit.shoppers)
                    gap_index = turn // audit.shoppers % N_GAPS
                    gap = gap_index + gap_index // 2
                    send_shopper(shopper, relations, visit, source, here, persona, gap, turn % audit.shoppers, world)


@rule
def is_audit_day(day, every):
    """Once in `every` days, on another weekday each time, so that weekly prices change in between as often as for anyone."""
    return day % every == 3 * (day // every) % every


@rule
def send_shopper(shopper, relations, visit, source, here, persona, gap, number, world):
    """One shopper: was in `source` `gap` days ago, asks in `here` now; counts her four questions."""
    now = world.now
    if now.days_run - gap < 0:
        return
    pair = pair_of(world.channels[source].code, world.channels[here].code)
    key = ((pair * 3 + persona) * 4 + gap) * 256 + number
    shopper.number = FIRST_SHOPPER + key
    u0, u1, u2, u3 = draw4(world.luck, shopper.number, now.days_run, Decision.AUDIT, 0)
    shopper.region = int(u0 * len(world.places[here]))
    prepare_shopper(shopper, relations, visit, source, here, gap, int(u1 * len(world.items)), world)
    recognize_shopper(relations, visit, source, here, persona, u2, u3, world)
    tolerance = world.parameters.statements.tolerance
    state_price(shopper, visit, tolerance, world)
    same_price = abs(visit.price.stated - shopper.journey.stated_price) <= tolerance
    count_answer(persona, Question.PRICE, source, here, True, same_price, world.tally)
    same_offer = abs(visit.promotion.stated - shopper.journey.stated_promotion) <= tolerance
    count_answer(persona, Question.PROMOTION, source, here, True, same_offer, world.tally)
    said = stock_said(shopper, source, gap, world)
    says = stock_said(shopper, here, 0, world)
    answered = said != Stated.NOTHING and says != Stated.NOTHING
    count_answer(persona, Question.STOCK, source, here, answered, answered and said == says, world.tally)
    found = cart_found(shopper, relations, visit, world)
    count_answer(persona, Question.CART, source, here, True, found, world.tally)
    relations[source].cart_need = -1  # she leaves nothing behind for the next one
    relations[source].recognized = False


@rule
def prepare_shopper(shopper, relations, visit, source, here, gap, item, world):
    """What she holds: what `source` stated `gap` days ago, and a cart that she filled there."""
    now = world.now
    journey = shopper.journey
    shopper.consents = True
    journey.need = 0
    journey.phase = Phase.CART
    journey.item = item
    journey.channel = source
    journey.cart_channel = source
    told = world.board[(now.days_run - gap) % BOARD_DAYS][source]
    journey.stated_price = told.price
    journey.stated_promotion = told.promotion
    journey.stated_by = source
    journey.price_origin = source
    journey.promotion_origin = source
    relations[source].link = draw(world.luck, shopper.number, 0, Decision.LINK, world.channels[source].code)
    relations[here].link = draw(world.luck, shopper.number, 0, Decision.LINK, world.channels[here].code)
    relations[source].cart_need = 0
    relations[source].written = max(0, now.part - 1 - gap * PARTS_PER_DAY)
    visit.channel = here
    visit.before = source


@rule
def recognize_shopper(relations, visit, source, here, persona, u_there, u_here, world):
    """Who is known: nobody, those whose device or card is found again, or whoever can log in."""
    there = world.channels[source]
    channel = world.channels[here]
    visit.identity.recognition = Recognition.NOBODY
    known = False
    if persona == MEMBER:
        relations[source].recognized = there.identification_rate > 0.0
        known = channel.identification_rate > 0.0
    if persona == CONSENTING:
        relations[source].recognized = u_there < there.recognizable
        known = u_here < channel.recognizable
    if known:
        visit.identity.recognition = Recognition.OWN_RECORD


@rule
def stock_seen(channel, place, item, region, gap, world):
    """What a channel said `gap` days ago about the item at a place; the place speaks for its own record."""
    if channel != place:
        return stock_statement(channel, place, item, region, gap, world)
    shown = (world.stock[world.places[place][region].pool][item].history >> gap) % 2 == 1
    return Stated.IN_STOCK if shown else Stated.NOT_IN_STOCK


@rule
def stock_said(shopper, channel, gap, world):
    """What a channel said `gap` days ago about her item on the shelf of the region's place."""
    for place in range(len(world.channels)):
        if world.channels[place].sells_now:
            return stock_seen(channel, place, shopper.journey.item, shopper.region, gap, world)
    return Stated.NOTHING


@rule
def count_answer(persona, question, source, here, answered, consistent, tally):
    """One question asked, whether both channels said something, and whether without contradiction."""
    tally.audit[persona, question, source, here, Asked.ALL] += 1
    if consistent:
        tally.audit[persona, question, source, here, Asked.CONSISTENT] += 1
    if answered:
        tally.audit[persona, question, source, here, Asked.ANSWERED] += 1
