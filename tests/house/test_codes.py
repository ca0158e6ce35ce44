"""The codes of results, draws and comparisons are frozen: appended, never renumbered."""

import csv
from enum import IntEnum
from pathlib import Path

from simsuite import vocabulary
from simsuite.machine.rulebook import standard_rules
from simsuite.rules.promotions import FIRM_CALENDAR
from simsuite.scenario.pack import channel_codes

FROZEN = Path(__file__).parents[1] / "codes.csv"


LAST_CHANNEL = vocabulary.LAST_CHANNEL_NUMBER
MOST_ITEMS = 4 * 65536  # of one decision: see rules/luck.py
pair_of = standard_rules().interpreted.pair_of
channel_version_item = standard_rules().interpreted.channel_version_item


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
    assert vocabulary.N_CLOCKS_PADDED <= 64  # a step's clocks are drawn as items step x 64 + clock
    assert len(vocabulary.CHANNEL_CODES) <= vocabulary.MAX_CHANNELS


def test_numbers_of_new_channels_are_their_own():
    """None is one of the catalog's, none the firm's, however many come; the order of a file does not matter."""
    assert vocabulary.LAST_CHANNEL_NUMBER < FIRM_CALENDAR
    assert len(vocabulary.CHANNEL_CODES) <= vocabulary.RESERVED_NUMBERS
    names = [f"branch_{number}" for number in range(47)]
    numbers = channel_codes(names)
    assert sorted(numbers.values()) == list(range(16, 63))  # 47 of them have room
    assert channel_codes(names[::-1]) == numbers
    for name in names:  # alone, each goes by its name, in any company of the catalog
        alone = channel_codes([name])[name]
        assert channel_codes([*vocabulary.CHANNEL_CODES, name])[name] == alone in range(16, 63)
    assert len({channel_codes([name])[name] for name in names}) > 20


def test_no_two_pairs_of_channels_share_their_luck():
    numbers = range(LAST_CHANNEL + 1)
    pairs = {(one, other): pair_of(one, other) for one in numbers for other in numbers}
    assert len(set(pairs.values())) == len(pairs) and max(pairs.values()) <= 4095
    assert all(pair == one * 16 + other for (one, other), pair in pairs.items() if max(one, other) < 16)
    items = [channel_version_item(flow, pair) for flow in range(16) for pair in pairs.values()]
    assert len(set(items)) == len(items) and max(items) < MOST_ITEMS
    assert max(vocabulary.Flow) < 16  # so many fit
    versions = [flow * 64 + number for flow in range(16) for number in numbers]
    assert len(set(versions)) == len(versions)


def test_actors_of_different_kinds_never_share_a_number():
    most_customers, most_pools = 50_000_000, 50_000_000 * 16
    largest_pair = pair_of(LAST_CHANNEL, LAST_CHANNEL)
    most_shoppers = ((largest_pair * 3 + 2) * 4 + 3) * 256 + 200
    assert most_customers < vocabulary.FIRST_LOCATION
    assert vocabulary.FIRST_LOCATION + most_pools < vocabulary.FIRST_SHOPPER
    assert vocabulary.FIRST_SHOPPER + most_shoppers < vocabulary.FIRM < 1 << 32
