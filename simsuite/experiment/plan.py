"""What is to be run: which arms, on what luck, by which rules; from scenarios and what a person asked for."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.arguments import argument, names, one_of, override, plain, whole_number, yes_or_no
from simsuite.engines.rule_words import checked_rules
from simsuite.errors import ScenarioError, ScenarioWarning, UsageError
from simsuite.experiment.comparison import compare as compare_measures
from simsuite.experiment.room import check_room_for_results
from simsuite.experiment.simulate import Arm, Simulation, arm_of_file, arms_of
from simsuite.lives.kept_story import story_table
from simsuite.machine.rulebook import Rulebook, standard_rules
from simsuite.metrics.measure import headline_measures
from simsuite.run_result import RunResult
from simsuite.scenario import Scenario, load
from simsuite.scenario.checks import LEAST_REPLICATIONS
from simsuite.scenario.loading import values_by_path
from simsuite.scenario.origin import Given
from simsuite.scenario.views import strategy_of

if TYPE_CHECKING:
    import pandas

ENGINES = ("batch", "mesa")
MOST_REPLICATIONS = 100_000


@dataclass(frozen=True, repr=False)
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

    def __post_init__(self):
        asked = max(self.replications, self.precise_up_to or 0)
        check_room_for_results(self.name, len(self.arms), asked)  # before anything is put aside or run

    def __repr__(self) -> str:
        arms = ", ".join(arm.name for arm in self.arms[:20])
        return f"<Experiment {self.name}: {arms}; {self.replications} replications, {self.engine} engine>"

    @property
    def scenarios(self) -> list[Scenario]:
        """All that are compared, by name each once: one, or those of the arms as well."""
        return list({each.name: each for each in (self.scenario, *(self.others or {}).values())}.values())

    @property
    def files(self) -> list[Scenario]:
        """One scenario of each file: the values of a sweep are of one."""
        return list({id(each.written or each): each for each in reversed(self.scenarios)}.values())[::-1]

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

    def is_precise(self, measures: pandas.DataFrame, runs: pandas.DataFrame) -> bool:
        """Whether the interval of every headline measure is narrow enough."""
        level = self.scenario.spec.experiment.level
        return compare_measures(measures, self.arms[0].name, headline_measures(), level, runs=runs).is_precise()

    def _observe(self, results: Mapping[str, RunResult]) -> dict[str, pandas.DataFrame]:
        """The story of the first compared arm, told from the first replication that is logged."""
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


def paired_replications(asked: int) -> int:
    """A number of replications of which a comparison has intervals.

    Raises
    ------
    UsageError : these are fewer, or more than there may be
    """
    try:
        return whole_number("replications", asked, LEAST_REPLICATIONS, MOST_REPLICATIONS)
    except UsageError as error:
        one = plain(asked) == 1 and not isinstance(asked, bool)
        raise UsageError(
            f"{error} One pair of runs shows no luck; 20 show much of it." if one else str(error)
        ) from None


def known_engine(name: str) -> str:
    """The name of an engine, if there is one of this name."""
    return one_of("engine", name, ENGINES, "engine")


def as_scenario(scenario: str | Path | Scenario, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """A scenario by name, path, or as it is; with these values on top, whichever it is."""
    return scenario.with_overrides(overrides or {}) if isinstance(scenario, Scenario) else load(scenario, overrides)


def said_once(name: str, value: Any, path: str, changes: Mapping[str, Any]) -> None:
    """See that an argument and a value by its path do not ask for two things.

    Raises
    ------
    UsageError : they do
    """
    if value is not None and path in changes:
        other = getattr(changes[path], "value", changes[path])
        if str(other) != str(plain(value)):
            raise UsageError(
                f"{argument(name, plain(value))} and {override(path, str(other))} ask for two things. Say one."
            )


def changes_asked_for(overrides: Mapping[str, Any] | None, seed: int | None) -> dict[str, Any]:
    """Overrides and seed as values by dotted path."""
    changes = dict(values_by_path(overrides))
    said_once("seed", seed, "experiment.seed", changes)
    if seed is not None:
        changes["experiment.seed"] = Given(seed, argument("seed", plain(seed)))
    return changes


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
    changes = changes_asked_for(overrides, seed)
    strategies, without, reference = names(strategies), names(without) or [], plain(reference)
    if strategies is not None and not strategies:
        raise UsageError(f"{argument('strategies', strategies)}: name one or more, or leave it out for all.")
    said_once("replications", replications, "experiment.replications", changes)
    said_once("reference", reference, "experiment.reference", changes)
    if replications is not None:
        replications = paired_replications(replications)
    if reference is not None and len(scenarios) == 1:
        changes["experiment.reference"] = Given(reference, argument("reference", reference))
    loaded = [as_scenario(scenario, changes).without(without) for scenario in scenarios]
    if not loaded:
        raise UsageError("Name a scenario to compare, such as scenarios/flagship_retailer.toml.")
    arms = _arms_of_one(loaded[0], strategies) if len(loaded) == 1 else _arms_of_files(loaded, strategies, reference)
    settings = loaded[0].spec.experiment
    asked = settings.replications if replications is None else replications
    return Experiment(
        name=loaded[0].name if len(loaded) == 1 else "_against_".join(scenario.name for scenario in loaded),
        scenario=replace(loaded[0], beside=tuple(loaded[1:])),
        arms=arms,
        replications=asked,
        precise_up_to=_most(asked, settings.most_replications) if yes_or_no("precision", precision) else None,
        rules=checked_rules(rules),
        engine=known_engine(engine),
        others={scenario.name: scenario for scenario in loaded} if len(loaded) > 1 else None,
        logged_replications=settings.logged_replications,
    )


def _most(asked: int, most: int) -> int:
    """How many replications there may be until results are precise: never fewer than were asked for."""
    if asked >= most:
        warnings.warn(
            f"Precision adds no replication: {asked} are asked for, and experiment.most_replications, the most that it "
            f"goes up to, is {most}. Set experiment.most_replications above {asked}.",
            ScenarioWarning,
            stacklevel=4,
        )
    return max(asked, most)


def _arms_of_one(scenario: Scenario, strategies: Sequence[str] | None) -> list[Arm]:
    known = list(scenario.spec.strategies)
    for name in strategies or ():
        strategy_of(scenario, name)
    reference = scenario.spec.experiment.reference
    if len(known) > 1 and set(strategies or ()) == {reference}:
        others = ", ".join(name for name in known if name != reference)
        raise UsageError(f"{reference} is the reference, with which others are compared. Name one of them: {others}.")
    arms = arms_of(scenario.spec, strategies)
    if len(arms) < 2 and len(known) > 1:
        raise UsageError(
            f"{arms[0].name} is the reference of {scenario.name}, and nothing to compare it with is named. "
            f"There are: {', '.join(name for name in known if name != arms[0].name)}."
        )
    if len(arms) < 2:
        raise UsageError(
            f"{scenario.name} has one strategy only; a comparison needs two. Add a [strategies.<name>] table."
        )
    return arms


def _arms_of_files(scenarios: Sequence[Scenario], strategies: Sequence[str] | None, reference: str | None) -> list[Arm]:
    files = [scenario.name for scenario in scenarios]
    if len(set(files)) < len(files):
        raise UsageError("Two of the scenario files have the same name; rename one.")
    first = scenarios[0].spec.experiment
    for scenario in scenarios[1:]:
        for key in ("seed", "warm_up", "horizon", "cool_down", "design"):
            if getattr(scenario.spec.experiment, key) != getattr(first, key):
                raise ScenarioError(
                    f"{scenario.name} has another [experiment] {key} than {files[0]} "
                    f"({getattr(scenario.spec.experiment, key)} and {getattr(first, key)}); files are compared "
                    f"on the same luck and days. Say {override(f'experiment.{key}', '...')} for both."
                )
    arms = [arm_of_file(scenario.name, scenario.spec, _strategy_of(scenario, strategies)) for scenario in scenarios]
    if reference is not None:
        if reference not in files:
            raise UsageError(f"{argument('reference', reference)}: the files are {', '.join(files)}.")
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
