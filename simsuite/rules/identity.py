"""M4 Identity: whom the channel believes to have in front of it."""

from simsuite.machine.compiled import rule
from simsuite.rules.draws_ahead import IDENTITY
from simsuite.rules.links import can_read, is_connected
from simsuite.rules.luck import draw, drawn4
from simsuite.vocabulary import Decision, Flow, Recognition


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
def identify(customer, relations, row, world):
    """She says who she is, or a channel that knows her recognizes her, or nobody knows.

    With the identity flow the channel shows the shared record: more people are
    recognized, and some are taken for somebody else (L1).
    """
    here = relations[row.channel]
    channel = world.channels[row.channel]
    u0, u1, u2, u3 = drawn4(row.words, IDENTITY)
    row.identified = u0 < channel.identification_rate or (world.policy.everybody_known and channel.shares_data)
    source = knows_from_elsewhere(customer, relations, row.channel, world)
    row.recognition = Recognition.NOBODY
    if row.identified or (here.known_since >= 0 and u1 < channel.recognizable):
        row.recognition = Recognition.OWN_RECORD
    elif source >= 0 and u1 < channel.recognizable:
        row.recognition = Recognition.SHARED_RECORD
    if row.recognition != Recognition.NOBODY and source >= 0:
        if falsely_merged(customer, relations, source, row.channel, world):
            row.recognition = Recognition.WRONG_PERSON
            row.merged_from = source
            if u2 < world.parameters.identity.complaint_probability:
                here.complained = True
    row.creepy = (
        customer.privacy_concerned
        and not row.identified
        and row.recognition == Recognition.SHARED_RECORD
        and not world.policy.discreet
    )
    if row.creepy and u3 < world.parameters.identity.withdrawal_probability:
        customer.consents = False


@rule
def is_known(row):
    """Whether the channel knows rightly who she is."""
    return row.recognition == Recognition.OWN_RECORD or row.recognition == Recognition.SHARED_RECORD


@rule
def keep_record(relations, row, part):
    """Whoever is rightly known leaves a record here from now on; anonymous visits leave none."""
    here = relations[row.channel]
    here.recognized = is_known(row)
    if here.recognized and here.known_since < 0:
        here.known_since = part
