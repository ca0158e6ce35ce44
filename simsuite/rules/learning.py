"""M13 Learning: one form for everything learned from experience.

mean = (n0 m + sum w x) / (n0 + sum w), evidence halving with time: claims and
nudges fade with own experience, and nothing is learned about a strategy.
"""

from simsuite.machine.marks import rule
from simsuite.rules.mathematics import LOG_2, exp
from simsuite.rules.mechanism import LEARNED, Mechanism, nested, real
from simsuite.vocabulary import PARTS_PER_DAY

MECHANISM = Mechanism(
    parameters="learning",
    customer=(
        nested("belief", LEARNED, "that channels work together"),
        nested("shelf_silent", LEARNED, "of finding an item when nothing was shown"),
        nested("shelf_yes", LEARNED, "of finding an item shown as in stock"),
        nested("shelf_no", LEARNED, "of finding an item shown as out of stock"),
    ),
    visit=(real("belief", 0.0, "in continuity, as she arrived"),),
)


@rule
def keep_fading(fading, half_life):
    """Table by dayparts gone: the share of old evidence that is left; one half after `half_life` days; 0 to 1.

    It is made on the first day, and anew where the half-life has been changed.
    """
    if fading[1] == exp(-LOG_2 / (half_life * PARTS_PER_DAY)):
        return
    for parts in range(len(fading)):
        fading[parts] = exp(-LOG_2 * parts / (half_life * PARTS_PER_DAY))


@rule
def faded(part, since, fading):
    """Share of the evidence up to part `since` that is left in this part; 0 to 1."""
    return fading[max(0, part - since)]


@rule
def learned_mean(learned, prior, prior_weight, part, fading):
    """What she expects now: prior and faded evidence, weighed; between prior and experience."""
    left = faded(part, learned.since, fading)
    seen = prior_weight * prior + left * learned.evidence
    weight = prior_weight + left * learned.weight
    if learned.weight <= 0.0:
        seen, weight = prior, 1.0
    return seen / weight


@rule
def learn(learned, experience, weight, part, fading):
    """Take in one experience (0 to 1) of this weight, after fading what was there."""
    left = faded(part, learned.since, fading)
    learned.evidence = left * learned.evidence + weight * experience
    learned.weight = left * learned.weight + weight
    learned.since = part


@rule
def belief_in_continuity(customer, world):
    """Her belief, 0 to 1, that what she has in hand survives a change of channel."""
    learning = world.parameters.learning
    return learned_mean(
        customer.belief, learning.belief_prior, learning.belief_prior_weight, world.now.part, world.fading
    )


@rule
def liking_of(relation, world):
    """Her liking of a channel, 0 to 1: the experience she made there, neutral before any."""
    weight = world.parameters.learning.liking_prior_weight
    return learned_mean(relation.liking, world.parameters.feelings.neutral, weight, world.now.part, world.fading)
