"""M13 Feelings: what a visit felt like against what was expected, and what that teaches.

Losses weigh more than gains, the weight falls with tenure, and the expectation in a
channel is mostly what the firm as a whole has taught her: expectations travel.
"""

from simsuite.machine.marks import rule
from simsuite.rules.learning import learn, liking_of
from simsuite.rules.mechanism import LEARNED, Mechanism, count, nested, share
from simsuite.rules.statements import clash_weight

MECHANISM = Mechanism(
    parameters="feelings",
    customer=(
        share("satisfaction", 0.7, "with the firm"),
        count("experiences", "visits that taught her something"),
    ),
    relation=(nested("liking", LEARNED, "experience in this channel"),),
)


@rule
def experience_of_visit(customer, visit, weight, feelings):
    """How the visit felt, 0 to 1; `weight`: how much a failed switch weighs to her."""
    felt = feelings.neutral + feelings.step * visit.race.steps
    if visit.help.factor > 1.0:
        felt += feelings.good_help
    if visit.help.factor < 1.0:
        felt -= feelings.wrong_help
    felt -= feelings.price_surprise * (visit.price.excess + visit.promotion.missing)
    felt += feelings.price_surprise * visit.price.good_surprise
    if visit.context.cart_lost:
        felt -= feelings.cart_lost * weight
    if visit.context.asked_again:
        felt -= feelings.asked_again * weight
    if visit.identity.creepy:
        felt -= feelings.creepy
    if visit.stock.out:
        felt -= feelings.broken_promise if visit.stock.promised else feelings.out_of_stock
    felt -= feelings.waiting * min(visit.line.wait, visit.line.patience)
    felt -= feelings.effort * customer.journey.effort / customer.effort_budget
    return min(1.0, max(0.0, felt))


@rule
def weight_of_experience(customer, feelings):
    """Learning weight: falls with the number of experiences, never below its floor (F67)."""
    return max(
        feelings.learning_floor, feelings.learning_weight / (1.0 + feelings.tenure_effect * customer.experiences)
    )


@rule
def feel_visit(customer, relations, visit, world):
    """Take the visit in: of one that ended in the line nothing but the wait; a pick-up teaches nothing new."""
    if visit.collecting:
        return
    if visit.line.served:
        feel(customer, relations, visit, clash_weight(visit.belief, world.parameters.statements), world)
    else:
        visit.help.factor = 1.0
        feel(customer, relations, visit, 0.0, world)


@rule
def feel(customer, relations, visit, weight, world):
    """Satisfaction by disconfirmation, liking of the channel by experience."""
    feelings = world.parameters.feelings
    here = relations[visit.channel]
    felt = experience_of_visit(customer, visit, weight, feelings)
    liking = liking_of(here, world)
    expected = feelings.firm_share * customer.satisfaction + (1.0 - feelings.firm_share) * liking
    surprise = felt - expected
    if surprise < 0.0:
        surprise *= feelings.asymmetry
    satisfaction = customer.satisfaction + weight_of_experience(customer, feelings) * surprise
    customer.satisfaction = min(1.0, max(0.0, satisfaction))
    customer.experiences += 1
    learn(here.liking, felt, 1.0, world.now.part, world.fading)
