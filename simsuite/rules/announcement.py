"""L2 Announcement: the firm tells that its channels work together. Telling costs nothing; keeping it does."""

from simsuite.machine.marks import rule
from simsuite.rules.bookkeeping import note
from simsuite.rules.learning import learn
from simsuite.rules.luck import draw
from simsuite.rules.mechanism import Mechanism, yes
from simsuite.vocabulary import Decision, EventKind

MECHANISM = Mechanism(
    decisions=(Decision.ANNOUNCEMENT,), customer=(yes("announced", False, "has taken in the announcement"),)
)


@rule
def hear_announcement(customer, visit, world):
    """Once, from the switch on: the firm tells her that its channels work together (pseudo-observations)."""
    policy = world.policy
    if customer.announced or policy.announcement_strength <= 0.0 or world.now.part < world.now.announced_from:
        return
    customer.announced = True
    if draw(world.luck, customer.number, 0, Decision.ANNOUNCEMENT, 0) < policy.announcement_reach:
        learn(
            customer.belief,
            policy.announcement_level,
            policy.announcement_strength,
            world.now.announced_from,
            world.fading,
        )
        note(world.page, visit, customer.journey, EventKind.ANNOUNCED, -1, -1, policy.announcement_level)
