"""A scenario: what a person's file means, and where every value of it comes from."""

from __future__ import annotations

import hashlib
import html
import json
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsuite.arguments import argument, level_outside
from simsuite.errors import Problem, ScenarioWarning, UsageError
from simsuite.scenario import names  # noqa: F401 (registers its checks)
from simsuite.scenario.checks import Case, check_meaning
from simsuite.scenario.fields import leaves
from simsuite.scenario.ineffective import warnings_about
from simsuite.scenario.library import find_scenario, is_in_catalog
from simsuite.scenario.origin import DEFAULT, Given, Origin, Table
from simsuite.scenario.problems import Problems
from simsuite.scenario.resolve import apply_overrides, completed, written_in
from simsuite.scenario.validate import sound_part
from simsuite.scenario.words import counted, shown_name
from simsuite.scenario.written import resolved_toml
from simsuite.specs.scenario import ScenarioSpec

if TYPE_CHECKING:
    import pandas

LONGEST_TEXT = 1500  # characters of a scenario that is shown


@dataclass(frozen=True, repr=False)
class Scenario:
    """A valid scenario.

    spec : all values, in the units of their declarations
    name : of the file, without .toml
    origins : place of every value by its dotted path ("channels.store.trip")
    switched_off : mechanisms that were switched off ("statements")
    warnings : what it says in vain, such as a capability without its flow
    consumed : values that options set and that are none of the spec, such as channels.phone.present, by dotted path
    beside : other files that it is compared with; they have titles for what is not in this one
    written : what its file and the parents of that say, from which `with_overrides` makes it anew; None: made by hand
    overrides : what was put on top of it
    """

    spec: ScenarioSpec
    name: str
    origins: Mapping[str, Origin]
    switched_off: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    consumed: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[Scenario, ...] = ()
    written: Table | None = field(default=None, repr=False, compare=False)
    overrides: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def with_overrides(self, overrides: Mapping[str, Any]) -> Scenario:
        """The scenario as if its file had been loaded with these values on top, by dotted path as in `load`.

        Earlier overrides stay, and what was switched off stays off.

        Raises
        ------
        ScenarioError : as `load`
        UsageError : its values were changed by hand, so that no file says them
        """
        if not values_by_path(overrides):
            return self
        if self.written is None or self._made(self.overrides).spec != self.spec:
            raise UsageError(
                f"The values of the scenario {self.name} were changed by hand, and no file says them; overrides, seed and "
                "reference would lose these changes. Change them by overrides too: simsuite.load(..., overrides={...})."
            )
        changed = self._made({**self.overrides, **overrides})
        _warn(set(changed.warnings) - set(self.warnings), changed.warnings)
        return replace(changed, beside=self.beside)

    def _made(self, overrides: Mapping[str, Any]) -> Scenario:
        """The scenario made from what its file says."""
        return _made(self.name, self.written, overrides, Problems()).without(self.switched_off)

    def __repr__(self) -> str:
        spec = self.spec
        text = (
            f"<Scenario {self.name}: {counted(spec.population.customers, 'customer')}; channels: {', '.join(spec.channels)}; "
            f"strategies: {', '.join(spec.strategies)}"
        )
        return f"{text[:LONGEST_TEXT]}; say scenario.table, print(scenario.text), scenario.spec>"

    def without(self, mechanisms: Sequence[str]) -> Scenario:
        """The scenario with some mechanisms at their off values; the origin of these says so.

        Raises
        ------
        UsageError : no such mechanism
        """
        if isinstance(mechanisms, str):
            raise UsageError(f"without = {mechanisms!r} must be a list of names, such as ['statements'].")
        parameters, origins = self.spec.parameters, dict(self.origins)
        known = type(parameters).mechanisms()
        for mechanism in mechanisms:
            if mechanism not in known:
                meant = [word for word, code in known.items() if code == mechanism]
                hint = f" {mechanism} is called {' and '.join(meant)}." if meant else ""
                raise UsageError(f"{argument('without', [mechanism])}: known mechanisms are {', '.join(known)}.{hint}")
            silenced = parameters.without(mechanism)
            before = dict(leaves(parameters))
            changed = [path for path, value in leaves(silenced) if value != before[path]]
            origins |= {".".join(("parameters", *path)): Origin(f"--without {mechanism}") for path in changed}
            parameters = silenced
        spec = self.spec.model_copy(update={"parameters": parameters})
        return replace(
            self, spec=spec, origins=origins, switched_off=tuple(dict.fromkeys((*self.switched_off, *mechanisms)))
        )

    @property
    def set_values(self) -> dict[str, Any]:
        """Values that options changed (`--set`, `--seed`, overrides), by dotted path; not those of `switched_off`."""
        kept = {
            name: value
            for path, value in leaves(self.spec)
            if self.origins[name := ".".join(path)].file.startswith("--set ")
        }
        return {**self.consumed, **kept}

    @cached_property
    def digest(self) -> str:
        """64 hexadecimal digits of all values; the same for the same values, however written."""
        values = self.spec.model_dump(mode="json")
        canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def table(self) -> pandas.DataFrame:
        """Every value by dotted path, with the place where it was said: path, value, origin."""
        import pandas as pd

        rows = [(".".join(path), value, str(self.origins[".".join(path)])) for path, value in leaves(self.spec)]
        return pd.DataFrame(rows, columns=["path", "value", "origin"])

    def _repr_html_(self) -> str:
        spec = self.spec
        table = self.table
        said = table[[not is_in_catalog(each) and each != DEFAULT for each in map(self.origins.get, table["path"])]]
        return (
            f"<p><b>{html.escape(spec.title or self.name)}</b><br>{html.escape(spec.question)}</p>"
            f"<p>{counted(spec.population.customers, 'customer')}; channels: {', '.join(spec.channels)}; "
            f"strategies: {', '.join(spec.strategies)}</p><p>Said in this file:</p>" + said.to_html(index=False)
        )

    @cached_property
    def text(self) -> str:
        """The whole scenario as one TOML file that needs no other."""
        return resolved_toml(self.name, self.spec, self.origins, self.consumed)


def values_by_path(overrides: Any) -> Mapping[str, Any]:
    """Values on top of a scenario, as somebody gave them.

    Raises
    ------
    UsageError : they are no mapping, nor None
    """
    if overrides is not None and not isinstance(overrides, Mapping):
        raise UsageError(
            f'{argument("overrides", overrides)}: overrides are values by dotted path, {{"population.customers": 200}}. '
            "In batch_run, where a list or a mapping is gone through, put it into a list."
        )
    return overrides or {}


def load(
    name_or_path: str | Path,
    overrides: Mapping[str, Any] | None = None,
    *,
    memory_needed: Callable[[ScenarioSpec], int] | None = None,
) -> Scenario:
    """Read, complete and check a scenario; what has no effect in it is a `ScenarioWarning`.

    Parameters
    ----------
    name_or_path : a .toml file, or a name from `scenarios/` or the catalog
    overrides : values by dotted path, on top of the file. Text is read as a
        TOML value ("0.5", "[1, 2]"), or as text if it is none ("15 min"). Errors name the words of a
        `Given` value.
    memory_needed : bytes that a run of a spec takes; refuses what this machine cannot hold

    Raises
    ------
    ScenarioError
        With every problem that can be known, each with file, line and column. Only
        a file that is no TOML at all is refused for that alone.
    """
    overrides = values_by_path(overrides)
    path, problems = find_scenario(name_or_path), Problems()
    found = _made(path.stem, written_in(path, problems), overrides, problems, memory_needed)
    _warn(found.warnings, found.warnings)
    return found


def _made(
    name: str,
    written: Table,
    overrides: Mapping[str, Any],
    problems: Problems,
    memory_needed: Callable[[ScenarioSpec], int] | None = None,
) -> Scenario:
    """The scenario that is meant by what is written and by the options on top of it."""
    table = completed(written, overrides, problems)
    spec = sound_part(ScenarioSpec, table, problems)
    if spec is not None:
        check_meaning(Case(spec, table, memory_needed), problems)
    problems.raise_any(first=table.origin.file)
    origins = _origins(spec, table)
    return Scenario(
        spec,
        name,
        origins,
        warnings=warnings_about(Case(spec, table)),
        consumed=consumed_by(overrides, origins),
        written=written,
        overrides=dict(overrides),
    )


def _warn(told: Collection[Problem], order: Iterable[Problem]) -> None:
    """Warn of problems, in this order, as coming from the line outside of this package that called it."""
    level = level_outside()
    for problem in order:
        if problem in told:
            warnings.warn(str(problem), ScenarioWarning, stacklevel=level)


def parse_overrides(options: Iterable[str]) -> dict[str, Given]:
    """["population.customers=500"] as values by dotted path, given as --set; UsageError without '='."""
    overrides = {}
    for option in options:
        path, sign, value = option.partition("=")
        if not sign or not path.strip():
            raise UsageError(f"--set {option}: write --set path=value, such as --set population.customers=6000.")
        path, value = path.strip(), value.strip()
        overrides[path] = Given(value, f"--set {shown_name(path)}={shown_name(value)}")
    return overrides


def consumed_by(overrides: Mapping[str, Any], origins: Iterable[str]) -> dict[str, Any]:
    """What options said that is no value of the spec, whose paths `origins` holds: it decided which values there are."""
    said = apply_overrides(Table(DEFAULT), overrides, Problems())
    return {name: leaf.value for path, leaf in said.leaves() if (name := ".".join(path)) not in origins}


def _origins(spec: ScenarioSpec, table: Table) -> dict[str, Origin]:
    written = {path: leaf.origin for path, leaf in table.leaves()}
    return {".".join(path): written.get(path, DEFAULT) for path, _ in leaves(spec)}
