"""Draws ahead: what a need, a choice and a visit mostly ask luck for, in one go.

The numbers are those that `draw4` gives; a machine works out four calls side by side in
little more than the time of one. They lie in `visit.bits` until the next of these draws.
"""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw_ahead, key_of
from simsuite.vocabulary import Decision, Phase

KIND, SIZE, CLOCK, CONSIDERED = range(4)  # the calls for a need
CHOICE, ARRIVAL = 0, 3  # for a choice: calls 0 to 2 for channels of the codes 0 to 11, call 3 for the arrival
IDENTITY, DELIVERY, EARLY_CLOCKS, LATE_CLOCKS = range(4)  # for a visit; both are clocks of the step of searching
CHANNELS_AHEAD = 12  # channels with a lower code; beyond, each draws for itself
LATE_GROUP = 16  # the first of the late clocks


@rule
def draw_for_need(customer, bits, luck):
    """For her next need: what it is about, whether she considers it, and the time until the one after it."""
    need = customer.next_need
    draw_ahead(
        bits,
        luck,
        customer.number,
        (need, need, need + 1, need),
        (
            key_of(Decision.NEED_KIND, 0),
            key_of(Decision.NEED_SIZE, 0),
            key_of(Decision.NEED_CLOCK, 0),
            key_of(Decision.CONSIDER, 0),
        ),
    )


@rule
def draw_for_choice(customer, bits, occasion, luck):
    """For the choice of a channel, as far as its code is below twelve, and for the arrival there."""
    draw_ahead(
        bits,
        luck,
        customer.number,
        (occasion, occasion, occasion, occasion),
        (
            key_of(Decision.CHOICE, 0),
            key_of(Decision.CHOICE, 4),
            key_of(Decision.CHOICE, 8),
            key_of(Decision.ARRIVAL, 0),
        ),
    )


@rule
def draw_for_visit(customer, bits, occasion, luck):
    """For a visit: who she is to the channel, how she would have an order delivered, and the step of searching."""
    step = Phase.SEARCH * 64
    draw_ahead(
        bits,
        luck,
        customer.number,
        (occasion, customer.journey.need, occasion, occasion),
        (
            key_of(Decision.IDENTIFY, 0),
            key_of(Decision.DELIVERY_CHOICE, 0),
            key_of(Decision.RACE, step),
            key_of(Decision.RACE, step + LATE_GROUP),
        ),
    )
