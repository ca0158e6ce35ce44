"""M3 Waiting: one line before all clerks of a desk; each wait follows from who stands before her."""

from simsuite.machine.marks import rule
from simsuite.rules.mathematics import FOREVER, clock
from simsuite.rules.mechanism import Mechanism, counts, group, real, whole, yes
from simsuite.tallies import Line
from simsuite.vocabulary import MAX_CHANNELS

MECHANISM = Mechanism(
    parameters="waiting",
    visit=(
        group(
            "line",
            whole("desk", -1, "desk that she stands at; -1 none"),
            real("service", 0.0, "minutes at the desk that she asks for"),
            real("patience", 0.0, "minutes that she waits"),
            real("wait", 0.0, "minutes offered"),
            yes("served", True, "did not leave the line"),
            meaning="the line before the desk",
        ),
    ),
    tally=(counts(*("queue", MAX_CHANNELS, len(Line)), meaning="arrivals at a desk, left the line, seconds waited"),),
)


@rule
def minutes_at_desk(u, mean):
    """Service time, exponential with this mean; belongs to the visit, never to the server."""
    if mean <= 0.0:
        return 0.0
    return clock(u, 1.0 / mean)


@rule
def patience_minutes(u, mean):
    """Exponential patience (F58)."""
    if mean >= 1e12:
        return FOREVER
    return clock(u, 1.0 / mean)


@rule
def first_free(clerks, count):
    """Index of the clerk who is free first, the first of equals."""
    first = 0
    for index in range(1, count):
        if clerks[index].free_at < clerks[first].free_at:
            first = index
    return first


@rule
def stand_in_line(visit, desk, clerks):
    """First come, first served: the wait is the time until a clerk is free.

    Whoever is less patient leaves and takes no clerk.
    """
    clerk = clerks[first_free(clerks, desk.clerks)]
    visit.line.wait = max(0.0, clerk.free_at - visit.minute)
    visit.line.served = visit.line.wait <= visit.line.patience
    desk.arrivals += 1
    desk.waited += visit.line.wait
    if visit.line.served:
        clerk.free_at = max(clerk.free_at, visit.minute) + visit.line.service


@rule
def publish_wait(desk, clerks, minute, smoothing):
    """The wait that people expect: last daypart's mean wait, or what is left of the line, smoothed."""
    mean = max(0.0, clerks[first_free(clerks, desk.clerks)].free_at - minute)
    if desk.arrivals > 0:
        mean = desk.waited / desk.arrivals
    desk.expected_wait += smoothing * (mean - desk.expected_wait)
    desk.arrivals = 0
    desk.waited = 0.0
