"""Whatever happens to a journal, what is read back is the truth, or is run again, or is refused: never wrong in silence."""

import os
import random
import shutil
import warnings

import pandas as pd
import pytest
from small_experiment import IDENTITY, outcome, plan

from simsuite.errors import StoreError, StoreWarning
from simsuite.experiment.digest import content_digest
from simsuite.experiment.outcome import ReplicationOutcome
from simsuite.experiment.store import ResultsStore

RUNS = 5
WORDS = (
    "journal.jsonl",
    "missing or changed",
    "no line in",
    "did not write",
)  # of which every message about damage holds one


def filled(folder, finished):
    """A folder of five replications in which four were put together first, or none yet."""
    with ResultsStore(folder, IDENTITY, about={"asked": RUNS}) as store:
        for number in range(RUNS):
            store.save(outcome(number))
            if finished and number == 3:
                store.consolidate()
                store.write("report.html", b"of four")
        if finished:
            store.consolidate()
    return folder


def damages():
    """Ways to damage the lines of a journal, by name: functions of its content."""
    chance = random.Random(23)

    def flipped(content):
        place = chance.randrange(len(content))
        return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]

    def by_lines(change):
        def changed(content):
            lines = content.splitlines(keepends=True)
            change(lines, chance.randrange(1, len(lines)))
            return b"".join(lines)

        return changed

    def swap(lines, number):
        lines[number - 1], lines[number] = lines[number], lines[number - 1]

    def fill(lines, number):
        lines[number] = chance.randbytes(len(lines[number]))

    def edit(lines, number):
        digits = [place for place, byte in enumerate(lines[number]) if chr(byte).isdigit()]
        place = chance.choice(digits)
        other = b"%d" % ((lines[number][place] - ord("0") + chance.randrange(1, 10)) % 10)
        lines[number] = lines[number][:place] + other + lines[number][place + 1 :]

    ways = {
        "a byte flipped": flipped,
        "a line lost": by_lines(lambda lines, number: lines.pop(number)),
        "a line doubled": by_lines(lambda lines, number: lines.insert(number, lines[number])),
        "a line repeated later": by_lines(lambda lines, number: lines.append(lines[number])),
        "lines swapped": by_lines(swap),
        "a digit edited": by_lines(edit),
        "a line of garbage": by_lines(fill),
        "the end cut off": lambda content: content[: -chance.randrange(1, len(content))],
        "the last lines lost": by_lines(lambda lines, number: lines.__delitem__(slice(number, None))),
    }
    yield "empty", lambda content: b""
    yield "binary garbage", lambda content: chance.randbytes(len(content))
    yield "no checks", lambda content: b"".join(line[:-27] + b"}\n" for line in content.splitlines())
    for name, way in ways.items():
        for number in range(6):
            yield f"{name} {number}", way


def runs_and_words(folder, heal):
    """Content digest, number of replications and words, after what is missing was run again if it may be."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with ResultsStore(folder, IDENTITY, heal=heal) as store:
                for number in {*range(RUNS)} - store.done if heal else ():
                    store.save(outcome(number))
                found = store.consolidate(), len(store.done), len(store.table("runs"))
        except StoreError as error:
            return None, str(error)
    assert all(issubclass(each.category, StoreWarning) for each in caught)
    return found, " ".join(str(each.message) for each in caught)


@pytest.mark.parametrize("finished", [True, False])
def test_no_damage_to_a_journal_is_silent(tmp_path, finished):
    """Whoever runs what is missing gets the truth, and is told; whoever only reads gets the truth or is refused."""
    whole = filled(tmp_path / "whole", finished)
    (truth, words), told = runs_and_words(shutil.copytree(whole, tmp_path / "truth"), heal=True), 0
    assert truth[1:] == (RUNS, 2 * RUNS) and words == ""
    before = (whole / "journal.jsonl").read_bytes()
    for name, damage in damages():
        content = damage(before)
        if content == before:
            continue
        for heal in (True, False):
            folder = shutil.copytree(whole, tmp_path / "damaged")
            (folder / "journal.jsonl").write_bytes(content)
            found, words = runs_and_words(folder, heal)
            assert any(word in words for word in WORDS), (name, heal, found, words)
            if heal or not folder_was_cut(before, content):
                assert found in (truth, None), (name, heal, words)
            if heal and found is not None:
                assert content_digest(folder) == truth[0] and runs_and_words(folder, False) == (truth, ""), name
                told += 1
            shutil.rmtree(folder)
    assert told > 25


def folder_was_cut(before, content):
    """Whether the last lines are gone and nothing else: then who reads gets what was finished until then, and is told."""
    return before.startswith(content) and content.endswith(b"\n")


def test_a_lost_line_about_a_replication_costs_only_this_one(tmp_path):
    """The table that was put together holds its rows still; they do not count beside those that are run again."""
    folder = filled(tmp_path / "r", finished=True)
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"seed":1', b'"seed":2', 1)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    with pytest.raises(StoreError, match="line 3 of journal.jsonl damaged.*Nothing was changed"):
        ResultsStore(folder, IDENTITY, heal=False)
    assert (folder / "journal.jsonl").read_bytes() == b"".join(lines)
    with pytest.warns(StoreWarning, match="line 3 of journal.jsonl damaged"), ResultsStore(folder, IDENTITY) as store:
        assert store.done == {0, 2, 3, 4}
        assert len(store.table("runs")) == 8 and len(store.table("ledger")) == 16
        store.save(outcome(1))
        assert len(store.table("runs")) == 10 and len(store.table("ledger")) == 20
        store.consolidate()
    with ResultsStore(folder, IDENTITY, heal=False) as store:
        assert store.done == {*range(RUNS)} and len(store.table("ledger")) == 20


def test_a_file_whose_line_was_lost_is_put_aside_and_not_overwritten(tmp_path):
    folder = filled(tmp_path / "r", finished=True)
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (number,) = [number for number, line in enumerate(lines) if b"report.html" in line]
    lines[number] = b"\n"
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    with pytest.warns(StoreWarning, match="report.html is now report_1.html"), ResultsStore(folder, IDENTITY) as store:
        store.write("report.html", b"anew")
    assert (folder / "report_1.html").read_bytes() == b"of four" and (folder / "report.html").read_bytes() == b"anew"


def test_results_of_another_version_are_never_changed_even_if_they_are_damaged(tmp_path):
    folder = filled(tmp_path / "r", finished=True)
    content = (folder / "journal.jsonl").read_bytes().replace(b'"program":"', b'"program":"x', 1)
    (folder / "journal.jsonl").write_bytes(content)
    with pytest.raises(StoreError, match="first line is damaged"):
        ResultsStore(folder, IDENTITY)
    assert (folder / "journal.jsonl").read_bytes() == content


def test_what_nobody_can_read_is_put_aside_by_who_starts_over(tmp_path):
    for number, overwrite in enumerate((False, True), 1):
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "journal.jsonl").write_bytes(b"garbage\n")
        (tmp_path / "r" / "mine.csv").write_text("years of work")
        with (
            pytest.warns(StoreWarning, match="journal that is damaged or of an earlier version"),
            ResultsStore(tmp_path / "r", IDENTITY, overwrite=overwrite, aside=True) as store,
        ):
            assert store.done == set()
        assert (tmp_path / f"r_{number}" / "mine.csv").read_text() == "years of work"
        shutil.rmtree(tmp_path / "r")


@pytest.mark.parametrize("damage", ["missing", "garbage", "a row lost"])
@pytest.mark.parametrize("heal", [True, False])
def test_a_table_of_runs_that_is_missing_or_changed_is_written_anew_from_the_journal_with_a_word(
    tmp_path, damage, heal
):
    folder = filled(tmp_path / "r", finished=True)
    path, before = folder / "runs.parquet", pd.read_parquet(folder / "runs.parquet")
    if damage == "missing":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"PAR1 and no more")
    else:
        before.iloc[1:].to_parquet(path)
    with (
        pytest.warns(StoreWarning, match="runs.parquet is missing or changed.*nothing is lost"),
        ResultsStore(folder, IDENTITY, heal=heal) as store,
    ):
        assert store.done == {*range(RUNS)}
        store.consolidate()
    pd.testing.assert_frame_equal(pd.read_parquet(path), before)


@pytest.mark.filterwarnings("error")
def test_a_table_of_runs_that_is_behind_because_a_command_was_cut_short_is_no_damage(tmp_path):
    folder = filled(tmp_path / "r", finished=True)
    with ResultsStore(folder, IDENTITY) as store:
        store.save(outcome(RUNS))
    with ResultsStore(folder, IDENTITY) as store:
        store.consolidate()
    assert len(pd.read_parquet(folder / "runs.parquet")) == 2 * (RUNS + 1)


@pytest.mark.filterwarnings("error")
def test_wherever_putting_together_is_cut_short_no_table_of_runs_is_called_damaged(tmp_path, monkeypatch):
    before = filled(tmp_path / "before", finished=True)
    with ResultsStore(before, IDENTITY) as store:
        store.save(outcome(RUNS))
    for calls in range(100):
        folder = shutil.copytree(before, tmp_path / str(calls))
        if not cut_short(folder, calls, monkeypatch):
            break
        with ResultsStore(folder, IDENTITY) as store:
            store.consolidate()
        assert len(pd.read_parquet(folder / "runs.parquet")) == 2 * (RUNS + 1)
    assert 5 < calls < 100


def cut_short(folder, calls, monkeypatch):
    """Put the folder together until the next rename or flush after so many is that of a process that is gone."""
    left = iter(range(calls))

    def dying(real):
        def call(*arguments, **options):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        return call

    with ResultsStore(folder, IDENTITY) as store, monkeypatch.context() as patch:
        for name in ("replace", "fsync"):
            patch.setattr(os, name, dying(getattr(os, name)))
        try:
            store.consolidate()
        except KeyboardInterrupt:
            return True
    return False


def test_damage_to_the_table_of_runs_is_told_also_where_a_failed_replication_came_last(tmp_path):
    folder = filled(tmp_path / "r", finished=True)
    failed = ReplicationOutcome({}, [run.failed("day 93", 1.5, "ValueError: no") for run in plan(RUNS)])
    for put_together in (True, False):  # or it is behind, and yet damaged
        with ResultsStore(folder, IDENTITY) as store:
            store.save(failed)
            if put_together:
                store.consolidate()
        (folder / "runs.parquet").write_bytes(b"PAR1 and no more")
        with (
            pytest.warns(StoreWarning, match="runs.parquet is missing or changed.*nothing is lost"),
            ResultsStore(folder, IDENTITY) as store,
        ):
            store.consolidate()
        assert len(pd.read_parquet(folder / "runs.parquet")) == 2 * (RUNS + 1)
