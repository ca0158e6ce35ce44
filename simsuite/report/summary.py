"""From finished results to what people open: the answer, the report, the workbook, data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.errors import RequirementNotMet, UsageError
from simsuite.experiment.files import write_whole
from simsuite.experiment.views import manifest, write_comparisons, write_manifest
from simsuite.experiment.workbook import write_summary
from simsuite.report import answer as words_of_answer

if TYPE_CHECKING:
    import pandas

    from simsuite.api import Results
    from simsuite.run_result import RunResult

REPORT = "report.html"


def answer_of(results: Results, color: bool = False) -> str:
    """The answer in words, at most 80 columns."""
    report = str(results.folder / REPORT) if results.folder is not None else None
    return words_of_answer.answer(results.experiment.scenario, results.comparison, results.tables,
                                  seconds=results.seconds, report=report, color=color,
                                  others=results.experiment.others)


def answer_as_data(results: Results) -> dict[str, Any]:
    """The answer as plain data."""
    return words_of_answer.for_json(results.experiment.scenario, results.comparison, results.tables,
                                    others=results.experiment.others)


def write_views(results: Results, command: Sequence[str]) -> None:
    """Everything beside the Parquet tables: comparisons.csv, summary.xlsx, resolved/, manifest.json, report.html."""
    folder = results.folder
    experiment = results.experiment
    about = manifest(folder, experiment.identity, results.content_digest, ["simsuite", *command[1:]], results.runs,
                     results.seconds)
    write_comparisons(folder, results.comparison)
    write_summary(folder, answer_of(results), results.comparison, results.tables, about)
    (folder / "resolved").mkdir(exist_ok=True)
    write_whole(folder / "resolved" / f"{experiment.scenario.name}.toml", experiment.scenario.text.encode())
    write_manifest(folder, about)
    write_report(results, folder / REPORT, about)


def write_report(results: Results, path: str | Path | None = None, about: dict[str, Any] | None = None) -> Path:
    """One HTML file; default: report.html in the results folder."""
    from simsuite.report.page import render_report

    if path is None and results.folder is None:
        raise UsageError("These results are kept in no folder; say save_report('report.html').")
    target = Path(path) if path is not None else results.folder / REPORT
    about = about or {"content_digest": results.content_digest, "identity": results.experiment.identity}
    page = render_report(results.experiment.scenario, results.comparison, results.tables, about, story_for(results),
                         others=results.experiment.others)
    write_whole(target, page.encode())
    return target


def story_for(results: Results, customer: int | None = None):
    """One customer's story in the reference world and the first compared one; None where there are no twins."""
    from simsuite.report.story import interesting_customers, tell
    from simsuite.report.words import titles_of

    simulation = results.experiment.simulation
    first, other = simulation.arms[0], simulation.arms[1]
    if not simulation.has_twins(other):
        return None
    worlds = results.worlds()
    reference, compared = worlds[first.name], worlds[other.name]
    if customer is None:
        found = interesting_customers(reference, compared, 1)
        if not found:
            return None
        customer = found[0]
    spec = results.experiment.scenario.spec
    named = first.name in spec.strategies and other.name in spec.strategies
    return tell(reference, compared, customer, titles_of(spec, first.name, other.name) if named else None)


def check_requirements(results: Results, wanted: Sequence[str]) -> None:
    """Hold every "measure: verdict" against the comparison.

    Raises
    ------
    UsageError : a measure or verdict that does not exist
    RequirementNotMet : with every requirement that does not hold
    """
    table = results.table
    missed = []
    for text in wanted:
        name, colon, verdict = (part.strip() for part in text.partition(":"))
        known = list(dict.fromkeys(table["measure"]))
        if not colon or name not in known:
            raise UsageError(f"--require {text!r}: write 'measure: verdict'; measures: {', '.join(known)}.")
        for row in table[table["measure"] == name].itertuples():
            if row.verdict != verdict:
                missed.append(f"{name} is {row.verdict!r} for {row.strategy}, not {verdict!r}.")
    if missed:
        raise RequirementNotMet("\n".join(missed))


def measures_of_run(result: RunResult, scenario: str, overrides: dict[str, Any]) -> pandas.DataFrame:
    """The measures of a single run of this scenario, totals only."""
    from simsuite.metrics.measure import REGISTRY
    from simsuite.metrics.tables import tables_of_run
    from simsuite.metrics.told import stock_told
    from simsuite.scenario import load
    from simsuite.scenario.pack import pack

    packed = pack(load(scenario, overrides).spec)
    told = stock_told(packed, result.strategy, result.replication)
    table = tables_of_run(result, "run", result.strategy, None, packed.channels, stock_told=told)["measures"]
    table = table[(table["segment"] == "all") & (table["channel"] == "all")].copy()
    table.insert(0, "title", [REGISTRY[name].title for name in table["measure"]])
    table.insert(1, "unit", [REGISTRY[name].unit for name in table["measure"]])
    return table[["measure", "title", "value", "unit", "numerator", "denominator"]]


def html_of(results: Results) -> str:
    """The comparison for a notebook."""
    from simsuite.report.tables import comparison_html

    return comparison_html(results.comparison, results.experiment.scenario)
