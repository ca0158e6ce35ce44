"""Whom the audit sends: every directed pair of channels, persona and gap of 0, 1 and 3 days, each shopper once."""

from itertools import product

import pytest
from worlds import Encounter

from simsuite.machine.rulebook import link, standard_rules

SENT: list[tuple] = []


def note_shopper(shopper, relations, visit, source, here, persona, gap, number, world):
    SENT.append((source, here, persona, gap, number))


@pytest.mark.parametrize("shoppers", [0, 1, 4])
def test_every_shopper_is_sent_once(shoppers):
    world = Encounter("integrated", parameters__audit__shoppers=shoppers).world
    world.now.day = 0
    channels = range(len(world.channels))
    watched = link({**standard_rules().functions, "send_shopper": note_shopper}, lambda name, function: function)
    SENT.clear()
    watched["audit_day"](world, None, None, None)
    pairs = [(source, here) for source in channels for here in channels if source != here]
    every = {(*pair, *rest) for pair, *rest in product(pairs, range(3), (0, 1, 3), range(shoppers))}
    assert len(SENT) == len(every) == len(pairs) * 9 * shoppers and set(SENT) == every
