"""Explanations lie beside a comparison, say whose they are, and never count as its content."""

import random

import pandas as pd
import pytest
from small_experiment import IDENTITY, outcome

from simsuite.experiment.digest import content_digest
from simsuite.experiment.explanations import (
    AUTHORITY,
    REMOVAL,
    WATERFALL,
    explanations_in,
    keep_explanation,
    runs_folder,
)
from simsuite.experiment.journal import Journal
from simsuite.experiment.store import ResultsStore
from simsuite.scenario import load

TABLE = pd.DataFrame({"element": ["cart", "jointly"], "contribution": [0.5, 0.1]})


@pytest.fixture(scope="module")
def spec():
    return load("flagship_retailer").spec


def found(folder, spec, strategies=("integrated",)):
    return explanations_in(folder, spec, "isolated", strategies)


def test_what_is_kept_is_found_again_with_runs_customers_and_seed(tmp_path, spec):
    keep_explanation(tmp_path / "new", WATERFALL, TABLE, spec, "integrated", 5)
    table = found(tmp_path / "new", spec).waterfall
    assert table["contribution"].tolist() == [0.5, 0.1]
    assert set(table["strategy"]) == {"integrated"} and set(table["replications"]) == {5}
    assert set(table["customers"]) == {20_000} and set(table["seed"]) == {1}


def test_a_folder_without_explanations_has_none_and_nothing_to_say(tmp_path, spec):
    nothing = found(tmp_path, spec)
    assert nothing.waterfall is nothing.authority is nothing.removal is None and nothing.left_out == ()
    assert found(None, spec) == nothing


def test_another_strategy_is_added_and_the_same_one_replaced(tmp_path, spec):
    keep_explanation(tmp_path, REMOVAL, TABLE, spec, "isolated", 5)
    keep_explanation(tmp_path, REMOVAL, TABLE, spec, "integrated", 5)
    keep_explanation(tmp_path, REMOVAL, TABLE.assign(contribution=9.0), spec, "isolated", 6)
    table = found(tmp_path, spec).removal
    assert sorted(set(zip(table["strategy"], table["replications"], strict=True))) == [
        ("integrated", 5),
        ("isolated", 6),
    ]
    assert table[table["strategy"] == "isolated"]["contribution"].tolist() == [9.0, 9.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"population.customers": 5000},
        {"parameters.giving_up.competitor": 0.9},
        {"strategies.integrated.flows.cart.coverage": 0.1},
    ],
)
def test_what_belongs_to_another_world_is_left_out_with_a_word(tmp_path, spec, changes):
    keep_explanation(tmp_path, AUTHORITY, TABLE, load("flagship_retailer", changes).spec, "integrated", 5)
    kept = found(tmp_path, spec)
    assert kept.authority is None
    assert (
        len(kept.left_out) == 1 and "authority.parquet" in kept.left_out[0] and "simsuite waterfall" in kept.left_out[0]
    )


def test_what_another_version_made_is_left_out_with_a_word_but_goes_with_a_comparison_of_its_own(
    tmp_path, spec, monkeypatch
):
    with ResultsStore(tmp_path, IDENTITY):
        pass
    with monkeypatch.context() as then:
        then.setattr("simsuite.experiment.explanations.program", lambda: "another")
        keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    kept = found(tmp_path, spec)
    assert kept.waterfall is None and "another version of the program" in kept.left_out[0]
    assert kept.left_out[0].endswith("left out; make it anew with simsuite waterfall.")
    made_by(tmp_path, "another")
    assert found(tmp_path, spec).waterfall is not None


def test_beside_a_comparison_of_another_version_the_comparison_has_to_be_made_anew(tmp_path, spec):
    with ResultsStore(tmp_path, IDENTITY):
        pass
    made_by(tmp_path, "another")
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    (said,) = found(tmp_path, spec).left_out
    assert "another version of the program" in said and said.endswith(
        "compare anew, then make it anew with simsuite waterfall."
    )


def test_an_explanation_that_was_changed_by_hand_is_left_out_with_a_word(tmp_path, spec):
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    file = tmp_path / "waterfall.parquet"
    pd.read_parquet(file).assign(contribution=9.0).to_parquet(file, index=False)
    kept = found(tmp_path, spec)
    assert kept.waterfall is None and "not as simsuite wrote it" in kept.left_out[0]
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "isolated", 5)
    assert set(pd.read_parquet(file)["strategy"]) == {"isolated"}


def test_no_changed_byte_of_an_explanation_changes_what_is_shown(tmp_path, spec):
    """One bit of one byte in twelve, chosen at random; what decides about nothing may change."""
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    file, chance = tmp_path / "waterfall.parquet", random.Random(4)
    whole, shown, left_out = file.read_bytes(), found(tmp_path, spec).waterfall, 0
    for place in chance.sample(range(len(whole)), len(whole) // 12):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        kept = found(tmp_path, spec)
        left_out += kept.waterfall is None
        assert len(kept.left_out) == 1 if kept.waterfall is None else kept.waterfall.equals(shown)
    assert left_out > len(whole) // 60


def made_by(folder, program):
    """Have the results of a folder come from this version of the program."""
    journal = Journal.read(folder)
    journal.header["program"] = program
    journal.write()


def test_strategies_that_are_not_compared_are_left_out(tmp_path, spec):
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    assert found(tmp_path, spec, ("cross_channel",)).waterfall is None
    assert len(found(tmp_path, spec, ("cross_channel",)).left_out) == 1


def test_a_damaged_file_is_left_out_with_a_word(tmp_path, spec):
    (tmp_path / "removal.parquet").write_bytes(b"no parquet")
    kept = found(tmp_path, spec)
    assert kept.removal is None and "cannot be read" in kept.left_out[0]
    keep_explanation(tmp_path, REMOVAL, TABLE, spec, "isolated", 5)
    assert found(tmp_path, spec).removal is not None


def test_explanations_may_come_before_the_comparison_and_leave_its_digest_alone(tmp_path, spec):
    keep_explanation(tmp_path / "explained", WATERFALL, TABLE, spec, "integrated", 5)
    runs_folder(tmp_path / "explained", "waterfall_integrated").mkdir(parents=True)
    digests = []
    for name in ("explained", "plain"):
        with ResultsStore(tmp_path / name, IDENTITY) as store:
            store.save(outcome(0))
            digests += [store.consolidate(), content_digest(tmp_path / name)]
    assert len(set(digests)) == 1
    assert (tmp_path / "explained" / "waterfall.parquet").is_file()
    assert runs_folder(tmp_path / "explained", "waterfall_integrated").is_dir()


def test_starting_over_deletes_explanations_as_well(tmp_path, spec):
    with ResultsStore(tmp_path, IDENTITY) as store:
        store.save(outcome(0))
        store.consolidate()
    keep_explanation(tmp_path, WATERFALL, TABLE, spec, "integrated", 5)
    runs_folder(tmp_path, "waterfall_integrated").mkdir(parents=True)
    with ResultsStore(tmp_path, IDENTITY, overwrite=True):
        assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")} == {"journal.jsonl"}
