"""M12: who decides; the same promotion money whoever decides; L5: one price takes the cheap channel
away.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import parameters, rules, small_retail, started, thing

LUCKS = [thing("LUCK", key_0=1, replication=replication) for replication in range(5)]


WARM_UP = 10_000 * 28  # parts; so long that weeks before the switch can be asked for


def days_counted(days):
    return thing("NOW", switch_part=WARM_UP, last_counted_part=WARM_UP + 4 * days)


def on_day(day, days=182):
    now = days_counted(days)
    now.day = day
    return now


@given(
    st.integers(0, 63),
    st.integers(1, 800),
    st.integers(1, 40),
    st.floats(0, 1),
    st.integers(0, 1000),
)
def test_every_channel_has_the_same_promotion_days_in_every_season(who, days, season_weeks, share, replication):
    """Share x days of each season, and of all seasons of the horizon together, to a day."""
    promotions = parameters(promotions__season_weeks=season_weeks, promotions__promotion_share=share).promotions
    luck = thing("LUCK", key_0=1, replication=replication)
    weeks, week, now = rules().weeks_begun(days), -3 * season_weeks, days_counted(days)
    counted = 0
    while week < weeks + 2 * season_weeks:
        first, after = rules().season_of(week, weeks, season_weeks)
        assert first <= week < after
        given = [rules().promotion_days(who, other, now, promotions, luck) for other in range(first, after)]
        lengths = [rules().days_of_week(other, days) for other in range(first, after)]
        assert all(0 <= some <= length for some, length in zip(given, lengths, strict=True))
        assert sum(0 < some < length for some, length in zip(given, lengths, strict=True)) <= 1
        assert abs(sum(given) - share * sum(lengths)) < 1.0 + 1e-9
        counted += sum(given) if 0 <= first < weeks else 0
        week = after
    assert abs(counted - share * days) < 1.0 + 1e-9


@given(st.integers(1, 800), st.integers(1, 60))
def test_the_counted_days_hold_whole_seasons_of_about_the_wanted_length(days, season_weeks):
    weeks = rules().weeks_begun(days)
    lengths, week = [], 0
    while week < weeks:
        first, after = rules().season_of(week, weeks, season_weeks)
        assert first == week
        lengths.append(after - first)
        week = after
    assert week == weeks
    assert len(lengths) < 2 or max(lengths) - min(lengths) <= 1
    # the nearest number of seasons: never longer than one and a half of what was wanted
    assert max(lengths, default=0) <= 1.5 * season_weeks + 1


def promotion_money(days, luck, central, until):
    """What a day's promotions add up to, by channel, from day 0 on."""
    channels = [thing("CHANNEL", index=code, code=code, shares_data=code != 5) for code in range(7)]
    totals = [0.0] * 7
    for day in range(until):
        now, promotions = on_day(day, days), parameters().promotions
        if day % 7 == 0:
            rules().review_week(channels, now, thing("POLICY", central_promotion=central), promotions, luck)
        rules().publish_promotions(channels, now, promotions)
        totals = [total + channel.promotion for total, channel in zip(totals, channels, strict=True)]
    return totals


@pytest.mark.parametrize("days", [6, 28, 30, 90, 91, 120, 180, 182, 365])
def test_the_promotion_money_of_a_replication_is_the_same_whoever_decides(days):
    """0.15 off on 12 % of the days, to a day, as the weeks around a whole number once were not."""
    for luck in LUCKS:
        money = {round(total, 9) for central in (False, True) for total in promotion_money(days, luck, central, days)}
        assert len(money) == 1 and abs(money.pop() / 0.15 - 0.12 * days) < 1.0 + 1e-9


@pytest.mark.parametrize("days", [30, *(pytest.param(days, marks=pytest.mark.verification) for days in (3, 7, 10, 31))])
def test_the_promotion_money_is_proportional_to_the_days_on_average_also_of_the_week_that_the_horizon_cuts(days):
    """400 replications; the rest of a week that is cut has promotions as often as any day has."""
    lucks = [thing("LUCK", key_0=3, replication=number) for number in range(400)]
    until = -(-days // 7) * 7
    within, whole = ([promotion_money(days, luck, True, end)[0] / 0.15 for luck in lucks] for end in (days, until))
    for found, wanted in ((within, 0.12 * days), (whole, 0.12 * until)):
        spread = np.std(found) / len(lucks) ** 0.5
        assert abs(np.mean(found) - wanted) < 4 * spread + 1e-9


def test_one_calendar_gives_all_channels_of_the_firm_the_same_weeks():
    channels = [thing("CHANNEL", index=code, code=code, shares_data=code != 5) for code in range(7)]
    same = []
    for week in range(52):
        rules().review_week(
            channels,
            on_day(7 * week),
            thing("POLICY", central_promotion=True, central_price=True),
            parameters().promotions,
            LUCKS[0],
        )
        same.append(
            (
                len({channel.promotion for channel in channels if channel.shares_data}),
                len({channel.price for channel in channels if channel.shares_data}),
            )
        )
    assert set(same) == {(1, 1)}


def test_a_third_party_decides_for_itself_under_every_authority():
    prices = []
    for central in (False, True):
        channel = thing("CHANNEL", code=5, shares_data=False, price_level=-0.1)
        rules().review_week(
            [channel],
            on_day(21),
            thing("POLICY", central_promotion=central, central_price=central),
            parameters().promotions,
            LUCKS[0],
        )
        prices.append((channel.price, channel.promotion))
    assert prices[0] == prices[1]


def price_in_week(channel, central=False, level=0.0, spread=0.0, week=5, luck=LUCKS[0]):
    policy = thing("POLICY", central_price=central, central_price_level=level)
    return rules().week_price(channel, week, policy, parameters(promotions__price_spread=spread).promotions, luck)


def test_one_price_takes_the_cheap_channel_away():
    """L5: a channel a tenth below list has the firm's one price once the price is one."""
    cheap = thing("CHANNEL", code=3, shares_data=True, price_level=-0.1)
    assert price_in_week(cheap) == pytest.approx(0.9)
    assert price_in_week(cheap, central=True) == 1.0
    assert price_in_week(cheap, central=True, level=-0.05) == pytest.approx(0.95)


@pytest.mark.parametrize("said, level", [("mean", -0.05), ("list", 0.0), ("lowest", -0.2), (0.07, 0.07), (None, -0.05)])
def test_where_the_one_price_lies_is_decided(said, level):
    """Two of four own channels below list by a fifth, one above by a fifth, a third party far below: mean -0.05."""
    levels = {"app": -0.2, "desktop_web": -0.2, "store": 0.2, "phone": 0.0, "marketplace": -0.5}
    tables = small_retail(
        4,
        strategies={"one": {"authority": {"price": "central", **({} if said is None else {"price_level": said})}}},
        **{f"channels__{name}__price_level": value for name, value in levels.items()},
        channels__mobile_web__present=False,
        channels__social__present=False,
    )
    assert tables.strategies["one"].policy["central_price_level"] == pytest.approx(level)


def test_weekly_prices_spread_as_their_parameter_says():
    # n = 2000 weeks, standard deviation 0.03: standard error of the mean 0.00067, of the deviation
    # 0.00047
    channel = thing("CHANNEL", code=2, shares_data=True)
    prices = [price_in_week(channel, spread=0.03, week=week) for week in range(2000)]
    mean = sum(prices) / 2000
    spread = (sum((price - mean) ** 2 for price in prices) / 1999) ** 0.5
    assert abs(mean - 1.0) < 4 * 0.00067 and abs(spread - 0.03) < 4 * 0.00047


@given(st.floats(-0.9, 2), st.floats(0, 0.5), st.integers(-500, 500), st.booleans())
def test_a_price_is_always_positive(level, spread, week, central):
    channel = thing("CHANNEL", code=1, shares_data=True, price_level=level)
    assert price_in_week(channel, central, level, spread, week, LUCKS[1]) >= 0.01


def test_channels_decide_by_their_name_and_not_by_their_place_in_the_file():
    one, other = (
        started(small_retail(4, **absent), engine="mesa") for absent in ({}, {"channels__store__present": False})
    )
    for model in (one, other):
        model.open_day(0)
    prices = [
        {channel.name: (channel.price, channel.promotion) for channel in model.channels} for model in (one, other)
    ]
    assert prices[1].items() <= prices[0].items() and len(prices[1]) == 6


def test_prices_stand_for_a_week():
    model = started(small_retail(4, warm_up=9), engine="mesa")
    weekly = []
    for day in range(23):
        model.open_day(day)
        weekly.append([channel.price for channel in model.channels])
    changes = [day - 9 for day in range(1, 23) if weekly[day] != weekly[day - 1]]
    assert changes == [-7, 0, 7]


@pytest.mark.parametrize("week, season", [(-1, (-13, 0)), (-14, (-26, -13)), (20, (20, 33)), (34, (33, 46))])
def test_before_and_after_the_counted_weeks_seasons_have_just_their_length(week, season):
    """Twenty weeks make two seasons of ten; thirteen were wanted."""
    assert rules().season_of(week, 20, 13) == season


@pytest.mark.parametrize(
    "weeks, season_weeks, seasons", [(26, 13, 2), (20, 13, 2), (19, 13, 1), (5, 13, 1), (52, 13, 4)]
)
def test_the_counted_weeks_hold_the_nearest_number_of_seasons(weeks, season_weeks, seasons):
    assert len({rules().season_of(week, weeks, season_weeks) for week in range(weeks)}) == seasons


@pytest.mark.parametrize("days, whole", [(0.0, 0), (0.9, 0), (1.0, 1), (7.5, 7), (-0.1, -1), (-7.0, -7), (-7.5, -8)])
def test_whole_days_go_down_also_below_zero(days, whole):
    assert rules().whole_days(days) == whole
