"""All mechanisms, and the moments at which the day calls them.

A mechanism is a module with a `MECHANISM`. To add one: write it, name it in MECHANISMS, and call it below
where something of its own happens. What makes up the visit itself is told in `visit.py`.
"""

from simsuite.machine.marks import rule
from simsuite.rules import (
    announcement,
    audit,
    choice,
    context,
    feelings,
    giving_up,
    help,
    identity,
    learning,
    orders,
    promotions,
    race,
    statements,
    stock,
    waiting,
)
from simsuite.rules.announcement import hear_announcement
from simsuite.rules.audit import audit_day
from simsuite.rules.feelings import feel_visit
from simsuite.rules.giving_up import clash_rates
from simsuite.rules.help import receive_help

MECHANISMS = (
    announcement,
    audit,
    choice,
    context,
    feelings,
    giving_up,
    help,
    identity,
    learning,
    orders,
    promotions,
    race,
    statements,
    stock,
    waiting,
)


@rule
def before_occasion(customer, relations, visit, world):
    """She is due: whatever reaches her before she thinks of a need or a visit."""
    hear_announcement(customer, visit, world)


@rule
def at_arrival(customer, relations, visit, world):
    """She has been recognized or not and has heard what is said here: what else the channel does for her."""
    receive_help(customer, relations, visit, world)


@rule
def in_step(customer, relations, visit, world):
    """The rates of the clocks of this step that a mechanism of its own sets, `visit.rates`; all are 0 before."""
    clash_rates(customer, visit, world)


@rule
def after_visit(customer, relations, visit, world):
    """The visit is over and booked, whatever its end: what it leaves in her."""
    feel_visit(customer, relations, visit, world)


@rule
def at_close_of_day(world, shopper, relations, visit):
    """After closing. The three things are those of a mystery shopper, to work with."""
    audit_day(world, shopper, relations, visit)
