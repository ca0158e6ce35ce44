"""M3 Waiting: each wait follows from who stands before her; who is less patient leaves and takes no
server.
"""

import heapq
import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, parameters, rules, small_retail, thing

from simsuite.engines.model import RetailModel
from simsuite.rules.mathematics import FOREVER

MINUTES = st.floats(0, 60)
VISITORS = st.lists(st.tuples(MINUTES, MINUTES, st.floats(0.1, 30)), max_size=12)


def stand_in_line(visitors, count=1):
    """Visits, desk and clerks after these (minute, service, patience) came in order."""
    desk, clerks = thing("DESK", clerks=count), [thing("CLERK") for _ in range(count)]
    rows = [
        thing("VISIT", minute=minute, line__service=service, line__patience=patience)
        for minute, service, patience in sorted(visitors)
    ]
    for visit in rows:
        rules().stand_in_line(visit, desk, clerks)
    return rows, desk, clerks


@given(VISITORS)
def test_waits_equal_a_naive_list_of_who_stood_before(visitors):
    rows, desk, (clerk,) = stand_in_line(visitors)
    leaves = 0.0  # when the last one served before her leaves the desk
    for visit in rows:
        assert visit.line.wait == max(0.0, leaves - visit.minute)
        assert visit.line.served == (visit.line.wait <= visit.line.patience)
        if visit.line.served:
            leaves = visit.minute + visit.line.wait + visit.line.service
    assert clerk.free_at == pytest.approx(leaves) and desk.arrivals == len(rows)
    assert desk.waited == pytest.approx(sum(visit.line.wait for visit in rows))


@given(VISITORS, st.integers(1, 4))
def test_several_clerks_serve_one_line(visitors, count):
    """The next in line goes to whoever is free first, by a heap of the moments at which clerks are free."""
    rows, _, clerks = stand_in_line(visitors, count)
    free = [0.0] * count
    for visit in rows:
        wait = max(0.0, free[0] - visit.minute)
        assert visit.line.wait == wait and visit.line.served == (wait <= visit.line.patience)
        if visit.line.served:
            heapq.heapreplace(free, max(free[0], visit.minute) + visit.line.service)
    assert sorted(clerk.free_at for clerk in clerks) == pytest.approx(sorted(free))


def naive_line(visitors):
    """Waits of one server, by a list of events in time: arrivals, patience that ends, departures.

    visitors : (minute, service, patience) in the order of arrival

    Returns
    -------
    by visitor, minutes waited until served, or None for whoever left
    """
    events = [(minute, 2, number) for number, (minute, _, _) in enumerate(visitors)]
    heapq.heapify(events)
    line, served_now, waits = [], None, [None] * len(visitors)
    while events:
        now, kind, number = heapq.heappop(events)  # at one moment: departures, then arrivals, then patience
        if kind == 1:
            served_now = None
        elif kind == 2:
            line.append(number)
            heapq.heappush(events, (now + visitors[number][2], 3, number))
        elif number in line:
            line.remove(number)
        if served_now is None and line:
            served_now = line.pop(0)
            waits[served_now] = now - visitors[served_now][0]
            heapq.heappush(events, (now + visitors[served_now][1], 1, served_now))
    return waits


class Watched(RetailModel):
    """A model that writes down who stood at which desk."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.stood = {}
        stand = self.rules.stand_in_line

        def written_down(visit, desk, clerks):
            stand(visit, desk, clerks)
            self.stood.setdefault(visit.line.desk, []).append(visit)

        self.rules = SimpleNamespace(**{**vars(self.rules), "stand_in_line": written_down})


def test_waiting_lines_of_a_whole_run_equal_a_naive_event_list():
    """Every desk of a busy world, over all days: who is served, and how long each has waited. The
    rule looks at one number (when the desk is free); the list follows everybody through the line.
    """
    tables = small_retail(
        300,
        warm_up=0,
        horizon=30,
        cool_down=0,
        channels__store__service="2 h",
        channels__phone__service="1 h",
        parameters__waiting__patience="30 min",
    )
    model = Watched(tables, "integrated")
    model.run(tables.days)
    assert len(model.stood) > 2
    left = 0
    for rows in model.stood.values():
        waits = naive_line([(visit.minute, visit.line.service, visit.line.patience) for visit in rows])
        assert [visit.line.served for visit in rows] == [wait is not None for wait in waits]
        assert [visit.line.wait for visit in rows if visit.line.served] == pytest.approx(
            [wait for wait in waits if wait is not None], abs=1e-6
        )
        left += waits.count(None)
    assert left > 5 and sum(visit.line.wait > 0 for rows in model.stood.values() for visit in rows) > 30


def test_one_who_leaves_takes_no_server():
    rows, _, (clerk,) = stand_in_line([(0.0, 10.0, 5.0), (1.0, 10.0, 5.0), (11.0, 2.0, 5.0)])
    assert [(visit.line.wait, visit.line.served) for visit in rows] == [(0.0, True), (9.0, False), (0.0, True)]
    assert clerk.free_at == 13.0


@given(VISITORS, st.floats(1, 30))
def test_waits_only_grow_when_everybody_takes_longer_and_all_are_patient(visitors, longer):
    patient = [(minute, service, 1e9) for minute, service, _ in visitors]
    slow = [(minute, service + longer, 1e9) for minute, service, _ in visitors]
    for before, after in zip(stand_in_line(patient)[0], stand_in_line(slow)[0], strict=True):
        assert after.line.wait >= before.line.wait or before.line.service > 0


@given(MINUTES, st.floats(0.01, 1), MINUTES, st.integers(0, 5))
def test_the_published_wait_lies_between_the_old_one_and_the_new_mean(expected, smoothing, waited, arrivals):
    desk = thing("DESK", expected_wait=expected, waited=waited, arrivals=arrivals)
    rules().publish_wait(desk, [thing("CLERK", free_at=30.0)], 10.0, smoothing)
    mean = waited / arrivals if arrivals else 20.0
    assert min(expected, mean) - 1e-9 <= desk.expected_wait <= max(expected, mean) + 1e-9
    assert desk.expected_wait == pytest.approx(expected + smoothing * (mean - expected))
    assert (desk.arrivals, desk.waited) == (0, 0.0)


def test_a_jam_is_forgotten_when_nobody_comes_any_more():
    desk = thing("DESK", expected_wait=90.0)
    waits = []
    for part in range(30):
        rules().publish_wait(
            desk, [thing("CLERK")], 1000.0 + part, parameters(waiting__smoothing=0.2).waiting.smoothing
        )
        waits.append(desk.expected_wait)
    assert waits == sorted(waits, reverse=True) and waits[-1] < 0.2


@given(st.floats(2.0**-33, 1 - 2.0**-33), st.floats(0.1, 100))
def test_times_are_positive_and_proportional_to_their_means(u, mean):
    for drawn in (rules().minutes_at_desk, rules().patience_minutes):
        assert drawn(u, mean) > 0 and drawn(u, 2 * mean) == pytest.approx(2 * drawn(u, mean))


def test_no_service_takes_no_time_and_endless_patience_is_endless():
    assert rules().minutes_at_desk(0.3, 0.0) == 0.0
    assert rules().patience_minutes(0.3, 1e12) == rules().patience_minutes(0.3, 3e12) == FOREVER


def test_a_time_is_its_mean_where_one_in_e_takes_longer():
    """An exponential time with mean 20 exceeds 20 with probability 1/e."""
    for drawn in (rules().minutes_at_desk, rules().patience_minutes):
        assert drawn(math.exp(-1.0), 20.0) == pytest.approx(20.0)


@pytest.mark.parametrize("wait, patience, served, seconds", [(2.0, 9.0, True, 120), (9.0, 2.5, False, 150)])
def test_seconds_in_the_line_are_counted_until_she_is_served_or_leaves(wait, patience, served, seconds):
    met = Encounter()
    met.world.now.day = 0
    visit = met.at("phone", line__desk=0, line__wait=wait, line__patience=patience, line__served=served)
    met.rules.count_visit(met.customer, visit, met.world)
    assert met.world.tally.queue[met.channel("phone")].tolist() == [1, 0 if served else 1, seconds]
