"""The exception tree: every mistake of a person ends in a sentence, never in a traceback."""

from __future__ import annotations

from dataclasses import dataclass


class SimsuiteError(Exception):
    """Base of everything simsuite raises on purpose; `exit_code` is what the command returns."""

    exit_code = 1


class UsageError(SimsuiteError):
    """The command or call itself is off."""

    exit_code = 2


class UnknownName(UsageError, AttributeError):
    """An attribute that nothing here has, such as a misspelled one."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a scenario file: where, what, what was allowed, what to do."""

    message: str
    file: str | None = None
    line: int | None = None  # from 1
    column: int | None = None  # from 1
    source_line: str | None = None  # the line of the file, for the caret

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = f"{place}: {self.message}" if place else self.message
        if self.source_line is not None and self.column is not None:
            text += f"\n  {self.source_line}\n  {' ' * (self.column - 1)}^"
        return text


class ScenarioError(SimsuiteError):
    """A scenario is invalid; carries every problem found, not only the first."""

    exit_code = 3

    def __init__(self, problems: list[Problem] | str):
        self.problems = [Problem(problems)] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SimsuiteWarning(UserWarning):
    """Base of what simsuite tells without stopping."""


class ScenarioWarning(SimsuiteWarning):
    """Something in a scenario is allowed, and yet has no effect."""


class CacheWarning(SimsuiteWarning):
    """Compiled rules cannot be kept, or what was kept of them was damaged; runs are the same, and take longer to begin."""


class RunError(SimsuiteError):
    """Some runs failed; they are listed with their seed and stage."""

    exit_code = 4


class RequirementNotMet(SimsuiteError):
    """A `--require` of the caller does not hold."""

    exit_code = 5


class RuleError(SimsuiteError):
    """A replaced rule does not fit the one that it replaces."""

    exit_code = 2


class StoreError(SimsuiteError):
    """A results folder, or another file, cannot be written, read or shared."""

    exit_code = 4


class StoreWarning(SimsuiteWarning):
    """Something about a results folder that a person should know: it was put aside, or damaged and is made whole."""
