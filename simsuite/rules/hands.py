"""Hands of luck: what a need, a way to a channel and a visit are sure to ask for, dealt at once.

The numbers are those that `draw4` gives; a machine works out four calls side by side in
little more than the time of one.
"""

from simsuite.compiled import rule
from simsuite.rules.luck import deal, key_of
from simsuite.vocabulary import Decision, Phase

KIND, SIZE, CLOCK, CONSIDERED = range(4)     # of a need
CHOICE, ARRIVAL = 0, 3                       # of a way; the choice has three calls: twelve channels, by code
IDENTITY, DELIVERY, EARLY_CLOCKS, LATE_CLOCKS = range(4)     # of a visit; clocks 0 to 3 and 16 to 19 of its first step


@rule
def deal_need(customer, hand, luck):
    """For her next need: what it is about, whether she considers it, and the time until the one after it."""
    need = customer.next_need
    deal(hand, luck, customer.number, (need, need, need + 1, need),
         (key_of(Decision.NEED_KIND, 0), key_of(Decision.NEED_SIZE, 0), key_of(Decision.NEED_CLOCK, 0), key_of(Decision.CONSIDER, 0)))


@rule
def deal_way(customer, hand, occasion, luck):
    """For a way to a channel: the choice among the first twelve, and the arrival."""
    deal(hand, luck, customer.number, (occasion, occasion, occasion, occasion),
         (key_of(Decision.CHOICE, 0), key_of(Decision.CHOICE, 4), key_of(Decision.CHOICE, 8), key_of(Decision.ARRIVAL, 0)))


@rule
def deal_visit(customer, hand, occasion, luck):
    """For a visit: who she is to the channel, how she would have an order delivered, and the first step."""
    step = Phase.SEARCH * 64
    deal(hand, luck, customer.number, (occasion, customer.journey.need, occasion, occasion),
         (key_of(Decision.IDENTIFY, 0), key_of(Decision.DELIVERY_CHOICE, 0),
          key_of(Decision.RACE, step), key_of(Decision.RACE, step + 16)))
