"""M3 Waiting, as far as one staffed desk: each wait follows from who stands before her."""

from simsuite.machine.compiled import rule
from simsuite.rules.mathematics import FOREVER, clock


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
def stand_in_line(row, desk):
    """First come, first served: the wait is the time until the server is free.

    Whoever is less patient leaves and takes no server.
    """
    row.wait = max(0.0, desk.free_at - row.minute)
    row.served = row.wait <= row.patience
    desk.arrivals += 1
    desk.waited += row.wait
    if row.served:
        desk.free_at = max(desk.free_at, row.minute) + row.service


@rule
def publish_wait(desk, minute, smoothing):
    """The wait that people expect: last daypart's mean wait, or what is left of the line, smoothed."""
    mean = max(0.0, desk.free_at - minute)
    if desk.arrivals > 0:
        mean = desk.waited / desk.arrivals
    desk.expected_wait += smoothing * (mean - desk.expected_wait)
    desk.arrivals = 0
    desk.waited = 0.0
