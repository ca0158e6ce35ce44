"""Reading what another channel knows. The only place where links and coverage are looked at.

Links are drawn once: a record is connected iff its u is below the coverage, and a
switch needs both ends. Records are never copied: a read looks at the source, both
links, the age of the record, and whether that version is wrong.
"""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw, pair_of
from simsuite.vocabulary import FIRM, PARTS_PER_DAY, Decision


@rule
def is_connected(relations, index, flow, region, coverage):
    """Whether this customer's record in channel `index` is connected to the shared one."""
    return relations[index].link < coverage[flow][index][region].share


@rule
def can_read(relations, flow, source, here, written, region, world):
    """Whether channel `here` sees what channel `source` wrote about her in part `written`."""
    if written < 0 or world.now.part - written < world.links[flow][source][here].delay:
        return False
    return is_connected(relations, source, flow, region, world.coverage) and is_connected(
        relations, here, flow, region, world.coverage
    )


@rule
def version_is_wrong(customer, flow, code, written, error, luck):
    """Whether the version of her record that was written in that part, in the channel of this code, is wrong."""
    if error <= 0.0:
        return False
    return draw(luck, customer.number, written + 1, Decision.VERSION, flow * 64 + code) < error


@rule
def channel_can_read(flow, source, here, region, world):
    """The same for records that belong to the channel, not to a customer: price, promotion, stock."""
    if world.links[flow][source][here].delay > 400 * PARTS_PER_DAY:
        return False
    return (
        world.channels[source].link < world.coverage[flow][source][region].share
        and world.channels[here].link < world.coverage[flow][here][region].share
    )


@rule
def channel_version_item(flow, pair):
    """Flow, from 0 to 15, and pair of channels as one number that no other two share."""
    return pair // 256 * 4096 + flow * 256 + pair % 256


@rule
def channel_version_is_wrong(flow, source, here, day, item, world):
    """Whether what `here` holds of `source` on this day (about this item) is wrong."""
    error = world.links[flow][source][here].error
    if error <= 0.0:
        return False
    occasion = (day + 100000) * 512 + item
    pair = pair_of(world.channels[source].code, world.channels[here].code)
    return draw(world.luck, FIRM, occasion, Decision.CHANNEL_VERSION, channel_version_item(flow, pair)) < error


@rule
def delay_in_days(flow, source, here, world):
    """Whole days by which `here` lags behind `source`."""
    return world.links[flow][source][here].delay // PARTS_PER_DAY
