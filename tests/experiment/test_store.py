import errno
import os
import shutil
import stat
import subprocess
import sys

import pandas as pd
import pytest
from small_experiment import IDENTITY, WITH_SIMSUITE, outcome, plan

from simsuite.errors import StoreError, StoreWarning
from simsuite.experiment.digest import content_digest
from simsuite.experiment.journal import Journal
from simsuite.experiment.outcome import ReplicationOutcome
from simsuite.experiment.store import ResultsStore


def opened(folder, **options):
    return ResultsStore(folder, IDENTITY, **options)


def saved(folder, *replications):
    """Save these replications, and put them together if asked by a None among them."""
    with opened(folder) as store:
        for replication in replications:
            if replication is None:
                store.consolidate()
            else:
                store.save(outcome(replication))
    return folder


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory):
    """Content digest of replications 0 to 4, saved in order and put together once."""
    with opened(tmp_path_factory.mktemp("uninterrupted") / "r") as store:
        for replication in range(5):
            store.save(outcome(replication))
        return store.consolidate()


def finish(folder):
    """Run what is missing of replications 0 to 4; the content digest and what was missing."""
    with opened(folder) as store:
        missing = sorted(set(range(5)) - store.done)
        for replication in missing:
            store.save(outcome(replication))
        return store.consolidate(), missing


def test_a_finished_folder_holds_the_tables_and_no_parts(tmp_path, uninterrupted):
    folder = saved(tmp_path / "results" / "flagship", 0, 1, 2, 3, 4, None)
    assert sorted(os.listdir(folder)) == [
        ".lock",
        "audit.parquet",
        "journal.jsonl",
        "ledger.parquet",
        "measures.parquet",
        "runs.parquet",
    ]
    assert content_digest(folder) == uninterrupted
    runs = pd.read_parquet(folder / "runs.parquet")
    assert list(runs["run_id"][:3]) == ["isolated-0", "integrated-0", "isolated-1"]
    assert set(runs["status"]) == {"done"} and len(runs) == 10
    assert list(pd.read_parquet(folder / "audit.parquet").columns) == ["replication", "asked"]


def test_the_order_in_which_replications_finish_does_not_matter(tmp_path, uninterrupted):
    folder = saved(tmp_path / "r", 3, 0, 4, 2, 1, None)
    assert content_digest(folder) == uninterrupted
    assert list(pd.read_parquet(folder / "measures.parquet")["replication"]) == [
        0,
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
    ]
    assert pd.read_parquet(folder / "ledger.parquet")["run_id"].iloc[4] == "isolated-1"


def test_what_is_there_is_kept_when_the_folder_is_opened_again(tmp_path, uninterrupted):
    assert finish(saved(tmp_path / "r", 0, 2)) == (uninterrupted, [1, 3, 4])


def test_replications_can_be_added_to_a_finished_folder(tmp_path, uninterrupted):
    assert finish(saved(tmp_path / "r", 1, 3, None)) == (uninterrupted, [0, 2, 4])


def test_putting_together_twice_changes_nothing(tmp_path, uninterrupted):
    folder = saved(tmp_path / "r", *range(5), None)
    lines = (folder / "journal.jsonl").read_text()
    assert finish(folder) == (uninterrupted, [])
    assert (folder / "journal.jsonl").read_text() == lines


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"half"),
        lambda path: shutil.rmtree(path.parent),
    ],
)
def test_a_damaged_part_is_run_again(tmp_path, uninterrupted, damage):
    folder = saved(tmp_path / "r", 0, 1, 2)
    damage(folder / "parts" / "1" / "ledger.arrow")
    with pytest.raises(StoreError, match="parts/1/.*missing or changed. Nothing was changed.*simsuite resume"):
        opened(folder, heal=False)
    with pytest.warns(StoreWarning, match="parts/1/.*missing or changed"):
        assert finish(folder) == (uninterrupted, [1, 3, 4])


def test_a_damaged_table_is_run_again_and_then_counts_once(tmp_path, uninterrupted):
    folder = saved(tmp_path / "r", 0, 1, None, 2)
    whole = (folder / "ledger.parquet").read_bytes()
    (folder / "ledger.parquet").write_bytes(b"half")
    with pytest.raises(StoreError, match="ledger.parquet missing or changed"):
        opened(folder, heal=False)
    with pytest.warns(StoreWarning, match="ledger.parquet missing or changed"):
        saved(folder, 0)
    (folder / "ledger.parquet").write_bytes(whole)  # the good one comes back: 0 must not be there twice
    assert finish(folder) == (uninterrupted, [3, 4])


@pytest.mark.parametrize("cut", range(1, 400, 57))
def test_a_torn_journal_line_costs_at_most_its_replication(tmp_path, uninterrupted, cut):
    folder = saved(tmp_path / "r", 0, 1)
    os.truncate(folder / "journal.jsonl", (folder / "journal.jsonl").stat().st_size - cut)
    with pytest.warns(StoreWarning, match="the last line of journal.jsonl cut off"):
        assert finish(folder) == (uninterrupted, [1, 2, 3, 4])


def test_a_crash_at_any_write_of_putting_together_loses_nothing(tmp_path, uninterrupted, monkeypatch):
    """The n-th rename or flush and all after it fail, as if the process were gone; every n."""
    before = saved(tmp_path / "before", 0, 1, None, 2)
    for calls in range(200):
        folder = tmp_path / str(calls)
        shutil.copytree(before, folder)
        if not crashes(folder, monkeypatch, calls):
            break
        assert finish(folder) == (uninterrupted, [3, 4])
        shutil.rmtree(folder)
    assert 10 < calls < 200


def crashes(folder, monkeypatch, calls):
    """Put the folder together until the machine goes down; whether it came to that."""
    left = [calls]

    def dying(real):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                raise Gone
            return real(*arguments, **options)

        return call

    with opened(folder) as store, monkeypatch.context() as patch:
        for name in ("replace", "fsync", "unlink", "rmdir"):
            patch.setattr(os, name, dying(getattr(os, name)))
        try:
            store.consolidate()
        except Gone:
            return True
    return False


class Gone(BaseException):
    """The process is no more."""


def test_a_full_disk_is_said_and_what_was_saved_before_is_kept(tmp_path, uninterrupted, monkeypatch):
    folder = tmp_path / "r"
    with opened(folder) as store:
        store.save(outcome(0))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StoreError, match="the disk is full.*finished runs are kept"):
                store.save(outcome(1))
            with pytest.raises(StoreError, match="the disk is full"):
                store.consolidate()
        assert not [name for _, _, names in os.walk(folder) for name in names if name.endswith(".tmp")]
        assert store.done == {0}
    assert finish(folder) == (uninterrupted, [1, 2, 3, 4])


def full(_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_below_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("I am a file")
    for folder in (tmp_path / "file", tmp_path / "file" / "results"):
        with pytest.raises(StoreError, match="a file stands where a folder is needed"):
            opened(folder)
    assert (tmp_path / "file").read_text() == "I am a file"


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_without_permission_is_refused_in_words(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(StoreError, match="no permission"):
        opened(tmp_path / "results")


def test_another_experiment_is_refused_until_it_may_be_overwritten(tmp_path):
    folder = saved(tmp_path / "r", 0, 1, None, 2)
    with pytest.raises(StoreError, match="another experiment.*puts the folder aside; or choose another folder"):
        ResultsStore(folder, "another scenario")
    (folder / "notes.txt").write_text("mine")
    with ResultsStore(folder, "another scenario", overwrite=True) as store:
        assert store.done == set() and store.runs == []
        assert sorted(os.listdir(folder)) == [".lock", "journal.jsonl", "notes.txt"]
    with pytest.raises(StoreError, match="another experiment"):
        opened(folder)


def test_a_folder_with_other_things_in_it_is_never_touched(tmp_path):
    (tmp_path / "thesis.csv").write_text("years of work")
    for overwrite in (False, True):
        with pytest.raises(StoreError, match="not a results folder, and not empty"):
            opened(tmp_path, overwrite=overwrite)
    assert os.listdir(tmp_path) == ["thesis.csv"]


def test_a_second_process_is_refused_and_told_who_holds_the_folder(tmp_path):
    code = (
        "import sys; from simsuite.experiment.store import ResultsStore\nResultsStore(sys.argv[1], 'small experiment')"
    )
    with opened(tmp_path / "r"):
        child = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "r")],
            capture_output=True,
            text=True,
            env=WITH_SIMSUITE,
        )
        assert child.returncode == 1 and f"in use by another run (process {os.getpid()}: " in child.stderr
    child = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "r")],
        capture_output=True,
        text=True,
        env=WITH_SIMSUITE,
    )
    assert child.returncode == 0


def test_a_failed_replication_is_listed_not_done_and_may_succeed_later(tmp_path, uninterrupted):
    folder = saved(tmp_path / "r", 0)
    with opened(folder) as store:
        store.save(ReplicationOutcome({}, [run.failed("day 93", 1.5, "ValueError: no") for run in plan(1)]))
        store.consolidate()
        assert store.done == {0}
    runs = pd.read_parquet(folder / "runs.parquet")
    assert list(runs["status"]) == ["done", "done", "failed", "failed"]
    assert list(runs["stage"][2:]) == ["day 93"] * 2 and list(runs["seed"][2:]) == [1, 1]
    assert finish(folder) == (uninterrupted, [1, 2, 3, 4])


def test_one_failed_strategy_fails_its_replication(tmp_path):
    runs = plan(0)
    with opened(tmp_path / "r") as store:
        store.save(ReplicationOutcome(outcome(0).tables, [outcome(0).runs[0], runs[1].failed("day 1", 0.1, "no")]))
        assert store.done == set() and store.table("measures").empty


def test_a_table_that_says_not_whose_it_is_is_refused(tmp_path):
    with (
        opened(tmp_path / "r") as store,
        pytest.raises(ValueError, match="'odd' needs a column replication or run_id"),
    ):
        store.save(ReplicationOutcome({"odd": pd.DataFrame({"value": [1]})}, outcome(0).runs))


@pytest.mark.parametrize("together", [(), (None,)])
def test_a_table_may_be_about_some_replications_only(tmp_path, together):
    """With a column replication or without, put together or not, runs as well."""
    with opened(saved(tmp_path / "few", 0, 3)) as few, opened(saved(tmp_path / "many", 3, 1, 0, 2, *together)) as many:
        for name in many.table_names:
            pd.testing.assert_frame_equal(many.table(name, {0, 3, 9}), few.table(name))
        assert len(many.table("ledger", {9})) == 0


def test_what_the_caller_wants_to_find_again_is_in_the_journal(tmp_path):
    opened(tmp_path / "r", about={"command": ["compare", "a.toml"]}).close()
    assert Journal.read(tmp_path / "r").header["about"] == {"command": ["compare", "a.toml"]}


def test_the_journal_says_what_the_last_caller_asked_for_and_nothing_twice(tmp_path):
    for about in ({"asked": 1}, {"asked": 2}, {"asked": 2}, None):
        opened(tmp_path / "r", about=about).close()
    journal = Journal.read(tmp_path / "r")
    assert journal.about == {"asked": 2} and len(journal.entries) == 1


def test_a_journal_line_of_another_version_is_run_again(tmp_path, uninterrupted):
    folder = saved(tmp_path / "r", 0, 1)
    journal = Journal.read(folder)
    journal.entries[1]["runs"][0] = {"arm": "isolated"}
    journal.write()
    with pytest.warns(StoreWarning, match="entry 3 of journal.jsonl of another version"):
        assert finish(folder) == (uninterrupted, [1, 2, 3, 4])
