"""From finished results to what people open: the answer, the report, the workbook, data."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.arguments import override
from simsuite.errors import RequirementNotMet, UsageError
from simsuite.experiment.manifest import COMPARISONS, MANIFEST, manifest, write_comparisons, write_manifest
from simsuite.experiment.statistics import VERDICTS
from simsuite.experiment.store import ResultsStore
from simsuite.experiment.workbook import SUMMARY, write_summary
from simsuite.files import write_whole
from simsuite.lives.kept_story import from_json, kept_story
from simsuite.report.drawn.drawing import Draw, svgs
from simsuite.report.said import answer as words_of_answer
from simsuite.report.said import onward
from simsuite.report.said.labels import period
from simsuite.scenario.words import counted

if TYPE_CHECKING:
    from simsuite.experiment.results import Results

REPORT, STORY = "report.html", "story.json"


def answer_of(results: Results, color: bool = False, seconds: float | None = None) -> str:
    """The answer in words with what to do next, at most 80 columns; `seconds` that it took, None: those of the results."""
    return f"{findings_of(results, color)}\n{onward_of(results, results.seconds if seconds is None else seconds)}"


def findings_of(results: Results, color: bool = False) -> str:
    """The answer in words alone."""
    return words_of_answer.findings(
        results.experiment.scenario,
        results.comparison,
        results.tables,
        waterfall=results.explanations.waterfall,
        color=color,
        others=results.experiment.as_compared,
    )


def onward_of(results: Results, seconds: float) -> str:
    """Where the report lies, once it is written, the next command, and how long it all took by the clock."""
    experiment = results.experiment
    report = str(results.folder / REPORT) if results.folder is not None and (results.folder / REPORT).exists() else None
    explained = results.explanations.waterfall is not None or bool(experiment.as_compared)
    lines = onward.lines(experiment.scenario, results.comparison, results.folder, report, explained)
    return f"{lines}\n{onward.took(seconds)}"


def answer_as_data(results: Results) -> dict[str, Any]:
    """The answer as plain data."""
    return words_of_answer.for_json(
        results.experiment.scenario,
        results.comparison,
        results.tables,
        waterfall=results.explanations.waterfall,
        others=results.experiment.as_compared,
    )


def write_views(
    results: Results,
    store: ResultsStore,
    command: Sequence[str],
    last_command: Sequence[str] | None = None,
    draw: Draw = svgs,
    report: bool = True,
    clock: Callable[[], float] | None = None,
) -> None:
    """All beside the tables: comparisons.csv, summary.xlsx, story.json, report.html, and last manifest.json.

    store : that holds the results
    command, last_command : as in `manifest_of`
    draw : makes inline SVG of drawings
    report : False leaves report.html out
    clock : seconds since the command began, for the manifest, which alone is written when all else is; None: those
        that the runs took
    """
    story = kept_story(results.tables)
    for name in (
        COMPARISONS,
        SUMMARY,
        *([STORY] if story is not None else []),
        MANIFEST,
        *([REPORT] if report else []),
    ):
        store.claim(name)
    about = manifest_of(results, store, command, last_command)
    of_command = about["seconds"].pop("command")  # not over yet while workbook and report are written
    write_comparisons(store, results.comparison)
    write_summary(store, findings_of(results), results.comparison, results.tables, about, _period(results))
    if story is not None:
        store.write(STORY, story.encode())
    if report:
        store.write(REPORT, report_of(results, about, draw).encode())
    about["seconds"] = {"command": round(clock(), 3) if clock else of_command, **about["seconds"]}
    write_manifest(store, about)


def _period(results: Results) -> str:
    """Of which days and of how many customers a run is."""
    spec = results.experiment.scenario.spec
    return f"A run: {counted(spec.population.customers, 'customer')}, {period(spec)}."


def manifest_of(
    results: Results, store: ResultsStore, command: Sequence[str], last_command: Sequence[str] | None = None
) -> dict[str, Any]:
    """What manifest.json says.

    Parameters
    ----------
    store : that holds the results
    command : words of the command that asked for the runs
    last_command : words of the one that is at work; None: the same
    """
    return manifest(store, results.content_digest, command, results.runs, results.seconds, last_command)


def write_report(results: Results, path: str | Path | None = None) -> Path:
    """One HTML file; default: report.html in the results folder, if this still holds these results.

    Raises
    ------
    StoreError : somebody else works in the folder, or it holds other results by now
    """
    if path is not None:
        write_whole(Path(path), report_of(results).encode())
        return Path(path)
    if results.folder is None:
        raise UsageError("These results are kept in no folder; say save_report('report.html').")
    with ResultsStore(results.folder, results.experiment.identity, heal=False) as store:
        store.write(REPORT, report_of(results).encode())
    return results.folder / REPORT


def report_of(results: Results, about: dict[str, Any] | None = None, draw: Draw = svgs) -> str:
    """The report as one HTML page.

    about : the manifest, if there is one
    draw : makes inline SVG of drawings
    """
    from simsuite.report.page.page import render_report

    story = kept_story(results.tables)
    return render_report(
        results.experiment.scenario,
        results.comparison,
        results.tables,
        about or {"content_digest": results.content_digest, "identity": results.experiment.identity},
        from_json(story) if story is not None else None,
        results.explanations,
        without_story(results),
        others=results.experiment.as_compared,
        draw=draw,
    )


def without_story(results: Results) -> str:
    """Why the report tells no story, and how to get one; empty where nobody has a twin."""
    experiment = results.experiment
    if not experiment.simulation.has_twins(experiment.arms[1]):
        return ""
    command = f"simsuite story {shlex.quote(onward.named(experiment.scenario, results.folder))}"
    if not experiment.logged_replications:
        return (
            f"No story was kept: no customer was followed. {command} tells one, and a comparison with "
            f"{override('experiment.logged_replications', '1')} keeps one."
        )
    return (
        "No story was kept: of the customers followed, nobody ordered in one of the worlds only because of what "
        f"channels know. {command} looks among all of them."
    )


def checked_requirements(wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Measure and verdict of every "measure: verdict".

    Raises
    ------
    UsageError : a measure or verdict that does not exist
    """
    from simsuite.metrics.measure import headline_measures

    known = [measure.name for measure in headline_measures()]
    pairs = []
    for text in wanted:
        name, colon, verdict = (part.strip() for part in text.partition(":"))
        if not colon or name not in known:
            raise UsageError(f"--require {text!r}: write 'measure: verdict'; measures: {', '.join(known)}.")
        if verdict not in VERDICTS:
            raise UsageError(f"--require {text!r}: there is no verdict {verdict!r}; there are: {', '.join(VERDICTS)}.")
        pairs.append((name, verdict))
    return pairs


def check_requirements(results: Results, wanted: Sequence[str]) -> None:
    """Hold every "measure: verdict" against the comparison.

    Raises
    ------
    UsageError : a measure or verdict that does not exist
    RequirementNotMet : with every requirement that does not hold
    """
    table = results.table
    missed = []
    for name, verdict in checked_requirements(wanted):
        for row in table[table["measure"] == name].itertuples():
            if row.verdict != verdict:
                missed.append(f"{name} is {row.verdict!r} for {row.strategy}, not {verdict!r}.")
    if missed:
        raise RequirementNotMet("\n".join(missed))


def html_of(results: Results) -> str:
    """The comparison for a notebook."""
    from simsuite.report.page.html_tables import comparison_html

    return comparison_html(results.comparison, results.experiment.scenario)
