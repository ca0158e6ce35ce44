import errno
import os
import re
from pathlib import Path

import pytest

import simsuite
from simsuite.errors import StoreError
from simsuite.experiment.journal import Journal
from simsuite.experiment.program import DECIDING, program
from simsuite.machine.imports import MACHINERY, texts_behind


@pytest.fixture
def journal(tmp_path):
    return Journal.create(tmp_path, "identity", {"command": ["compare"]})


def test_what_was_appended_is_read_again(journal, tmp_path):
    journal.append({"kind": "replication", "replication": 3, "message": "zwei\nZeilen"})
    again, entries = Journal.read(tmp_path)
    assert again.header == {
        "kind": "experiment",
        "identity": "identity",
        "program": program(),
        "about": {"command": ["compare"]},
    }
    assert entries == [{"kind": "replication", "replication": 3, "message": "zwei\nZeilen"}]


@pytest.mark.parametrize("torn", [b'{"kind":"repl', b'{"replication":2}', b"\xff\xfe", b"\0\0\0"])
def test_a_torn_last_line_is_no_entry_and_the_next_one_starts_clean(journal, tmp_path, torn):
    journal.append({"replication": 1})
    with open(journal.path, "ab") as file:
        file.write(torn)
    again, entries = Journal.read(tmp_path)
    assert entries == [{"replication": 1}]
    again.repair()
    again.append({"replication": 2})
    assert Journal.read(tmp_path)[1] == [{"replication": 1}, {"replication": 2}]


def test_a_damaged_line_in_the_middle_costs_only_itself(journal, tmp_path):
    journal.append({"replication": 1})
    with open(journal.path, "ab") as file:
        file.write(b"\0\0\0\n")
    journal.append({"replication": 2})
    assert Journal.read(tmp_path)[1] == [{"replication": 1}, {"replication": 2}]


@pytest.mark.parametrize("content", [b"", b"garbage\n", b'{"kind":"experiment"}\n', b"[1]\n"])
def test_a_file_that_is_no_journal_is_refused_in_words(tmp_path, content):
    (tmp_path / "journal.jsonl").write_bytes(content)
    with pytest.raises(StoreError, match="not the journal of an experiment.*--fresh"):
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
    assert Journal.read(tmp_path)[1] == [{"replication": 1}, {"replication": 3}]


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
