import errno
import json
import os
import re
from pathlib import Path

import pytest

import simsuite
from simsuite.errors import StoreError
from simsuite.experiment.journal import Journal, UnreadableJournal
from simsuite.experiment.program import DECIDING, program
from simsuite.machine.imports import MACHINERY, texts_behind


@pytest.fixture
def journal(tmp_path):
    return Journal.create(tmp_path, "identity", {"command": ["compare"]})


def lines_of(journal):
    return journal.path.read_bytes().splitlines(keepends=True)


def test_what_was_appended_is_read_again(journal, tmp_path):
    journal.append({"kind": "replication", "replication": 3, "message": "zwei\nZeilen"})
    again = Journal.read(tmp_path)
    assert again.header == {
        "kind": "experiment",
        "identity": "identity",
        "program": program(),
        "about": {"command": ["compare"]},
    }
    assert again.entries == [{"kind": "replication", "replication": 3, "message": "zwei\nZeilen"}]
    assert again.faults == [] and journal.entries == again.entries
    assert [list(json.loads(line))[-1] for line in lines_of(journal)] == ["check", "check"]


@pytest.mark.parametrize("torn", [b'{"kind":"repl', b'{"replication":2}', b"\xff\xfe", b"\0\0\0"])
def test_a_torn_last_line_is_no_entry_and_the_next_one_starts_clean(journal, tmp_path, torn):
    journal.append({"replication": 1})
    with open(journal.path, "ab") as file:
        file.write(torn)
    again = Journal.read(tmp_path)
    assert again.entries == [{"replication": 1}] and again.faults == ["the last line of journal.jsonl cut off"]
    again.write()
    again.append({"replication": 2})
    whole = Journal.read(tmp_path)
    assert whole.entries == [{"replication": 1}, {"replication": 2}] and whole.faults == []


def changed(lines):
    lines[2] = lines[2].replace(b'"replication":1', b'"replication":9')


def without_check(lines):
    lines[2] = b'{"replication":1}\n'


def from_elsewhere(lines):
    lines.insert(2, lines[0].replace(b"identity", b"identitas"))


def swapped(lines):
    lines[1], lines[2] = lines[2], lines[1]


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (changed, "line 3 "),
        (without_check, "lines 3, 4 "),
        (lambda lines: lines.insert(2, b"\0\0\0\n"), "lines 3, 4 "),
        (lambda lines: lines.pop(2), "line 3 "),
        (lambda lines: lines.insert(2, lines[2]), "line 4 "),
        (swapped, "lines 2, 3, 4 "),
        (from_elsewhere, "lines 3, 4 "),
        (lambda lines: lines.insert(1, lines[0]), "line 2 "),
    ],
    ids=["changed", "without check", "garbage", "lost", "doubled", "swapped", "from elsewhere", "second header"],
)
def test_a_damaged_line_costs_itself_and_at_most_its_neighbors_and_is_named(journal, tmp_path, damage, named):
    for number in range(5):
        journal.append({"replication": number})
    lines = lines_of(journal)
    damage(lines)
    journal.path.write_bytes(b"".join(lines))
    again = Journal.read(tmp_path)
    assert again.faults == [f"{named}of journal.jsonl damaged, moved or missing"]
    said = [entry["replication"] for entry in again.entries]
    assert len(said) >= 2 and said == sorted({*said}) and {*said} <= {*range(5)}
    again.write()
    assert Journal.read(tmp_path).entries == again.entries and Journal.read(tmp_path).faults == []


@pytest.mark.parametrize("content", [b"", b"garbage\n", b'{"kind":"experiment"}\n', b"[1]\n", b"\0" * 100])
def test_a_file_that_is_no_journal_is_refused_in_words(tmp_path, content):
    (tmp_path / "journal.jsonl").write_bytes(content)
    with pytest.raises(UnreadableJournal, match="not the journal of an experiment.*choose another folder"):
        Journal.read(tmp_path)


def test_a_journal_of_an_earlier_version_whose_lines_have_no_check_is_refused_in_words(tmp_path):
    first = {"kind": "experiment", "identity": "identity", "program": "0123456789abcdef", "about": {}}
    (tmp_path / "journal.jsonl").write_text(json.dumps(first) + '\n{"kind":"about","about":{}}\n')
    with pytest.raises(UnreadableJournal, match="an earlier version of simsuite wrote it.*puts the folder aside"):
        Journal.read(tmp_path)


def test_a_line_that_does_not_fit_on_the_disk_is_taken_back(journal, tmp_path, monkeypatch):
    journal.append({"replication": 1})

    def fail(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="the disk is full"):
            journal.append({"replication": 2})
    journal.append({"replication": 3})
    assert Journal.read(tmp_path).entries == [{"replication": 1}, {"replication": 3}]
    assert Journal.read(tmp_path).faults == []


def test_whatever_decides_about_results_belongs_to_the_program_that_the_journal_names():
    """All that compiles rules, runs them, measures and explains; nothing that only reads or shows."""
    behind = texts_behind(*DECIDING, *MACHINERY)
    package = Path(simsuite.__file__).parent
    compiling = {path for path in package.rglob("*.py") if re.search(r"^(import|from) numba\b", path.read_text(), re.M)}
    assert len(compiling) > 1
    assert {f"simsuite.machine.{path.stem}" for path in compiling} <= set(behind)
    assert {
        "simsuite.engines.kernels",
        "simsuite.engines.log",
        "simsuite.lives.parting",
        "simsuite.metrics.money",
    } <= set(behind)
    assert not [name for name in behind if name.startswith(("simsuite.report", "simsuite.cli"))]
