"""What the code measures and frees is what was registered, and what was registered first has not been moved."""

import re
from hashlib import sha256
from math import inf
from pathlib import Path

import pytest

from simsuite.evidence.parameter_sets import FIRST, SECOND, THIRD
from simsuite.evidence.targets import CALIBRATION, FITTED, VALIDATION

REGISTERED = (Path(__file__).parents[2] / "docs" / "registered.md").read_text(encoding="utf-8")
FIRST_PART = REGISTERED[: REGISTERED.index("## Additions")].rstrip()
SEAL = "5559c49d726a0299"
TARGETS = {target.code: target for target in CALIBRATION}


def rows(start, columns):
    """The rows of the first table of this many columns after a heading, as lists of cells."""
    text = REGISTERED[REGISTERED.index(start) :]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return [row for row in cells if len(row) == columns and not row[0].startswith(("-", "#", "code"))]


def numbers(words):
    """All numbers in some words."""
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", words)]


CALIBRATION_ROWS = rows("## Targets of the calibration", 4)


def test_what_was_registered_before_the_first_fit_has_not_been_moved():
    assert sha256(FIRST_PART.encode()).hexdigest()[:16] == SEAL


def test_every_registered_quantity_is_measured_and_no_other():
    assert [row[0] for row in CALIBRATION_ROWS] == [target.code for target in CALIBRATION]


@pytest.mark.parametrize("code, words, target, band", CALIBRATION_ROWS, ids=[row[0] for row in CALIBRATION_ROWS])
def test_targets_and_bands_are_the_registered_ones(code, words, target, band):
    measured = TARGETS[code]
    assert ([measured.target] if measured in FITTED else []) == numbers(target.removeprefix("-"))
    if band == "holds":
        assert measured.low == measured.high == 0 and "out of the order" in measured.words
    elif band == "below mobile web":
        assert (measured.judged_words, measured.high, measured.strict) == ("social / mobile web", 1, True)
    else:
        assert [measured.low, measured.high] == numbers(band)
        assert band.startswith(measured.judged_words)


def test_validation_is_the_registered_one():
    (curve, band), *others = [(row[1], row[2]) for row in rows("## Validation", 3)]
    shares = numbers(" ".join(word.rsplit(" ", 1)[1] for word in curve.split(": ")[1].split(", ")))
    within = numbers(band)[0]
    measured = [target for target in VALIDATION if target.code == "F11"]
    assert [(target.low, target.high) for target in measured] == [(share - within, share + within) for share in shares]
    research, reverse = [target for target in VALIDATION if target.code != "F11"]
    assert [research.low, research.high] == numbers(others[0][1])
    assert (reverse.low, reverse.high, reverse.strict) == (1, inf, True)
    assert not [target for target in VALIDATION if target.target is not None]


def test_the_ranges_of_the_first_calibration_are_the_registered_ones():
    registered = rows("## Free parameters", 4)[:12]
    assert [(float(low), float(high)) for _, _, low, high in registered] == [(free.low, free.high) for free in FIRST]
    for (_, words, *_), free in zip(registered, FIRST, strict=True):
        assert free.name.split(",")[0].rpartition(".")[2] in words


def test_the_second_calibration_is_the_registered_one():
    kept, *new = rows("**Second calibration.**", 5)
    places = [int(number) - 1 for number in numbers(kept[1])]
    assert list(SECOND[:8]) == [FIRST[place] for place in places]
    for (_, words, judged, low, high), free in zip(new, SECOND[8:], strict=True):
        assert (float(judged), float(low), float(high)) == (free.judged, free.low, free.high)
        assert all(path.rpartition(".")[2] in words for path in free.places)


def test_the_third_calibration_is_the_second_with_one_range_cut():
    words = REGISTERED[REGISTERED.index("**Third calibration.**") :]
    (low, high), *_ = re.findall(r"range from (-?[\d.]+) to (-?[\d.]+)", words)
    changed = [(old, new) for old, new in zip(SECOND, THIRD, strict=True) if old != new]
    assert [(old.name, new.low, new.high) for old, new in changed] == [("race.browse_search", float(low), float(high))]
    assert [old.judged for old, _ in changed] == [new.judged for _, new in changed]


def test_the_first_calibration_starts_at_the_registered_judged_values():
    words = REGISTERED[REGISTERED.index("**Judged values.**") :].split(": ", 1)[1].split("These are")[0]
    values = numbers(re.sub(r"\(.*?\)", "", words, flags=re.DOTALL))
    assert values == [free.judged for free in FIRST]


def test_at_most_twelve_parameters_are_free():
    assert max(len(free) for free in (FIRST, SECOND, THIRD)) <= 12
