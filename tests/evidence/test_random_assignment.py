"""Channels by lot: every channel that is open and that she can reach has the same chance; nothing else matters."""

from math import sqrt
from types import SimpleNamespace

import pytest
from worlds import Encounter

from simsuite.engines.at_work import at_work
from simsuite.evidence.calibration import calibrated_world
from simsuite.evidence.random_assignment import choose_channel, reached_by_all
from simsuite.rules import replace
from simsuite.rules.choice import UNREACHABLE
from simsuite.vocabulary import Daypart

LOTS = 4_000


@pytest.fixture(scope="module")
def by_lot():
    met = Encounter()
    met.rules = SimpleNamespace(**vars(replace(choose_channel=choose_channel).interpreted))
    return met


def shares(met, utilities):
    """Share of each channel in many lots."""
    row = met.at("store")
    row.utilities[: len(utilities)] = utilities
    drawn = [met.rules.choose_channel(met.customer, row, occasion, met.world) for occasion in range(LOTS)]
    return [drawn.count(index) / LOTS for index in range(len(utilities))]


def test_every_channel_has_the_same_chance_whatever_it_is_worth(by_lot):
    """Seven channels: 1/7 each, within four standard errors."""
    error = sqrt(1 / 7 * 6 / 7 / LOTS)
    assert shares(by_lot, [5.0, 0.0, 0.0, -5.0, 0.0, 0.0, 1.0]) == pytest.approx([1 / 7] * 7, abs=4 * error)


def test_a_channel_that_she_does_not_have_or_that_is_closed_is_never_drawn(by_lot):
    """In the evening the store and the phone are closed; she has no app either: a quarter for each of the rest."""
    world = by_lot.world
    app, closed = by_lot.channel("app"), {by_lot.channel("store"), by_lot.channel("phone")}
    before = world.now.daypart
    with at_work():
        world.now.daypart = Daypart.EVENING
    found = shares(by_lot, [UNREACHABLE if index == app else 0.0 for index in range(7)])
    with at_work():
        world.now.daypart = before
    assert {index for index, share in enumerate(found) if share == 0} == closed | {app}
    assert [share for share in found if share] == pytest.approx([0.25] * 4, abs=4 * sqrt(0.25 * 0.75 / LOTS))


def test_forced_use_means_that_everybody_has_every_channel():
    channels = reached_by_all(calibrated_world(100, 30, 10)).channels
    assert {(channel.reach_share, channel.reach_engagement) for channel in channels.values()} == {(1.0, 0.0)}
