"""M13 Feelings: what a visit felt like against what was expected, and what that teaches.

Losses weigh more than gains, the weight falls with tenure, and the expectation in a
channel is mostly what the firm as a whole has taught her: expectations travel.
"""

from simsuite.machine.compiled import rule
from simsuite.rules.learning import learn, liking_of


@rule
def experience_of_visit(customer, row, weight, feelings):
    """How the visit felt, 0 to 1; `weight`: how much a failed switch weighs to her."""
    felt = feelings.neutral + feelings.step * row.steps
    if row.help_factor > 1.0:
        felt += feelings.good_help
    if row.help_factor < 1.0:
        felt -= feelings.wrong_help
    felt -= feelings.bad_surprise * (row.price_excess + row.promotion_missing)
    felt += feelings.good_surprise * row.good_surprise
    if row.cart_lost:
        felt -= feelings.cart_lost * weight
    if row.asked_again:
        felt -= feelings.asked_again * weight
    if row.creepy:
        felt -= feelings.creepy
    if row.stock_out:
        felt -= feelings.broken_promise if row.promised else feelings.out_of_stock
    felt -= feelings.waiting * min(row.wait, row.patience)
    felt -= feelings.effort * customer.journey.effort / customer.effort_budget
    return min(1.0, max(0.0, felt))


@rule
def weight_of_experience(customer, feelings):
    """Learning weight: falls with the number of experiences, never below its floor (F67)."""
    return max(
        feelings.learning_floor, feelings.learning_weight / (1.0 + feelings.tenure_effect * customer.experiences)
    )


@rule
def feel_wait(customer, relations, row, world):
    """She left the line: nothing but the wait to remember the visit by."""
    row.help_factor = 1.0
    feel(customer, relations, row, 0.0, world)


@rule
def feel(customer, relations, row, weight, world):
    """Take the visit in: satisfaction by disconfirmation, liking of the channel by experience."""
    feelings = world.parameters.feelings
    here = relations[row.channel]
    felt = experience_of_visit(customer, row, weight, feelings)
    liking = liking_of(here, world)
    expected = feelings.firm_share * customer.satisfaction + (1.0 - feelings.firm_share) * liking
    surprise = felt - expected
    if surprise < 0.0:
        surprise *= feelings.asymmetry
    satisfaction = customer.satisfaction + weight_of_experience(customer, feelings) * surprise
    customer.satisfaction = min(1.0, max(0.0, satisfaction))
    customer.experiences += 1
    learn(here.liking, felt, 1.0, world.now.part, world.fading)
