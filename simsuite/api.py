"""The public functions: load, run, compare. What they return holds data frames and shows itself in a notebook."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.engines.compile import compile_rules
from simsuite.errors import ScenarioError, UsageError
from simsuite.experiment.comparison import Comparison
from simsuite.experiment.comparison import compare as compare_measures
from simsuite.experiment.digest import content_digest
from simsuite.experiment.explanations import Explanations, explanations_in
from simsuite.experiment.outcome import RunRecord
from simsuite.experiment.progress import Progress
from simsuite.experiment.resolved import keep_scenarios
from simsuite.experiment.room import threads_beside, workers_that_fit
from simsuite.experiment.runner import Execution, batches, execute, execute_until
from simsuite.experiment.simulate import Arm, Simulation, arm_of_file, arms_of
from simsuite.experiment.store import ResultsStore
from simsuite.metrics.measure import REGISTRY, Measure
from simsuite.rulebook import Rulebook, standard_rules
from simsuite.run_result import RunResult
from simsuite.scenario import Scenario, load
from simsuite.scenario.origin import Given

if TYPE_CHECKING:
    import pandas


ENGINES = ("batch", "mesa")


@dataclass(frozen=True)
class Experiment:
    """What is to be run: arms, luck, rules; independent of where the results go.

    arms : the reference first
    replications, precise_up_to : a fixed number, or until precise, up to a cap (None: fixed)
    """

    name: str
    scenario: Scenario
    arms: Sequence[Arm]
    replications: int
    precise_up_to: int | None = None
    rules: Rulebook = field(default_factory=standard_rules)
    engine: str = "batch"
    others: Mapping[str, Scenario] | None = None  # by arm name, where arms have scenarios of their own
    logged_replications: int = 0  # in which customers are followed event by event

    @property
    def scenarios(self) -> list[Scenario]:
        """All that are compared, by name each once: one, or those of the arms as well."""
        return list({each.name: each for each in (self.scenario, *(self.others or {}).values())}.values())

    @property
    def as_compared(self) -> dict[str, Scenario] | None:
        """Scenarios of arms that have their own, each with the strategy alone that is compared."""
        if self.others is None:
            return None
        alone = {arm.name: {arm.strategy: self.others[arm.name].spec.strategies[arm.strategy]} for arm in self.arms}
        return {
            name: replace(self.others[name], spec=self.others[name].spec.model_copy(update={"strategies": each}))
            for name, each in alone.items()
        }

    @property
    def simulation(self) -> Simulation:
        """How one replication is run."""
        return Simulation(
            self.arms,
            self.rules,
            self.engine,
            logged_replications=self.logged_replications,
            logged_customers=self.scenario.spec.experiment.logged_customers,
            observe=self._observe,
        )

    def is_precise(self, measures: pandas.DataFrame) -> bool:
        """Whether the interval of every headline measure is narrow enough."""
        level = self.scenario.spec.experiment.level
        return compare_measures(measures, self.arms[0].name, headline_measures(), level).is_precise()

    def _observe(self, results: Mapping[str, RunResult]) -> dict[str, pandas.DataFrame]:
        """The story of the first compared arm, told from the first replication that is logged."""
        from simsuite.report.kept_story import story_table

        reference, compared = self.arms[:2]
        if results[reference.name].replication > 0 or not self.simulation.can_be_told(compared):
            return {}
        return {"story": story_table(results, reference.name, compared.name, self.scenario.spec)}

    @property
    def identity(self) -> str:
        """Digest of everything that decides the results, except the number of replications."""
        runs: list = [[arm.name, arm.run_id(0, self.rules)] for arm in self.arms]
        if self.logged_replications:
            runs.append([self.logged_replications, self.scenario.spec.experiment.logged_customers])
        return hashlib.sha256(json.dumps(runs).encode()).hexdigest()[:16]


@dataclass(frozen=True, repr=False)
class Results:
    """The runs that were asked for: tables over all of them, and how strategies compare.

    tables : data frames by name; see docs/results.md
    runs : one record per run
    folder : where they are kept, None if nowhere
    beyond : replications that the folder holds beyond those asked for; they count in nothing here
    """

    experiment: Experiment
    tables: Mapping[str, pandas.DataFrame]
    runs: Sequence[RunRecord]
    seconds: float
    content_digest: str
    folder: Path | None = None
    beyond: int = 0

    def __repr__(self) -> str:
        arms = ", ".join(arm.name for arm in self.experiment.arms)
        return (
            f"<Results of {self.experiment.name}: {arms}; say print(results.answer()), results.table, results.plot()>"
        )

    @cached_property
    def comparison(self) -> Comparison:
        """Every strategy against the reference, with simultaneous intervals."""
        level = self.experiment.scenario.spec.experiment.level
        return compare_measures(
            self.tables["measures"], self.experiment.arms[0].name, headline_measures(), level, companion_measures()
        )

    @cached_property
    def explanations(self) -> Explanations:
        """What `simsuite waterfall` and `simsuite removal` have put into the results folder about these strategies."""
        return explanations_in(
            self.folder, self.experiment.scenario.spec, self.comparison.reference, self.comparison.strategies
        )

    @property
    def table(self) -> pandas.DataFrame:
        """The comparison as a data frame, one row per headline measure and strategy."""
        return self.comparison.table

    @property
    def companions(self) -> pandas.DataFrame:
        """All other measures in the same columns, each interval for itself; a reason where nothing can be compared."""
        return self.comparison.companions

    @property
    def measures(self) -> pandas.DataFrame:
        """All measures of all runs, long."""
        return self.tables["measures"]

    @property
    def ledger(self) -> pandas.DataFrame:
        """Lost planned journeys by cause, from channel and to channel."""
        return self.tables["ledger"]

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
        days, convergence; of `strategy` against the reference, default: the first that was compared.

        Raises
        ------
        UsageError : no such figure or strategy, or the runs do not hold what it shows
        """
        from simsuite.report.figures import plot

        return plot(kind, self.experiment.scenario, self.comparison, self.tables, strategy, self.explanations.waterfall)

    def worlds(self, replication: int = 0) -> dict[str, RunResult]:
        """Run one replication again with its event log: a RunResult per strategy."""
        simulation = replace(self.experiment.simulation, logged_replications=replication + 1, logged_customers=None)
        return simulation.results(replication)

    def _repr_html_(self) -> str:
        from simsuite.report.summary import html_of

        return html_of(self)


def headline_measures() -> list[Measure]:
    """The declared measures that carry a verdict."""
    return [measure for measure in REGISTRY.values() if measure.headline]


def companion_measures() -> list[Measure]:
    """The other measures, which stand beside them."""
    return [measure for measure in REGISTRY.values() if not measure.headline]


def known_engine(name: str) -> str:
    """The name of an engine, if there is one of this name."""
    if name not in ENGINES:
        raise UsageError(f"There is no engine {name!r}; there are: {', '.join(ENGINES)}.")
    return name


def as_scenario(scenario: str | Path | Scenario, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by name, path, or as it is."""
    return scenario if isinstance(scenario, Scenario) else load(scenario, overrides)


def plan_comparison(
    scenarios: Sequence[str | Path | Scenario],
    strategies: Sequence[str] | None = None,
    reference: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    precision: bool = False,
    without: Sequence[str] = (),
    rules: Rulebook | None = None,
    engine: str = "batch",
) -> Experiment:
    """The experiment behind `compare`: strategies of one scenario, or one strategy of each of several.

    Raises
    ------
    UsageError, ScenarioError
    """
    changes = dict(overrides or {})
    if seed is not None:
        changes["experiment.seed"] = Given(seed, f"--seed {seed}")
    if reference is not None and len(scenarios) == 1:
        changes["experiment.reference"] = Given(reference, f"--reference {reference}")
    loaded = [as_scenario(scenario, changes).without(without) for scenario in scenarios]
    if not loaded:
        raise UsageError("Name a scenario to compare, such as scenarios/flagship_retailer.toml.")
    arms = _arms_of_one(loaded[0], strategies) if len(loaded) == 1 else _arms_of_files(loaded, strategies, reference)
    settings = loaded[0].spec.experiment
    return Experiment(
        name=loaded[0].name if len(loaded) == 1 else "_against_".join(scenario.name for scenario in loaded),
        scenario=loaded[0],
        arms=arms,
        replications=replications or settings.replications,
        precise_up_to=settings.most_replications if precision else None,
        rules=rules or standard_rules(),
        engine=known_engine(engine),
        others={scenario.name: scenario for scenario in loaded} if len(loaded) > 1 else None,
        logged_replications=settings.logged_replications,
    )


def _arms_of_one(scenario: Scenario, strategies: Sequence[str] | None) -> list[Arm]:
    known = list(scenario.spec.strategies)
    for name in strategies or ():
        if name not in known:
            raise UsageError(f"{scenario.name} has no strategy {name!r}. It has: {', '.join(known)}.")
    arms = arms_of(scenario.spec, strategies)
    if len(arms) < 2:
        raise UsageError(
            f"{scenario.name} has one strategy only; a comparison needs two. Add a [strategies.<name>] table."
        )
    return arms


def _arms_of_files(scenarios: Sequence[Scenario], strategies: Sequence[str] | None, reference: str | None) -> list[Arm]:
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names):
        raise UsageError("Two of the scenario files have the same name; rename one.")
    first = scenarios[0].spec.experiment
    for scenario in scenarios[1:]:
        for key in ("seed", "warm_up", "horizon", "cool_down", "design"):
            if getattr(scenario.spec.experiment, key) != getattr(first, key):
                raise ScenarioError(
                    f"{scenario.name} has another [experiment] {key} than {names[0]} "
                    f"({getattr(scenario.spec.experiment, key)} and {getattr(first, key)}); files are compared "
                    f"on the same luck and days. Say --set experiment.{key}=... for both."
                )
    arms = [arm_of_file(scenario.name, scenario.spec, _strategy_of(scenario, strategies)) for scenario in scenarios]
    if reference is not None:
        if reference not in names:
            raise UsageError(f"--reference {reference}: the files are {', '.join(names)}.")
        arms.sort(key=lambda arm: arm.name != reference)
    return arms


def _strategy_of(scenario: Scenario, strategies: Sequence[str] | None) -> str:
    known = list(scenario.spec.strategies)
    if strategies:
        if len(strategies) > 1 or strategies[0] not in known:
            raise UsageError(f"Several files are compared under one strategy; {scenario.name} has: {', '.join(known)}.")
        return strategies[0]
    if len(known) == 1:
        return known[0]
    return scenario.spec.experiment.reference


def carry_out(
    experiment: Experiment,
    folder: str | Path | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: bool = False,
    about: Mapping[str, Any] | None = None,
) -> tuple[Results, Execution]:
    """Run what is not there yet, keep it, and hand out the results; `folder` None keeps nothing.

    Raises
    ------
    StoreError, KeyboardInterrupt; failed runs are in the second value, `raise_failures()` raises them
    """
    began = time.perf_counter()
    specs = [scenario.spec for scenario in experiment.scenarios]
    workers = workers_that_fit(experiment.name, specs, experiment.replications, workers)
    with tempfile.TemporaryDirectory(prefix="simsuite-") as scratch:
        place = Path(folder) if folder is not None else Path(scratch) / "results"
        with ResultsStore(place, experiment.identity, about, overwrite=fresh) as store:
            keep_scenarios(place, experiment.scenarios)
            if experiment.engine == "batch" and {*range(experiment.replications)} - store.done:
                compile_rules(
                    Progress("Compiling the rules (once)", sys.stderr if progress else None), experiment.rules
                )
            simulation = replace(experiment.simulation, threads=threads_beside(workers, specs))
            shown = Progress("Running", sys.stderr if progress else None)
            if experiment.precise_up_to is None:
                execution = execute(
                    range(experiment.replications), simulation.replicate, simulation.planned, store, workers, shown
                )
            else:
                execution = execute_until(
                    experiment.is_precise,
                    simulation.replicate,
                    simulation.planned,
                    store,
                    cap=experiment.precise_up_to,
                    first=experiment.replications,
                    workers=workers,
                    progress=shown,
                )
            results = _results(experiment, store, execution.replications, Path(folder) if folder is not None else None)
    return replace(results, seconds=time.perf_counter() - began), execution


def results_in(experiment: Experiment, folder: str | Path) -> Results:
    """The results that a folder already holds of an experiment; runs nothing."""
    with ResultsStore(folder, experiment.identity) as store:
        asked = range(experiment.replications)
        if experiment.precise_up_to is not None:
            for batch in batches(experiment.precise_up_to, experiment.replications):
                asked = range(batch.stop)
                if not store.done >= {*asked} or experiment.is_precise(store.table("measures", asked)):
                    break
        if not store.done & {*asked}:
            raise UsageError(f"{folder} holds no finished run yet. Go on with: simsuite resume {folder}")
        return _results(experiment, store, {*asked}, Path(folder))


def _results(experiment: Experiment, store: ResultsStore, asked: set[int], folder: Path | None) -> Results:
    """The runs of some replications, out of all that a store has kept and puts together here."""
    digest, beyond = store.consolidate(), {run.replication for run in store.runs} - asked
    tables = {name: store.table(name, asked) for name in store.table_names}
    runs = [run for run in store.runs if run.replication in asked]
    return Results(
        experiment,
        tables,
        runs,
        0.0,
        content_digest(tables) if beyond else digest,
        folder,
        beyond=len(beyond & store.done),
    )


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
    overrides : values by dotted path, {"population.customers": 5000}
    precision : add replications until every half-width is under half its threshold
    without : mechanisms to switch off, such as "M6"
    rules : `simsuite.rules.replace(...)`
    engine : "batch" (compiled) or "mesa" (interpreted, for small worlds)
    workers : threads; default: one per processor
    folder : keep the results there, to be resumed
    progress : show a bar on stderr

    Returns
    -------
    Results, with `table`, `answer()`, `plot()`, `save_report()`

    Raises
    ------
    ScenarioError, UsageError, StoreError, RunError
    """
    experiment = plan_comparison(
        scenarios, strategies, reference, replications, seed, overrides, precision, without, rules, engine
    )
    results, execution = carry_out(experiment, folder, workers, progress=progress)
    execution.raise_failures()
    return results
