"""Wrong values are refused with place, value, what is allowed, and what was perhaps meant."""

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario.problems import MOST_PROBLEMS
from simsuite.scenario.source import parse_table
from simsuite.scenario.validate import validate
from simsuite.specs.base import Days, Real, Share, Spec, Whole, WholeDays, YesNo, number, switch


class Inner(Spec):
    share: Share = number(0.5, low=0, high=1, unit="share", source="assumption")
    weight: Real = number(1.0, low=-2, high=1e12, unit="utility", source="assumption")
    on: YesNo = switch(False, source="assumption")


class Outer(Spec):
    count: Whole = number(3, low=1, high=50_000_000, unit="things", source="assumption")
    delay: Days = number(1.0, low=0, high=60, unit="days", source="assumption")
    horizon: WholeDays = number(30, low=1, high=3650, unit="days", source="assumption")
    title: str = ""
    inner: Inner = Inner()
    named: dict[str, Inner] = {}
    needed: int


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        validate(Outer, parse_table(text, "x.toml"))
    return caught.value.problems


def only(text):
    problems = refused(text)
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    "line, allowed",
    [
        ("count = -5", "must be a whole number from 1 to 50,000,000."),
        ("count = 2.5", "must be a whole number from 1 to 50,000,000."),
        ("count = true", "must be a whole number from 1 to 50,000,000."),
        ('count = "many"', "must be a whole number from 1 to 50,000,000."),
        ("count = [1]", "must be a whole number from 1 to 50,000,000."),
        ("count = 2020-01-01", "must be a whole number from 1 to 50,000,000."),
        ("delay = nan", 'must be a duration from 0 to 60 days, such as 2 or "2 days" (min, h, days, weeks).'),
        ("delay = inf", 'must be a duration from 0 to 60 days, such as 2 or "2 days" (min, h, days, weeks).'),
        (
            'delay = "2 fortnights"',
            'must be a duration from 0 to 60 days, such as 2 or "2 days" (min, h, days, weeks).',
        ),
        ('delay = "90 days"', 'must be a duration from 0 to 60 days, such as 2 or "2 days" (min, h, days, weeks).'),
        (
            'horizon = "12 h"',
            'must be a whole number of days from 1 to 3,650, such as 30 or "30 days".',
        ),
        (
            "horizon = -inf",
            'must be a whole number of days from 1 to 3,650, such as 30 or "30 days".',
        ),
        ("title = 5", 'must be text in quotes, such as "words".'),
        ("inner = 5", "must be a table with values of its own."),
        ("inner.share = 1.5", 'must be a share from 0 to 1, such as 0.25 or "25 %".'),
        ('inner.share = "120 %"', 'must be a share from 0 to 1, such as 0.25 or "25 %".'),
        ("inner.share = -0.1", 'must be a share from 0 to 1, such as 0.25 or "25 %".'),
        ("inner.weight = 1e13", "must be a number from -2 to 1e12."),
        ('inner.on = "yes"', "must be true or false."),
        ("named.a.on = 1", "must be true or false."),
        ("named = 3", "must be a table of entries by name."),
    ],
)
def test_a_value_that_is_not_allowed_says_what_is(line, allowed):
    problem = only(f"needed = 1\n{line}\n")
    assert problem.message.endswith(allowed)
    assert (problem.file, problem.line) == ("x.toml", 2)
    assert problem.column == line.index("=") + 3
    assert problem.source_line == line


def test_the_message_names_table_key_and_value_as_they_were_written():
    problem = only("needed = 1\n[inner]\nshare = 1.5\n")
    assert str(problem) == (
        "x.toml:3:9: [inner] share = 1.5 must be a share from 0 to 1, such as 0.25 "
        'or "25 %".\n  share = 1.5\n          ^'
    )


@pytest.mark.parametrize("value", ["9" * 30, f'"{"9" * 400} days"', f'"{"9" * 100_000}"', "1e400"])
@pytest.mark.parametrize("name", ["delay", "horizon", "count"])
def test_numbers_beyond_all_measure_are_refused_at_once(name, value):
    assert f"{name} = " in only(f"needed = 1\n{name} = {value}\n").message


@pytest.mark.parametrize(
    "line, column, remedy",
    [
        ("cuont = 1", 1, "a scenario has no parameter 'cuont'. Did you mean 'count'?"),
        ("inner.shard = 1", 7, "[inner] has no parameter 'shard'. Did you mean 'share'?"),
        ("named.x.wieght = 1", 9, "[named.x] has no parameter 'wieght'. Did you mean 'weight'?"),
        (
            "inner.horizon_of_all = 1",
            7,
            "[inner] has no parameter 'horizon_of_all'. It has: share, weight, on.",
        ),
        ("weight = 1", 1, "a scenario has no parameter 'weight'. It belongs in [inner]."),
    ],
)
def test_an_unknown_key_says_what_was_perhaps_meant(line, column, remedy):
    problem = only(f"needed = 1\n{line}\n")
    assert problem.message == remedy
    assert (problem.line, problem.column) == (2, column)


def test_what_is_missing_is_named():
    assert "lacks needed" in only("count = 1\n").message


def test_all_problems_come_at_once_in_the_order_of_the_file():
    problems = refused("unknown_thing = 1\ncount = 0\ntitle = nan\n[inner]\nshare = 2\non = 1\n[[named]]\n")
    assert [problem.line for problem in problems] == [None, 1, 2, 3, 5, 6, 7]  # None: needed


def test_thousands_of_problems_are_counted_and_the_first_hundred_told():
    problems = refused("needed = 1\n" + "".join(f"k{number} = 1\n" for number in range(1000)))
    assert len(problems) <= MOST_PROBLEMS + 2
    assert problems[-1].message == f"and {1000 - (len(problems) - 1)} more problems."


def test_valid_values_arrive_in_the_units_of_their_fields():
    spec = validate(
        Outer,
        parse_table('needed = 1\ndelay = "12 h"\nhorizon = "2 weeks"\ninner.share = "25 %"\n', "x.toml"),
    )
    assert (spec.delay, spec.horizon, spec.inner.share) == (0.5, 14, 0.25)
