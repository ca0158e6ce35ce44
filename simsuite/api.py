"""The public functions: load, run, compare. What `compare` returns holds data frames and shows itself in a notebook."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from simsuite.arguments import argument, names, plain, yes_or_no
from simsuite.errors import UsageError
from simsuite.experiment.plan import Experiment, plan_comparison
from simsuite.experiment.recorded import COMPARE, recorded
from simsuite.experiment.results import Results as PlainResults
from simsuite.experiment.results import carried_out
from simsuite.machine.rulebook import Rulebook
from simsuite.one_run import Run
from simsuite.scenario import Scenario


class Results(PlainResults):
    """The runs that were asked for, how strategies compare, and how that is shown: answer, report, figures."""

    kind_of_run = Run

    def answer(self) -> str:
        """The answer in words, at most 80 columns wide."""
        from simsuite.report.summary import answer_of

        return answer_of(self)

    def save_report(self, path: str | Path | None = None) -> Path:
        """Write the report as one HTML file; default: report.html in the results folder."""
        from simsuite.report.summary import write_report

        return write_report(self, path)

    def plot(self, kind: str = "comparison", strategy: str | None = None):
        """A matplotlib figure of the report: comparison, ledger, saved, waterfall, funnel, switches, losses, segments, audit,
        days, convergence; of `strategy` against the reference, default: the first that was compared, in comparison all.

        Raises
        ------
        UsageError : no such figure or strategy, or the runs do not hold what it shows
        """
        from simsuite.report.drawn.figures import plot

        return plot(kind, self.experiment.scenario, self.comparison, self.tables, strategy, self.explanations.waterfall)

    def _repr_html_(self) -> str:
        from simsuite.report.summary import html_of

        return html_of(self)


def compare(
    *scenarios: str | Path | Scenario,
    strategies: Sequence[str] | None = None,
    reference: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    precision: bool = False,
    without: Sequence[str] = (),
    rules: Rulebook | None = None,
    engine: str = "batch",
    workers: int | None = None,
    folder: str | Path | None = None,
    progress: bool = False,
) -> Results:
    """Compare strategies on the same people and the same luck.

    Parameters
    ----------
    scenarios : one scenario, whose strategies are compared; or several, one arm each
    strategies : which ones (default: all of the scenario)
    reference : the strategy, or file, that the others are compared with
    replications : paired replications; default: the scenario's
    seed : default: the scenario's
    overrides : values by dotted path, {"population.customers": 6000}
    precision : add replications until every half-width is under half its threshold
    without : mechanisms to switch off, such as "statements"
    rules : `simsuite.rules.replace(...)`
    engine : "batch" (compiled) or "mesa" (interpreted, for small worlds)
    workers : threads; default: one per processor
    folder : keep the results there, as `simsuite compare` does, for `simsuite resume` and `report`; the report itself,
        which takes seconds to draw, is written by `save_report()`, and anew where there is one already. What the
        folder holds of another scenario, strategy, seed or rule is put aside, with a warning
    progress : show a bar on stderr

    Returns
    -------
    Results, with `table`, `answer()`, `plot()`, `save_report()`

    Raises
    ------
    ScenarioError, UsageError, StoreError, RunError
    """
    began = time.perf_counter()
    progress = yes_or_no("progress", progress)
    if folder is not None and not isinstance(folder, (str, os.PathLike)):
        raise UsageError(f"{argument('folder', folder)}: this must be a path.")
    experiment = plan_comparison(
        scenarios, strategies, reference, replications, seed, overrides, precision, without, rules, engine
    )
    asked = {
        "strategies": strategies,
        "reference": reference,
        "replications": replications,
        "precision": precision,
        "seed": seed,
        "without": names(without) or [],
    }
    words = [_call(scenarios, {**asked, "overrides": overrides, "folder": folder and str(folder)}, experiment)]
    command = recorded(COMPARE, words, experiment, scenarios=None, set=None, **asked)
    with carried_out(experiment, folder, workers, progress=progress, about={"command": command}) as done:
        plain, execution, store = done
        results = Results(**{field.name: getattr(plain, field.name) for field in fields(plain)})
        if folder is not None and execution.done:
            from simsuite.report.summary import REPORT, write_views

            write_views(results, store, words, report=REPORT in store.files)
    execution.raise_failures()
    return replace(results, seconds=time.perf_counter() - began)


def _call(scenarios: Sequence[str | Path | Scenario], asked: Mapping[str, Any], experiment: Experiment) -> str:
    """The call as a person would write it; a scenario object by the file that the results folder keeps of it."""
    called = [f"resolved/{each.name}.toml" if isinstance(each, Scenario) else str(each) for each in scenarios]
    options = [
        f"{name}={value!r}"
        for name, value in plain(asked).items()
        if value is not None and value is not False and value != [] and value != {}
    ]
    if replaced := experiment.rules.replaced:
        options.append(f"rules=simsuite.rules.replace({', '.join(f'{name}=...' for name in replaced)})")
    return f"simsuite.compare({', '.join([*map(repr, called), *options])})"
