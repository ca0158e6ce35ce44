"""Luck: every uniform number is a pure function of what it decides about.

Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): key = seed, counter = (actor,
occasion, decision and item, replication). One call gives four uniforms, which
serve four neighboring channels or causes. The strategy is in no key: that makes twins.
What is mostly needed together is drawn ahead, four such calls in one go: the same
numbers, which a processor works out side by side.
"""

from simsuite.machine.instructions import four_philox_of_machine
from simsuite.machine.marks import rule, twin

MASK = 4294967295


@rule
def philox(key_0, key_1, counter_0, counter_1, counter_2, counter_3):
    """Ten rounds of Philox 4x32: four 32-bit words from a 64-bit key and a 128-bit counter.

    Both halves of a product are cleared, so that it is right in machine numbers of 64 bits as well.
    """
    for _ in range(10):
        first, second = 3528531795 * counter_0, 3449720151 * counter_2
        counter_0, counter_1 = second >> 32 & MASK ^ counter_1 ^ key_0, second & MASK
        counter_2, counter_3 = first >> 32 & MASK ^ counter_3 ^ key_1, first & MASK
        key_0 = (key_0 + 2654435769) & MASK
        key_1 = (key_1 + 3144134277) & MASK
    return counter_0, counter_1, counter_2, counter_3


@rule
def uniform(word):
    """A 32-bit word as a number strictly between 0 and 1: the middle of its interval."""
    return (word + 0.5) * 2.3283064365386963e-10


@rule
def key_of(decision, item):
    """Decision and item as one number: items of the same four share it."""
    return decision * 65536 + item // 4


@rule
def pair_of(source, here):
    """Two numbers of channels, each from 0 to 63, as one from 0 to 4095; of two below 16 it is below 256."""
    return (source // 16 * 4 + here // 16) * 256 + source % 16 * 16 + here % 16


@rule
def draw4(luck, actor, occasion, decision, item):
    """The four uniforms for items item, item+1, item+2, item+3 (`item` a multiple of four).

    Parameters
    ----------
    luck : key_0, key_1 (the seed's bits), replication
    actor : int, 0 to 2^32 - 1: customer, stock pool, shopper or firm
    occasion : int, 0 to 2^32 - 1: need, visit, day or week as `Decision` says
    decision : int, code of `Decision`
    item : int, 0 to 262140: step x 64 + clock, channel, ...

    Returns
    -------
    four floats in (0, 1)
    """
    w0, w1, w2, w3 = philox(
        luck.key_0, luck.key_1, actor & MASK, occasion & MASK, key_of(decision, item), luck.replication
    )
    return uniform(w0), uniform(w1), uniform(w2), uniform(w3)


@rule
def draw(luck, actor, occasion, decision, item):
    """The one uniform of `item`; the same number that `draw4` gives at its place."""
    u0, u1, u2, u3 = draw4(luck, actor, occasion, decision, item)
    place = item % 4
    if place == 0:
        return u0
    if place == 1:
        return u1
    if place == 2:
        return u2
    return u3


@twin(four_philox_of_machine)
def four_philox(bits, key_0, key_1, counter_0, counters_1, counters_2, counter_3):
    """Philox for four counters; word k of call c to `bits[4 k + c]`."""
    for call in range(4):
        made = philox(key_0, key_1, counter_0, counters_1[call], counters_2[call], counter_3)
        for place in range(4):
            bits[4 * place + call] = made[place]


@rule
def draw_ahead(bits, luck, actor, occasions, keys):
    """Four calls of `draw4` at once; `drawn` and `drawn4` look at them until the next draw ahead.

    Parameters
    ----------
    bits : sixteen whole numbers, overwritten
    occasions, keys : of each of the four calls; a key is `key_of(decision, item)`
    """
    four_philox(
        bits,
        luck.key_0,
        luck.key_1,
        actor & MASK,
        (occasions[0] & MASK, occasions[1] & MASK, occasions[2] & MASK, occasions[3] & MASK),
        keys,
        luck.replication,
    )


@rule
def drawn4(bits, call):
    """The four uniforms of one of the calls, 0 to 3: those that `draw4` gives."""
    return uniform(bits[call]), uniform(bits[4 + call]), uniform(bits[8 + call]), uniform(bits[12 + call])


@rule
def drawn(bits, call, place):
    """One uniform of a call: the one that `draw` gives for item + `place`, 0 to 3."""
    return uniform(bits[4 * place + call])
