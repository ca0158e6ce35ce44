"""Numbers as people write them: what they may mean, and that nothing is guessed."""

import pytest

from simsuite.scenario.words import readings

FASHION = "[categories.fashion]\nprice = "


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("1,999", ["1.999", "1999"]),
        ("-1,999", ["-1.999", "-1999"]),
        ("1.999,00", ["1999.00"]),
        ("1,999.00", ["1999.00"]),
        ("1 999", ["1999"]),
        ("1 999,5", ["1999.5"]),
        ("1\u202f999", ["1999"]),
        ("1'999", ["1999"]),
        ("1,999,999", ["1999999"]),
        ("1.999.999", ["1999999"]),
        ("12,5", ["12.5"]),
        ("1999,50", ["1999.50"]),
        ("0,999", ["0.999"]),
        ("1,99,9", []),
        ("12 5", []),
        ("1,999 999", []),
        ("abc", []),
        ("", []),
    ],
)
def test_a_number_as_people_write_it_has_these_readings(text, numbers):
    assert readings(text) == numbers


BOTH = "Write 1.999 if its comma stands before decimals, 1999 if it separates thousands."


@pytest.mark.parametrize(
    "written, words",
    [
        ("1,999", BOTH),
        ('"1,999"', BOTH),
        ("1.999,00", "Write 1999.00."),
        ("1 999", "Write 1999."),
        ("1'999", "Write 1999."),
        ("0,9", "a decimal point, not a comma: 0.9."),
    ],
)
def test_such_a_number_is_refused_with_its_readings(refused, refused_text, written, words):
    said = refused(FASHION + written + "\n")
    assert said.startswith("x.toml:5:9: ") and words in said


THREE = '"1.5 days" if its point stands before decimals, "1500 days" if it separates thousands.'
TRIP, DELAY = "[channels.store]\ntrip = ", "[strategies.isolated.flows.cart]\ncoverage = 0.5\ndelay = "


@pytest.mark.parametrize(
    "line, written, words",
    [
        ("[population]\ncustomers = ", '"2000"', "A number has no quotes: 2000."),
        (DELAY, '" 5"', "A number has no quotes: 5."),
        (DELAY, '"1.500 days"', f"Write {THREE}"),
        (DELAY, '"1,500 days"', f"Write {THREE.replace('point', 'comma')}"),
        (DELAY, '"1.125 days"', 'Write "1.1250 days" if its point'),
        (DELAY, '"1,5 days"', 'Write "1.5 days".'),
        (DELAY, '"1,50 days"', 'Write "1.5 days".'),
        (TRIP, '"1,500 min"', 'Write "1.5 min" if its comma'),
        (TRIP, '"1 000 min"', 'Write "1000 min".'),
        (TRIP, '"0,5 h"', 'Write "0.5 h".'),
        (TRIP, '"0,125 h"', 'Write "0.125 h".'),
        ("[experiment]\nhorizon = ", '"1.000 days"', 'Write "1 days" if its point'),
        ("[channels.app]\nsurcharge = ", '"12,5 %"', 'Write "12.5 %".'),
        ("[strategies.isolated.authority]\nprice_level = ", '"-5,5 %"', 'Write "-5.5 %".'),
    ],
)
def test_a_text_that_may_mean_a_number_is_refused_with_its_readings(refused, line, written, words):
    assert words in refused(line + written + "\n")


@pytest.mark.parametrize("written", ['"1,5 monkeys"', '"abc days"', '"1,99,9 days"'])
def test_what_is_no_duration_in_any_reading_is_refused_without_one(refused, written):
    assert "Write" not in refused(DELAY + written + "\n")


@pytest.mark.parametrize(
    "written, days",
    [('"1.5 days"', 1.5), ('"1500 min"', 1500 / 1440), ('"1.1250 days"', 1.125), ('"0.125 days"', 0.125)],
)
@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
def test_a_duration_with_one_meaning_is_taken(world, written, days):
    assert world(DELAY + written + "\n").spec.strategies["isolated"].flows.cart.delay == days


@pytest.mark.parametrize("written", ["1e400", "nan", "inf", ""])
def test_what_is_no_number_is_refused(refused, written):
    assert refused(FASHION + written + "\n").startswith("x.toml:5:9: ")


def test_underscores_of_toml_are_taken(world):
    assert world(FASHION + "1_999\n").spec.categories["fashion"].price == 1999


def test_an_option_is_refused_with_both_readings_too(world):
    from simsuite.errors import ScenarioError

    with pytest.raises(ScenarioError, match="Write 1.999 if its comma"):
        world(overrides={"categories.fashion.price": "1,999"})


@pytest.mark.parametrize("written", ['"20.000"', '"20,000"'])
def test_a_count_of_people_is_no_fraction_in_any_reading(refused_text, written):
    message = refused_text(f"[population]\ncustomers = {written}\n")
    assert f"customers = {written} must be a whole number from 1 to 50,000,000. Write 20000.\n" in message


@pytest.mark.parametrize("written, number", [('".5"', "0.5"), ('"+.5"', "0.5")])
def test_a_number_in_quotes_is_told_as_toml_writes_it(refused, written, number):
    assert f"A number has no quotes: {number}." in refused(f"[channels.app]\nbreadth = {written}\n")
