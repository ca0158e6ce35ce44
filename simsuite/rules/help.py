"""M4 and the profile flow: help from what is known about her acts on what the visit teaches.

Recognized rightly the knowledge gain is larger, taken for somebody else or shown a
wrong profile smaller; help is no bonus on progress.
"""

from simsuite.machine.marks import rule
from simsuite.rules.identity import is_known, may_link
from simsuite.rules.links import can_read, is_connected, version_is_wrong
from simsuite.rules.mechanism import Mechanism, group, real
from simsuite.vocabulary import Flow, Recognition

MECHANISM = Mechanism(
    flows=(Flow.PROFILE,),
    visit=(
        group(
            "help",
            real("gain", 0.0, "knowledge gain of the channel"),
            real("factor", 1.0, "times the knowledge gain"),
            meaning="what is known about her helps her to learn",
        ),
    ),
)


@rule
def profile_source(customer, relations, here, world):
    """Index of another channel whose history of her can be read here; -1 none."""
    if not may_link(customer, world.policy) or not is_connected(
        relations, here, Flow.PROFILE, customer.region, world.coverage
    ):
        return -1
    for source in range(len(relations)):
        if source != here and can_read(
            relations, Flow.PROFILE, source, here, relations[source].known_since, customer.region, world
        ):
            return source
    return -1


@rule
def receive_help(customer, relations, visit, world):
    """Sets `visit.help.factor`: above 1 with the right history, below 1 with a wrong one, 1 with none.

    A connected channel shows the shared record, with the error of the flow; a silo its own,
    with the small error of its own (L1).
    """
    race = world.parameters.race
    if visit.identity.recognition == Recognition.WRONG_PERSON:
        visit.help.factor = race.help_wrong
        return
    if not is_known(visit):
        return
    source = profile_source(customer, relations, visit.channel, world)
    if source >= 0:
        visit.identity.greeted = True
        error = world.links[Flow.PROFILE][source][visit.channel].error
    elif relations[visit.channel].known_since >= 0:
        source = visit.channel
        error = world.parameters.context.own_error
    else:
        return
    written = relations[source].written
    wrong = version_is_wrong(customer, Flow.PROFILE, world.channels[source].code, written, error, world.luck)
    visit.help.factor = race.help_wrong if wrong else race.help_right
