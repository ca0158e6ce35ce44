"""All that is wrong in a scenario, collected on the way, and what it leaves unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simsuite.errors import Problem, ScenarioError
from simsuite.scenario.origin import Origin, Table
from simsuite.scenario.words import shown_name

MOST_PROBLEMS = 100
OTHERS = ""  # last step of a path: any name that a table does not have
Path = tuple[str | int, ...]


@dataclass
class Problems:
    """What was found so far. Nothing is concluded from a value that is wrong itself.

    found : in the order in which it was found
    wrong : paths of values that were refused
    open : paths of tables whose parent cannot be had: what they do not say, it may say
    more : problems that were counted only
    """

    found: list[Problem] = field(default_factory=list)
    wrong: set[Path] = field(default_factory=set)
    open: set[Path] = field(default_factory=set)
    more: int = 0
    _told: set[tuple[Origin, bool, str]] = field(default_factory=set)

    @property
    def is_enough(self) -> bool:
        """Whether the next ones need only be counted: messages take time."""
        return len(self.found) > MOST_PROBLEMS

    def tell(
        self,
        table: Table,
        path: Path,
        text: str,
        *,
        within: Sequence[str | int] | None = None,
        at_key: bool = False,
    ) -> None:
        """Add what is wrong at a path; once, also if other entries of the scenario inherit it.

        within : table named in front of the text; that around `path` if None
        """
        if self.is_enough:
            self.more += 1
            return
        origin = table.origin_of(path)
        if origin.line is not None and (origin, at_key, text) in self._told:
            return
        self._told.add((origin, at_key, text))
        steps = path[:-1] if within is None else within
        where = ".".join(shown_name(step) for step in steps if isinstance(step, str))
        self.found.append(origin.problem(f"[{where}] {text}" if where else text, at_key=at_key))

    def leave_open(self, path: Path, problems: Iterable[Problem]) -> None:
        """Add why the parent of the table at `path` cannot be had."""
        self.open.add(path)
        self.found += problems

    def knows(self, table: Table, path: Path) -> bool:
        """Whether the scenario means what is, or is not, at `path` of its tree."""
        around = [path[:length] for length in range(len(path) + 1)]
        if not self.wrong.isdisjoint(around):
            return False
        return table.at(path) is not None or self.open.isdisjoint(around)

    def raise_any(self, first: str) -> None:
        """End here if anything is wrong.

        Raises
        ------
        ScenarioError
            With every problem, those of the file `first` before those of others,
            then by line and column.
        """
        if not self.found:
            return
        ordered = sorted(
            dict.fromkeys(self.found),
            key=lambda one: (one.file != first, one.file or "", one.line or 0, one.column or 0),
        )
        more = self.more + max(len(ordered) - MOST_PROBLEMS, 0)
        problems = "problem" if more == 1 else "problems"
        rest = [Problem(f"and {more} more {problems}.", first)] if more else []
        raise ScenarioError([*ordered[:MOST_PROBLEMS], *rest])
