"""M12 Prices and promotions: who decides; the same money whoever decides.

Local: each channel has its own weekly price and its own promotion weeks. Central:
one price and one calendar for all channels of the firm, at a level that is decided
too. Every channel has the same number of promotion days in every season, in both
worlds, and the days that are counted hold whole seasons.
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
def week_price(channel, week, policy, promotions, luck):
    """Price of this week, share of list: around the channel's own level, or one for all around the firm's."""
    who = decided_by(channel, policy.central_price)
    deviation = promotions.price_spread * normal(draw(luck, FIRM, week + WEEKS_BEFORE, Decision.PRICE_WEEK, who))
    level = channel.price_level if who == channel.code else policy.central_price_level
    return max(0.01, 1.0 + level + deviation)


@rule
def counted_days(now):
    """Days of the horizon."""
    return (now.last_counted_part - now.switch_part) // PARTS_PER_DAY


@rule
def weeks_begun(days):
    """Weeks that begin within so many days; the last may be a part of a week."""
    return (days + 6) // 7


@rule
def season_of(week, weeks, season_weeks):
    """First week of the season that this week belongs to, and the first after it.

    The `weeks` that begin in the horizon are divided into seasons of nearly `season_weeks`; before and after
    them seasons have just that length.
    """
    if week < 0 or week >= weeks:
        start = 0 if week < 0 else weeks
        first = start + (week - start) // season_weeks * season_weeks
        return first, first + season_weeks
    seasons = max(1, (2 * weeks + season_weeks) // (2 * season_weeks))
    season = ((week + 1) * seasons - 1) // weeks
    return season * weeks // seasons, (season + 1) * weeks // seasons


@rule
def days_of_week(week, days):
    """Days of a week on one side of the end of the horizon: fewer in the week that it cuts."""
    if 7 * week < days < 7 * week + 7:
        return days - 7 * week
    return 7


@rule
def promotion_quota(first, after, days, share, luck):
    """Days with a promotion in the season of these weeks: all seasons of the horizon together have share x days.

    Rounded by one uniform number of the replication, the same whoever decides: on average money is proportional
    to the days at any horizon, and all calendars of a replication have as many days.
    """
    begins = first * 7
    ends = min(after * 7, days) if first * 7 < days else after * 7
    rounding = draw(luck, FIRM, 0, Decision.PROMOTION_WEEK, FIRM_CALENDAR)
    return whole_days(share * ends + rounding) - whole_days(share * begins + rounding)


@rule
def whole_days(days):
    """The largest whole number of days up to this, also below zero."""
    return int(days + 1000000.0) - 1000000


@rule
def promotion_days(who, week, now, promotions, luck):
    """Days from the begin of this week on which the promotion is on; 0 to 7.

    The season's days are dealt to its weeks in the order of their draws, whole weeks first; one week may get a
    part. Of a week that the horizon cuts, only the days before it.
    """
    days = counted_days(now)
    first, after = season_of(week, weeks_begun(days), promotions.season_weeks)
    left = promotion_quota(first, after, days, promotions.promotion_share, luck)
    mine = draw(luck, FIRM, week + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who)
    for other in range(first, after):
        if draw(luck, FIRM, other + WEEKS_BEFORE, Decision.PROMOTION_WEEK, who) < mine:
            left -= days_of_week(other, days)
    return max(0, min(left, days_of_week(week, days)))


@rule
def promotion_days_after_horizon(week, now, promotions, luck):
    """Days at the end of a week that the horizon cuts on which the promotion is on: share x those behind the cut."""
    days = counted_days(now)
    if days_of_week(week, days) == 7:
        return 0
    rounding = draw(luck, FIRM, 0, Decision.PROMOTION_WEEK, FIRM_CALENDAR)
    share = promotions.promotion_share
    return whole_days(share * (7 * week + 7) + rounding) - whole_days(share * days + rounding)


@rule
def review_week(channels, now, policy, promotions, luck):
    """The weekly review: every channel publishes its price, and decides on which days of the week it has a promotion."""
    week = now.day // 7
    for index in range(len(channels)):
        channel = channels[index]
        channel.price = week_price(channel, week, policy, promotions, luck)
        who = decided_by(channel, policy.central_promotion)
        channel.promotion_ends = 7 * week + promotion_days(who, week, now, promotions, luck)
        channel.promotion_again = 7 * week + 7 - promotion_days_after_horizon(week, now, promotions, luck)


@rule
def publish_promotions(channels, now, promotions):
    """Before opening: the promotion of the day, if this is one of its days."""
    for index in range(len(channels)):
        channel = channels[index]
        on = now.day < channel.promotion_ends or now.day >= channel.promotion_again
        channel.promotion = promotions.depth if on else 0.0
