"""M13 Learning: one form for everything learned from experience.

mean = (n0 m + sum w x) / (n0 + sum w), evidence halving with time: claims and
nudges fade with own experience, and nothing is learned about a strategy.
"""

from simsuite.compiled import rule
from simsuite.rules.mathematics import LOG_2, exp
from simsuite.vocabulary import PARTS_PER_DAY


@rule
def faded(part, since, half_life):
    """Share of old evidence that is left: one half after `half_life` days; 0 to 1."""
    if part <= since:
        return 1.0
    return exp(-LOG_2 * (part - since) / (half_life * PARTS_PER_DAY))


@rule
def learned_mean(learned, prior, prior_weight, part, half_life):
    """What she expects now: prior and faded evidence, weighed; between prior and experience."""
    if learned.weight <= 0.0:
        return prior
    left = faded(part, learned.since, half_life)
    return (prior_weight * prior + left * learned.evidence) / (prior_weight + left * learned.weight)


@rule
def learn(learned, experience, weight, part, half_life):
    """Take in one experience (0 to 1) of this weight, after fading what was there."""
    left = faded(part, learned.since, half_life)
    learned.evidence = left * learned.evidence + weight * experience
    learned.weight = left * learned.weight + weight
    learned.since = part + 0.0


@rule
def belief_in_continuity(customer, part, learning):
    """Her belief, 0 to 1, that what she has in hand survives a change of channel."""
    return learned_mean(customer.belief, learning.belief_prior, learning.belief_prior_weight, part, learning.half_life)


@rule
def liking_of(relation, part, feelings, learning):
    """Her liking of a channel, 0 to 1: the experience she made there, neutral before any."""
    return learned_mean(relation.liking, feelings.neutral, learning.liking_prior_weight, part, learning.half_life)
