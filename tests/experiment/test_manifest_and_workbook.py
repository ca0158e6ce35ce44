import json
import platform
import re
import sys
import zipfile
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from small_experiment import outcome

from simsuite.experiment.comparison import WHAT_THE_INTERVAL_COVERS, compare
from simsuite.experiment.digest import content_digest
from simsuite.experiment.manifest import LIBRARIES, manifest, write_comparisons, write_manifest
from simsuite.experiment.outcome import run_table
from simsuite.experiment.store import ResultsStore
from simsuite.experiment.workbook import write_summary
from simsuite.metrics.measure import Measure

DECLARED = [Measure("conversion", "Orders per 100 needs", "", 1, "higher", 0.1, len)]
NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def folder(tmp_path):
    with ResultsStore(tmp_path / "r", "identity") as store:
        for replication in range(1, 5):
            store.save(outcome(replication))
        content = store.consolidate()
        (store.folder / "mine.parquet").write_bytes(b"of somebody else")
        write_manifest(store, manifest(store, content, ["compare", "a.toml"], store.runs, 1.5))
        (store.folder / "mine.parquet").unlink()
        comparison = compare(store.table("measures"), "isolated", DECLARED)
        write_comparisons(store, comparison)
        tables = {name: store.table(name) for name in store.table_names}
        write_summary(
            store,
            "=1+1 is what a spreadsheet must not compute",
            comparison,
            tables,
            json.loads((store.folder / "manifest.json").read_text()),
        )
    return tmp_path / "r"


def cells(folder, sheet):
    """The sheet as {cell: text or number}, and its XML."""
    with zipfile.ZipFile(folder / "summary.xlsx") as book:
        texts = ["".join(entry.itertext()) for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        names = [
            entry.get("name")
            for entry in ElementTree.fromstring(book.read("xl/workbook.xml")).find("m:sheets", NAMESPACE)
        ]
        xml = book.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml").decode()
    found = {}
    for cell in ElementTree.fromstring(xml).iterfind(".//m:c", NAMESPACE):
        value = cell.find("m:v", NAMESPACE)
        if value is not None:
            found[cell.get("r")] = texts[int(value.text)] if cell.get("t") == "s" else float(value.text)
    return found, xml


def test_the_answer_comes_first_then_what_the_interval_covers_then_the_table(folder):
    answer, xml = cells(folder, "Answer")
    assert answer["A1"].startswith("=1+1") and "<f>" not in xml
    assert WHAT_THE_INTERVAL_COVERS in answer["A2"]
    assert [answer[f"{column}4"] for column in "ABCDEFGH"] == [
        "Measure",
        "Unit",
        "Of",
        "For",
        "Strategy",
        "Reference",
        "Value",
        "Change",
    ]
    assert answer["A5"] == "Orders per 100 needs" and answer["E5"] == "integrated"
    table = pd.read_csv(folder / "comparisons.csv")
    assert answer["H5"] == pytest.approx(table["change"][0])
    assert 'state="frozen"' in xml and re.search(r'<col min="1" max="1" width="2[0-9]', xml)


def test_the_ledger_is_the_mean_over_runs_and_adds_up(folder):
    ledger, _ = cells(folder, "Ledger")
    by_hand = pd.read_parquet(folder / "ledger.parquet").groupby("strategy")["journeys"].sum() / 4
    rows = range(4, 8)
    for strategy, journeys in by_hand.items():
        assert sum(ledger[f"E{row}"] for row in rows if ledger[f"A{row}"] == strategy) == pytest.approx(journeys)


def test_measures_runs_and_about_are_there(folder):
    measures, _ = cells(folder, "Measures")
    isolated = pd.read_parquet(folder / "measures.parquet").query("strategy == 'isolated'")["value"]
    assert measures["D4"] == "isolated" and measures["E4"] == pytest.approx(isolated.mean())
    assert measures["F4"] == pytest.approx(np.std(isolated, ddof=1) / 2)
    assert cells(folder, "Runs")[0]["A2"] == "isolated-1"
    assert "compare a.toml" in cells(folder, "About")[0].values()


def test_a_seed_keeps_all_its_digits(folder):
    runs = run_table(outcome(1).runs).assign(seed=2**64 - 1)
    measures = pd.read_parquet(folder / "measures.parquet")
    with ResultsStore(folder, "identity") as store:
        write_summary(store, "", compare(measures, "isolated", DECLARED), {"runs": runs, "measures": measures}, {})
    assert cells(folder, "Runs")[0]["D2"] == "18446744073709551615"


def test_the_manifest_says_how_to_repeat_it_and_nothing_about_the_machine(folder):
    text = (folder / "manifest.json").read_text()
    said = json.loads(text)
    assert said["command"] == ["compare", "a.toml"] and said["identity"] == "identity"
    assert said["content_digest"] == content_digest(folder)
    assert said["versions"]["python"] == platform.python_version() and said["versions"]["platform"] == sys.platform
    assert said["versions"]["numpy"] == np.__version__
    assert (said["seeds"], said["replications"], said["runs"]) == ([1], [1, 2, 3, 4], {"done": 8})
    assert set(said["files"]) == {
        "measures.parquet",
        "ledger.parquet",
        "audit.parquet",
        "runs.parquet",
    }
    assert set(said["written"]) == {*said["files"], "journal.jsonl", "manifest.json"}
    assert set(said["versions"]) <= {"python", "platform", *LIBRARIES} and str(folder.parent) not in text


def test_comparisons_can_be_read_by_anything(folder):
    table = pd.read_csv(folder / "comparisons.csv")
    assert list(table["interval"]) == ["simultaneous"] and list(table["strategy"]) == ["integrated"]
    assert table["low"][0] + table["half_width"][0] == pytest.approx(table["change"][0])
