"""M12 Prices and promotions: who decides; the same money whoever decides.

Local: each channel has its own weekly price and its own promotion weeks. Central:
one price and one calendar for all channels of the firm. Every channel has the same
number of promotion weeks in every season, in both worlds, and the days that are
counted hold whole seasons.
"""

from simsuite.machine.marks import rule
from simsuite.rules.luck import draw
from simsuite.rules.mathematics import normal
from simsuite.rules.mechanism import Mechanism
from simsuite.vocabulary import FIRM, PARTS_PER_DAY, Decision

FIRM_CALENDAR = 63  # item of the draws of a central decision
WEEKS_BEFORE = 10000  # keeps the week's number positive in the warm-up

MECHANISM = Mechanism(parameters="promotions", decisions=(Decision.PRICE_WEEK, Decision.PROMOTION_WEEK))


@rule
def decided_by(channel, central):
    """Whose draw decides: the firm's where authority is central, else the channel's own."""
    if central and channel.shares_data:
        return FIRM_CALENDAR
    return channel.code


@rule
def week_price(channel, week, central, promotions, luck):
    """Price of this week, share of list: around the channel's own level, or one for all around list."""
    who = decided_by(channel, central)
    deviation = promotions.price_spread * normal(draw(luck, FIRM, week + WEEKS_BEFORE, Decision.PRICE_WEEK, who))
    level = channel.price_level if who == channel.code else 0.0
    return max(0.01, 1.0 + level + deviation)


@rule
def counted_weeks(now):
    """Whole weeks of the horizon."""
    return (now.last_counted_part - now.switch_part) // (7 * PARTS_PER_DAY)


@rule
def season_of(week, weeks, season_weeks):
    """First week of the season that this week belongs to, and the first after it.

    The `weeks` whole weeks of the horizon are divided into seasons of nearly `season_weeks`;
    before and after them seasons have just that length. A week that the horizon does
    not hold whole belongs to the season after it.
    """
    if week < 0 or week >= weeks:
        start = 0 if week < 0 else weeks
        first = start + (week - start) // season_weeks * season_weeks
        return first, first + season_weeks
    seasons = max(1, (2 * weeks + season_weeks) // (2 * season_weeks))
    season = ((week + 1) * seasons - 1) // weeks
    return season * weeks // seasons, (season + 1) * weeks // seasons


@rule
def is_promotion_week(who, week, now, promotions, luck):
    """Whether this week is among the season's promotion weeks: those with the smallest draws.

    There is none in a week that lies partly inside and partly after the horizon.
    """
    weeks = counted_weeks(now)
    if week == weeks and now.last_counted_part > now.switch_part + weeks * 7 * PARTS_PER_DAY:
        return False
    first, after = season_of(week, weeks, promotions.season_weeks)
    quota = int(promotions.promotion_share * (after - first) + 0.5)
    mine = draw(luck, FIRM, week + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who)
    smaller = 0
    for other in range(first, after):
        if draw(luck, FIRM, other + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who) < mine:
            smaller += 1
    return smaller < quota


@rule
def review_week(channels, now, policy, promotions, luck):
    """The weekly review: every channel publishes its price and its promotion."""
    week = now.day // 7
    for index in range(len(channels)):
        channel = channels[index]
        channel.price = week_price(channel, week, policy.central_price, promotions, luck)
        who = decided_by(channel, policy.central_promotion)
        channel.promotion = promotions.depth if is_promotion_week(who, week, now, promotions, luck) else 0.0
