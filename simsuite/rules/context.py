"""M5 Context: what survives a change of channel, and what even the own channel loses.

It survives iff she is recognized here and where it lies, the records are linked,
old enough and right. Otherwise she is back to searching with what is in her head,
and the old cart still lies where it was.
"""

from simsuite.compiled import rule
from simsuite.rules.identity import is_known
from simsuite.rules.links import can_read, is_connected, version_is_wrong
from simsuite.vocabulary import Cause, Flow, Intent, Phase


@rule
def own_cart_is_right(customer, relations, lies_in, here, world):
    """Whether a cart that lies in this channel, or in one of its login domain, is shown as it was left.

    With the cart flow a connected channel shows the shared record, also of its own
    carts: a wrong write or a copy not yet synchronized loses what a silo keeps (L1).
    """
    written = relations[lies_in].written
    link = world.links[Flow.CART][lies_in][here]
    error = world.parameters.context.own_error
    if is_connected(relations, here, Flow.CART, customer.region, world.coverage):
        error = link.error
        if world.policy.master_read and world.now.part - written < link.delay:
            return False
    return not version_is_wrong(customer, Flow.CART, world.channels[lies_in].code, written, error, world.luck)


@rule
def cart_is_readable(customer, relations, row, lies_in, world):
    """Whether this channel sees carts that lie in the other: known at both ends, consent, linked, old enough."""
    if not customer.consents or not is_known(row) or not relations[lies_in].recognized:
        return False
    return can_read(relations, Flow.CART, lies_in, row.channel, relations[lies_in].written, customer.region, world)


@rule
def shared_cart_is_right(customer, relations, lies_in, here, world):
    """Whether the shared record of that cart holds what she put in."""
    error = world.links[Flow.CART][lies_in][here].error
    return not version_is_wrong(customer, Flow.CART, world.channels[lies_in].code, relations[lies_in].written, error, world.luck)


@rule
def same_login(relations, row, lies_in, channels):
    """Whether the cart lies in this very channel, or in its login domain and she is logged in at both."""
    if lies_in == row.channel:
        return True
    if channels[lies_in].domain != channels[row.channel].domain:
        return False
    return is_known(row) and relations[lies_in].recognized


@rule
def cart_found(customer, relations, row, world):
    """Whether the cart of the open need is shown in this visit.

    It is looked for here, and where the newest cart lies. A wrong version has replaced
    the good one: that cart is gone for good, also where she left it.
    """
    journey = customer.journey
    lies_in = journey.cart_channel
    if relations[row.channel].cart_need == journey.need:
        lies_in = row.channel
    if same_login(relations, row, lies_in, world.channels):
        if own_cart_is_right(customer, relations, lies_in, row.channel, world):
            return True
    elif not cart_is_readable(customer, relations, row, lies_in, world):
        return False
    elif shared_cart_is_right(customer, relations, lies_in, row.channel, world):
        return True
    relations[lies_in].cart_need = -1
    if journey.cart_channel == lies_in:
        journey.cart_channel = -1
    return False


@rule
def list_is_here(customer, relations, row, source, world):
    """Whether what lies about her need in another channel is seen here: by login or by the cart flow."""
    if same_login(relations, row, source, world.channels):
        return True
    return (cart_is_readable(customer, relations, row, source, world)
            and shared_cart_is_right(customer, relations, source, row.channel, world))


@rule
def arrive_with_context(customer, relations, row, world):
    """Find out what came along; sets the phase, `row.cart_lost` and `row.asked_again`.

    Returns 1.0 if everything that she had in hand came along, 0.0 if something did
    not, -1.0 if she had nothing in hand.
    """
    journey = customer.journey
    context = world.parameters.context
    here = relations[row.channel]
    in_hand = -1.0
    if journey.cart_channel >= 0:
        in_hand = 1.0
        if cart_found(customer, relations, row, world):
            journey.phase = Phase.CART
        else:
            in_hand = 0.0
            row.cart_lost = True
            start_again(journey, context.effort_lost_cart, context)
    else:
        journey.phase = Phase.SEARCH
    before = row.before
    if before >= 0 and before != row.channel and relations[before].knowledge >= context.knowledge_threshold:
        if list_is_here(customer, relations, row, before, world):
            here.knowledge = max(here.knowledge, relations[before].knowledge)
            in_hand = max(in_hand, 1.0) if not row.cart_lost else 0.0
        elif relations[before].recognized and here.knowledge < context.knowledge_threshold:
            in_hand = 0.0
            row.asked_again = row.identified
            if not row.cart_lost:
                start_again(journey, context.effort_lost_knowledge, context)
    return in_hand


@rule
def start_again(journey, effort, context):
    """Back to searching with what is in her head, at an effort."""
    journey.phase = Phase.SEARCH
    journey.head_knowledge *= context.memory_of_knowledge
    journey.effort += effort


@rule
def begin_cart(customer, relations, row, part, tally):
    """Put the item into a cart of this channel, unless the one that came along is shown here."""
    journey = customer.journey
    here = relations[row.channel]
    if here.cart_need != journey.need:
        here.cart_need = journey.need
        here.cart_since = part
        if journey.counted:
            tally.carts[customer.segment, row.channel, 0] += 1
    journey.cart_channel = row.channel


@rule
def write_version(journey, relations, row, part):
    """The visit writes a new version of what lies here, and of the cart that it showed."""
    relations[row.channel].written = part
    if journey.phase >= Phase.CART and journey.cart_channel >= 0:
        relations[journey.cart_channel].written = part


@rule
def count_left_carts(customer, relations, cause, world):
    """The carts that a journey without order leaves behind: of somebody who only looked around, was not ready, other."""
    journey = customer.journey
    if not journey.counted:
        return
    reason = 2
    if cause == Cause.NOT_READY:
        reason = 1
    if journey.intent == Intent.BROWSE:
        reason = 0
    for index in range(len(relations)):
        if relations[index].cart_need == journey.need:
            world.tally.carts_left[customer.segment, index, reason] += 1
