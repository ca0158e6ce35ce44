"""M12: who decides; the same promotion money whoever decides; L5: one price takes the cheap channel
away.
"""

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
def test_every_channel_has_the_same_promotion_weeks_in_every_season(who, days, season_weeks, share, replication):
    promotions = parameters(promotions__season_weeks=season_weeks, promotions__promotion_share=share).promotions
    luck = thing("LUCK", key_0=1, replication=replication)
    whole_weeks, week, now = days // 7, -3 * season_weeks, days_counted(days)
    while week < whole_weeks + 2 * season_weeks:
        first, after = rules().season_of(week, whole_weeks, season_weeks)
        assert first <= week < after
        in_promotion = sum(
            rules().is_promotion_week(who, other, now, promotions, luck) for other in range(first, after)
        )
        if first != whole_weeks or days % 7 == 0:
            assert in_promotion == int(share * (after - first) + 0.5)
        week = after


@given(st.integers(1, 800), st.integers(1, 60))
def test_the_counted_days_hold_whole_seasons_of_about_the_wanted_length(days, season_weeks):
    whole_weeks = days // 7
    lengths, week = [], 0
    while week < whole_weeks:
        first, after = rules().season_of(week, whole_weeks, season_weeks)
        assert first == week
        lengths.append(after - first)
        week = after
    assert week == whole_weeks
    assert len(lengths) < 2 or max(lengths) - min(lengths) <= 1
    # the nearest number of seasons: never longer than one and a half of what was wanted
    assert max(lengths, default=0) <= 1.5 * season_weeks + 1


@pytest.mark.parametrize("days", [28, 90, 120, 180, 182, 365])
def test_the_promotion_money_of_the_counted_days_is_the_same_whoever_decides_in_every_replication(
    days,
):
    money = set()
    for luck in LUCKS:
        for central in (False, True):
            channels = [thing("CHANNEL", index=code, code=code, shares_data=code != 5) for code in range(7)]
            totals = [0.0] * 7
            for day in range(days):
                if day % 7 == 0:
                    rules().review_week(
                        channels,
                        on_day(day, days),
                        thing("POLICY", central_promotion=central),
                        parameters().promotions,
                        luck,
                    )
                totals = [total + channel.promotion for total, channel in zip(totals, channels, strict=True)]
            money |= {round(total, 9) for total in totals}
    weeks = int(0.12 * (days // 7) + 0.5) if days < 13 * 14 else None
    assert len(money) == 1
    if weeks is not None:
        assert money == {round(0.15 * 7 * weeks, 9)}


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


def test_one_price_takes_the_cheap_channel_away():
    """L5: a channel a tenth below list has list price once the price is one."""
    promotions = parameters(promotions__price_spread=0.0).promotions
    cheap = thing("CHANNEL", code=3, shares_data=True, price_level=-0.1)
    assert rules().week_price(cheap, 5, False, promotions, LUCKS[0]) == pytest.approx(0.9)
    assert rules().week_price(cheap, 5, True, promotions, LUCKS[0]) == 1.0


def test_weekly_prices_spread_as_their_parameter_says():
    # n = 2000 weeks, standard deviation 0.03: standard error of the mean 0.00067, of the deviation
    # 0.00047
    channel = thing("CHANNEL", code=2, shares_data=True)
    prices = [
        rules().week_price(channel, week, False, parameters(promotions__price_spread=0.03).promotions, LUCKS[0])
        for week in range(2000)
    ]
    mean = sum(prices) / 2000
    spread = (sum((price - mean) ** 2 for price in prices) / 1999) ** 0.5
    assert abs(mean - 1.0) < 4 * 0.00067 and abs(spread - 0.03) < 4 * 0.00047


@given(st.floats(-0.9, 2), st.floats(0, 0.5), st.integers(-500, 500), st.booleans())
def test_a_price_is_always_positive(level, spread, week, central):
    channel = thing("CHANNEL", code=1, shares_data=True, price_level=level)
    assert (
        rules().week_price(channel, week, central, parameters(promotions__price_spread=spread).promotions, LUCKS[1])
        >= 0.01
    )


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
