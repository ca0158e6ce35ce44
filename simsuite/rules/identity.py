"""M4 Identity: whom the channel believes to have in front of it."""

from simsuite.machine.marks import rule
from simsuite.rules.draws_ahead import IDENTITY
from simsuite.rules.links import can_read, is_connected
from simsuite.rules.luck import draw, drawn4
from simsuite.rules.mechanism import Mechanism, code, group, which, whole, yes
from simsuite.vocabulary import Decision, Flow, Recognition

MECHANISM = Mechanism(
    parameters="identity",
    decisions=(Decision.IDENTIFY, Decision.LINK, Decision.MERGE),
    flows=(Flow.IDENTITY,),
    customer=(
        yes("privacy_concerned", False, "minds being recognized"),
        yes("consents", True, "to linking her records"),
    ),
    relation=(
        which("known_since", "part since which her record exists here; -1 none"),
        yes("recognized", False, "at her last visit here for the open need it was known who she is", anew=False),
        yes("complained", False, "had a false merge put right here"),
    ),
    visit=(
        group(
            "identity",
            yes("identified", False, "she said who she is"),
            code("recognition", 0, Recognition),
            whole("merged_from", -1, "channel that the record of another person came from"),
            yes("creepy", False, "recognized without having said who she is, and minds"),
            yes("greeted", False, "what another channel knows about her is known here"),
            meaning="whom the channel believes to have in front of it",
        ),
    ),
)


@rule
def may_link(customer, policy):
    """Whether records of hers may be linked: by her consent; in the upper bound everybody consents."""
    return customer.consents or policy.everybody_known


@rule
def knows_from_elsewhere(customer, relations, here, world):
    """Index of a channel whose record of her this channel can read, by the identity flow; -1 none."""
    if not may_link(customer, world.policy) or not is_connected(
        relations, here, Flow.IDENTITY, customer.region, world.coverage
    ):
        return -1
    for source in range(len(relations)):
        if source != here and can_read(
            relations, Flow.IDENTITY, source, here, relations[source].known_since, customer.region, world
        ):
            return source
    return -1


@rule
def falsely_merged(customer, relations, source, here, world):
    """Whether the shared record that this channel shows is somebody else's; until she complains.

    `source` is the channel that the shared record comes from. One draw a customer and
    channel: who is merged wrongly stays so.
    """
    error = world.links[Flow.IDENTITY][source][here].error
    if error <= 0.0 or relations[here].complained:
        return False
    return draw(world.luck, customer.number, 0, Decision.MERGE, world.channels[here].code) < error


@rule
def identify(customer, relations, visit, world):
    """She says who she is, or a channel that knows her recognizes her, or nobody knows.

    With the identity flow the channel shows the shared record: more people are
    recognized, and some are taken for somebody else (L1).
    """
    here = relations[visit.channel]
    channel = world.channels[visit.channel]
    u0, u1, u2, u3 = drawn4(visit.bits, IDENTITY)
    visit.identity.identified = u0 < channel.identification_rate or (
        world.policy.everybody_known and channel.shares_data
    )
    source = knows_from_elsewhere(customer, relations, visit.channel, world)
    visit.identity.recognition = Recognition.NOBODY
    if visit.identity.identified or (here.known_since >= 0 and u1 < channel.recognizable):
        visit.identity.recognition = Recognition.OWN_RECORD
    elif source >= 0 and u1 < channel.recognizable:
        visit.identity.recognition = Recognition.SHARED_RECORD
    if visit.identity.recognition != Recognition.NOBODY and source >= 0:
        if falsely_merged(customer, relations, source, visit.channel, world):
            visit.identity.recognition = Recognition.WRONG_PERSON
            visit.identity.merged_from = source
            if u2 < world.parameters.identity.complaint_probability:
                here.complained = True
    visit.identity.creepy = (
        customer.privacy_concerned
        and not visit.identity.identified
        and visit.identity.recognition == Recognition.SHARED_RECORD
        and not world.policy.discreet
    )
    if visit.identity.creepy and u3 < world.parameters.identity.withdrawal_probability:
        customer.consents = False


@rule
def is_known(visit):
    """Whether the channel knows rightly who she is."""
    return (
        visit.identity.recognition == Recognition.OWN_RECORD or visit.identity.recognition == Recognition.SHARED_RECORD
    )


@rule
def keep_record(relations, visit, part):
    """Whoever is rightly known leaves a record here from now on; anonymous visits leave none."""
    here = relations[visit.channel]
    here.recognized = is_known(visit)
    if here.recognized and here.known_since < 0:
        here.known_since = part
