"""M12 Prices and promotions: who decides; the same money whoever decides.

Local: each channel has its own weekly price and its own promotion weeks. Central:
one price and one calendar for all channels of the firm. The number of promotion
weeks of every channel is the same in every season, in both worlds.
"""

from simsuite.compiled import rule
from simsuite.rules.luck import draw
from simsuite.rules.mathematics import normal
from simsuite.vocabulary import FIRM, Decision

FIRM_CALENDAR = 63        # item of the draws of a central decision
WEEKS_BEFORE = 10000      # keeps the week's number positive in the warm-up


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
def is_promotion_week(who, week, promotions, luck):
    """Whether this week is among the season's promotion weeks: those with the smallest draws."""
    season = week // promotions.season_weeks
    quota = int(promotions.promotion_share * promotions.season_weeks + 0.5)
    mine = draw(luck, FIRM, week + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who)
    smaller = 0
    for other in range(season * promotions.season_weeks, (season + 1) * promotions.season_weeks):
        if draw(luck, FIRM, other + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who) < mine:
            smaller += 1
    return smaller < quota


@rule
def review_week(channels, week, policy, promotions, luck):
    """The weekly review: every channel publishes its price and its promotion."""
    for index in range(len(channels)):
        channel = channels[index]
        channel.price = week_price(channel, week, policy.central_price, promotions, luck)
        who = decided_by(channel, policy.central_promotion)
        channel.promotion = promotions.depth if is_promotion_week(who, week, promotions, luck) else 0.0
