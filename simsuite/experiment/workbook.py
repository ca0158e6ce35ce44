"""summary.xlsx: the results as a workbook for people who live in spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simsuite.experiment.comparison import WHAT_THE_INTERVAL_COVERS, Comparison
from simsuite.experiment.store import ResultsStore

if TYPE_CHECKING:
    import pandas

SUMMARY = "summary.xlsx"
MOST_ROWS = 1_048_575  # of a sheet, below its header
LARGEST_EXACT = 2**53  # whole numbers beyond lose digits in a spreadsheet, and become text
WIDEST = 60  # characters of a column
ANSWER = {
    "title": "Measure",
    "unit": "Unit",
    "base": "Of",
    "period": "For",
    "strategy": "Strategy",
    "reference_value": "Reference",
    "value": "Value",
    "change": "Change",
    "low": "Likely from",
    "high": "Likely to",
    "threshold": "Change that matters",
    "verdict": "Verdict",
    "run_more": "Run more",
    "wins": "Paired wins",
    "replications": "Replications",
}


def write_summary(
    store: ResultsStore,
    answer: str,
    comparison: Comparison,
    tables: Mapping[str, pandas.DataFrame],
    about: Mapping[str, Any],
    period: str = "",
) -> None:
    """summary.xlsx with the sheets Answer, Beside it, Measures, Ledger (if there is one), Runs and About.

    Parameters
    ----------
    store : of the results
    answer : the result in words, first line of the first sheet
    comparison : its totals become the table below, its companions the second sheet
    tables : "runs", "measures" and, if there is one, "ledger", as in the store
    about : the manifest
    period : of which days and how many customers the figures are, a sentence
    """
    import pandas

    sheets = {
        "Answer": comparison.table[list(ANSWER)].rename(columns=ANSWER),
        "Beside it": comparison.companions[[*ANSWER, "reason"]].rename(columns={**ANSWER, "reason": "Why no verdict"}),
        "Measures": _average_measures(tables["measures"]),
    }
    if "ledger" in tables:
        sheets["Ledger"] = _average_ledger(tables["ledger"], tables["runs"])
    sheets["Runs"] = tables["runs"]
    sheets["About"] = pandas.DataFrame(list(_flat(about)), columns=["Entry", "Value"])
    notes = {
        "Answer": [answer, f"Reference: {comparison.reference}. {WHAT_THE_INTERVAL_COVERS}"],
        "Beside it": ["All other measures. Each range holds for itself: of twenty, one misses by chance."],
        "Measures": [f"Means over replications, and their standard errors. {period}"],
        "Ledger": [
            f"Lost planned journeys per run by cause, from channel and to channel: means over replications. {period}"
        ],
    }
    store.write(SUMMARY, _workbook(sheets, notes))


def _average_measures(measures: pandas.DataFrame) -> pandas.DataFrame:
    """Mean, standard error and replications per measure, segment, channel and strategy."""
    keys = ["measure", "segment", "channel", "strategy"]
    return (
        measures.groupby(keys, sort=False)["value"]
        .agg(mean="mean", standard_error="sem", replications="count")
        .reset_index()
    )


def _average_ledger(ledger: pandas.DataFrame, runs: pandas.DataFrame) -> pandas.DataFrame:
    """Mean per run of journeys and cents; a run without a row had none."""
    runs_of = runs[runs["status"] == "done"].groupby("strategy").size()
    keys = ["strategy", "cause", "from_channel", "to_channel"]
    sums = ledger.groupby(keys, sort=False)[["journeys", "cents"]].sum()
    return sums.div(runs_of, axis=0, level="strategy").reset_index()


def _flat(entries: Mapping[str, Any], prefix: str = ""):
    """A nested mapping as lines (path, text)."""
    for key, value in entries.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            words = isinstance(value, list | tuple)
            yield f"{prefix}{key}", " ".join(map(str, value)) if words else str(value)


def _workbook(sheets: Mapping[str, pandas.DataFrame], notes: Mapping[str, list[str]]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        formats = {
            "header": book.add_format({"bold": True, "bottom": 1}),
            "note": book.add_format({"italic": True}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "real": book.add_format({"num_format": "#,##0.000"}),
            "text": book.add_format(),
        }
        for name, table in sheets.items():
            _sheet(book.add_worksheet(name), table, notes.get(name, []), formats)
    return content.getvalue()


def _sheet(sheet, table: pandas.DataFrame, notes: list[str], formats: Mapping[str, Any]) -> None:
    """Notes, a header that stays in sight, and one row per row of the table."""
    if len(table) > MOST_ROWS:
        notes = [
            *notes,
            f"The first {MOST_ROWS - 10:,} of {len(table):,} rows; all are in the Parquet table.",
        ]
        table = table.head(MOST_ROWS - 10)
    for row, note in enumerate(notes):
        sheet.write_string(row, 0, note, formats["note"])
    top = len(notes) + bool(notes)
    sheet.freeze_panes(top + 1, 0)
    for position, name in enumerate(table.columns):
        sheet.write_string(top, position, str(name), formats["header"])
        width = len(str(name))
        for row, value in enumerate(table[name].to_numpy(object), start=top + 1):
            width = max(width, _cell(sheet, row, position, value, formats))
        sheet.set_column(position, position, min(width + 2, WIDEST))
    if len(table):
        sheet.autofilter(top, 0, top + len(table), len(table.columns) - 1)


def _cell(sheet, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> int:
    """Write one value, nothing where it is missing; returns its width in characters."""
    import numbers

    import pandas

    if pandas.isna(value):
        return 0
    whole = isinstance(value, numbers.Integral)
    if isinstance(value, numbers.Real) and not isinstance(value, bool) and abs(value) <= LARGEST_EXACT:
        sheet.write_number(row, column, value, formats["whole" if whole else "real"])
        return len(f"{value:,}" if whole else f"{value:,.3f}")
    sheet.write_string(row, column, str(value), formats["text"])
    return len(str(value))
