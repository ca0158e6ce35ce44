"""The codes of results, draws and comparisons are frozen: appended, never renumbered."""

import csv
from enum import IntEnum
from pathlib import Path

from simsuite import vocabulary

FROZEN = Path(__file__).parents[1] / "codes.csv"


def enumerations():
    return {
        name: value
        for name, value in vars(vocabulary).items()
        if isinstance(value, type) and issubclass(value, IntEnum) and value is not IntEnum
    }


def codes():
    named = {(name, member.name, int(member)) for name, kind in enumerations().items() for member in kind}
    return named | {("CHANNEL_CODES", channel, code) for code, channel in enumerate(vocabulary.CHANNEL_CODES)}


def frozen():
    with FROZEN.open(encoding="utf-8", newline="") as file:
        return {(row["enumeration"], row["name"], int(row["code"])) for row in csv.DictReader(file)}


def test_no_code_has_changed_or_gone():
    assert frozen() - codes() == set()


def test_a_new_code_is_frozen_too():
    assert codes() - frozen() == set(), "append the new codes to tests/codes.csv"


def test_no_enumeration_gives_two_names_one_code():
    for kind in enumerations().values():
        assert len(kind.__members__) == len({int(member) for member in kind})


def test_the_numbers_that_tables_are_sized_by_fit_the_codes():
    assert max(vocabulary.Cause) + 1 == vocabulary.N_CAUSES
    assert set(vocabulary.Flow) == set(range(vocabulary.N_FLOWS))
    assert len(vocabulary.CHANNEL_CODES) <= vocabulary.MAX_CHANNELS


def test_actors_of_different_kinds_never_share_a_number():
    most_customers, most_pools = 50_000_000, 50_000_000 * 16
    most_shoppers = ((255 * 3 + 2) * 4 + 3) * 256 + 200
    assert most_customers < vocabulary.FIRST_LOCATION
    assert vocabulary.FIRST_LOCATION + most_pools < vocabulary.FIRST_SHOPPER
    assert vocabulary.FIRST_SHOPPER + most_shoppers < vocabulary.FIRM < 1 << 32
