"""M5 Context: what survives a change of channel, and what even the own channel loses.

It survives iff she is recognized here and where it lies, the records are linked,
old enough and right. Otherwise she is back to searching with what is in her head,
and the old cart still lies where it was.
"""

from simsuite.machine.marks import rule
from simsuite.rules.identity import is_known, may_link
from simsuite.rules.links import can_read, is_connected, version_is_wrong
from simsuite.rules.mechanism import Mechanism, count, counts, group, share, which, whole, yes
from simsuite.tallies import Cart, CartLeft
from simsuite.vocabulary import MAX_CHANNELS, MAX_SEGMENTS, Cause, Decision, Flow, Intent, Phase, Recognition

MECHANISM = Mechanism(
    parameters="context",
    decisions=(Decision.VERSION,),
    flows=(Flow.CART,),
    journey=(which("cart_channel", "where the newest cart lies", anew=-1),),
    relation=(
        share("knowledge", 0.0, "what lies here about the open need (lists, items viewed)", anew=0.0),
        which("cart_need", "need whose cart lies here; -1 none"),
        count("cart_since", "part in which that cart was begun"),
        which("written", "part of the newest version of what lies here about her"),
    ),
    visit=(
        group(
            "context",
            yes("cart_lost", False, "a cart that she left is not there"),
            whole("cart_from", -1, "channel in which that cart lies"),
            yes("cart_here", False, "the newest cart is shown here"),
            yes("asked_again", False, "has to say again what another channel knows"),
            meaning="what came along from the channel before",
        ),
    ),
    tally=(
        counts(
            *("carts", MAX_SEGMENTS, MAX_CHANNELS, len(Cart)),
            meaning="carts of counted needs: begun, ordered there in 14 days, ordered elsewhere",
        ),
        counts(
            *("carts_left", MAX_SEGMENTS, MAX_CHANNELS, len(CartLeft)),
            meaning="carts of journeys without order: browser, not ready, other",
        ),
    ),
)


@rule
def own_cart_is_right(customer, relations, lies_in, here, world):
    """Whether a cart that lies in this channel, or in one of its login domain, is shown as it was left.

    With the cart flow a connected channel shows the shared record, also of its own
    carts: a wrong write or a copy not yet synchronized loses what a silo keeps (L1).
    """
    written = relations[lies_in].written
    link = world.links[Flow.CART][lies_in][here]
    error = world.parameters.context.own_error
    if may_link(customer, world.policy) and is_connected(relations, here, Flow.CART, customer.region, world.coverage):
        error = link.error
        if world.policy.master_read and world.now.part - written < link.delay:
            return False
    return not version_is_wrong(customer, Flow.CART, world.channels[lies_in].code, written, error, world.luck)


@rule
def cart_is_readable(customer, relations, visit, lies_in, world):
    """Whether this channel sees carts that lie in the other: known at both ends, consent, linked, old enough."""
    if not may_link(customer, world.policy) or not is_known(visit) or not relations[lies_in].recognized:
        return False
    return can_read(relations, Flow.CART, lies_in, visit.channel, relations[lies_in].written, customer.region, world)


@rule
def shared_cart_is_right(customer, relations, lies_in, here, world):
    """Whether the shared record of that cart holds what she put in."""
    error = world.links[Flow.CART][lies_in][here].error
    return not version_is_wrong(
        customer, Flow.CART, world.channels[lies_in].code, relations[lies_in].written, error, world.luck
    )


@rule
def same_login(relations, visit, lies_in, channels):
    """Whether the cart lies in this very channel, or in its login domain and she is logged in at both.

    Whoever is taken for somebody else is shown the other person's cart; hers still lies there (L1).
    """
    if visit.identity.recognition == Recognition.WRONG_PERSON:
        return False
    if lies_in == visit.channel:
        return True
    if channels[lies_in].domain != channels[visit.channel].domain:
        return False
    return is_known(visit) and relations[lies_in].recognized


@rule
def cart_lies_in(relations, visit, journey):
    """Where she looks for the cart of the open need: here if one lies here, else where the newest lies."""
    if relations[visit.channel].cart_need == journey.need:
        return visit.channel
    return journey.cart_channel


@rule
def cart_found(customer, relations, visit, world):
    """Whether the cart of the open need is shown in this visit; the one that is shown is the one she goes on with.

    A wrong version has replaced the good one: that cart is gone for good, also where
    she left it. A cart that this channel cannot see still lies where it was.
    """
    journey = customer.journey
    lies_in = cart_lies_in(relations, visit, journey)
    if same_login(relations, visit, lies_in, world.channels):
        right = own_cart_is_right(customer, relations, lies_in, visit.channel, world)
    elif cart_is_readable(customer, relations, visit, lies_in, world):
        right = shared_cart_is_right(customer, relations, lies_in, visit.channel, world)
    else:
        return False
    if right:
        journey.cart_channel = lies_in
    else:
        relations[lies_in].cart_need = -1
        if journey.cart_channel == lies_in:
            journey.cart_channel = -1
    return right


@rule
def list_is_here(customer, relations, visit, source, world):
    """Whether what lies about her need in another channel is seen here: by login or by the cart flow."""
    if same_login(relations, visit, source, world.channels):
        return True
    return cart_is_readable(customer, relations, visit, source, world) and shared_cart_is_right(
        customer, relations, source, visit.channel, world
    )


@rule
def arrive_with_context(customer, relations, visit, world):
    """Find out what came along; sets the phase, `visit.context.cart_lost` and `visit.context.asked_again`.

    Returns 1.0 if everything that she had in hand came along, 0.0 if something did
    not, -1.0 if she had nothing in hand. What another channel keeps to itself is
    missed once, on the change of channel; a spoiled record, and the record of another
    person, whenever it is found.
    """
    journey = customer.journey
    context = world.parameters.context
    journey.phase = Phase.SEARCH
    in_hand = -1.0
    if journey.cart_channel >= 0:
        visit.context.cart_from = cart_lies_in(relations, visit, journey)
        if cart_found(customer, relations, visit, world):
            journey.phase = Phase.CART
            visit.context.cart_here = True
            in_hand = 1.0
        elif (
            visit.before != visit.channel
            or journey.cart_channel != visit.context.cart_from
            or visit.identity.recognition == Recognition.WRONG_PERSON
        ):
            in_hand = 0.0
            visit.context.cart_lost = True
            start_again(journey, context.effort_lost_cart, context)
    before = visit.before
    if 0 <= before != visit.channel and relations[before].knowledge >= context.knowledge_threshold:
        in_hand = bring_list(customer, relations, visit, in_hand, world)
    return in_hand


@rule
def bring_list(customer, relations, visit, in_hand, world):
    """What lies about her need in the channel she comes from: seen here too, or to be looked up again."""
    here = relations[visit.channel]
    there = relations[visit.before]
    context = world.parameters.context
    if list_is_here(customer, relations, visit, visit.before, world):
        here.knowledge = max(here.knowledge, there.knowledge)
        return max(in_hand, 1.0) if in_hand != 0.0 else 0.0
    if here.knowledge >= context.knowledge_threshold:
        return in_hand
    visit.context.asked_again = visit.identity.identified and there.recognized
    if not visit.context.cart_lost and customer.journey.phase == Phase.SEARCH:
        start_again(customer.journey, context.effort_lost_knowledge, context)
    return 0.0


@rule
def start_again(journey, effort, context):
    """Back to searching with what is in her head, at an effort."""
    journey.phase = Phase.SEARCH
    journey.head_knowledge *= context.memory_of_knowledge
    journey.effort += effort


@rule
def begin_cart(customer, relations, visit, staffed, part, tally):
    """Put the item into a cart of this channel, unless the one that came along is shown here.

    A basket before a person who serves ends with the visit: it is no cart, and nothing lies there afterwards.
    """
    if staffed:
        return
    journey = customer.journey
    here = relations[visit.channel]
    if here.cart_need != journey.need:
        here.cart_need = journey.need
        here.cart_since = part
        if journey.counted:
            tally.carts[customer.segment, visit.channel, Cart.BEGUN] += 1
    journey.cart_channel = visit.channel
    visit.context.cart_here = True


@rule
def write_version(journey, relations, visit, part):
    """The visit writes a new version of what lies here, and of the cart that it showed."""
    relations[visit.channel].written = part
    if visit.context.cart_here and journey.phase >= Phase.CART:
        relations[journey.cart_channel].written = part


@rule
def count_left_carts(customer, relations, cause, world):
    """The carts that a journey without order leaves behind: of somebody who only looked around, was not ready, other."""
    journey = customer.journey
    if not journey.counted:
        return
    reason = CartLeft.OTHERWISE
    if cause == Cause.NOT_READY:
        reason = CartLeft.NOT_READY
    if journey.intent == Intent.BROWSE:
        reason = CartLeft.BY_BROWSER
    for index in range(len(relations)):
        if relations[index].cart_need == journey.need:
            world.tally.carts_left[customer.segment, index, reason] += 1
