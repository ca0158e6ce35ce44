"""What a person asked for, and in which words: options of the command, arguments of a Python function.

One mistake can be made in both ways, and who typed `seed=-3` is not helped by hearing of `--seed`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import Any

from simsuite.errors import UsageError

_OF_COMMAND: ContextVar[bool] = ContextVar("of_command", default=False)


@contextmanager
def asked_by_command() -> Iterator[None]:
    """While a command runs, messages speak of its options."""
    token = _OF_COMMAND.set(True)
    try:
        yield
    finally:
        _OF_COMMAND.reset(token)


def in_words_of(command: str, python: str) -> str:
    """The one or the other, by who asks."""
    return command if _OF_COMMAND.get() else python


def argument(name: str, value: Any) -> str:
    """How whoever asked would write it: `--seed 3`, or `seed=3`."""
    given = value if isinstance(value, (list, tuple)) else [value]
    return in_words_of(" ".join(f"--{name} {one}" for one in given), f"{name}={value!r:.80}")


def override(path: str, value: str) -> str:
    """How whoever asked would set a value of the scenario; `value` as text."""
    return in_words_of(f"--set {path}={value}", f'overrides={{"{path}": {value}}}')


def plain(value: Any) -> Any:
    """NumPy's scalars and arrays as Python's own, also within lists and mappings; anything else as it is."""
    numpy = sys.modules.get("numpy")  # who has not imported it can hold nothing of it, and `--help` need not wait
    if numpy and isinstance(value, (numpy.generic, numpy.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(plain, value))
    return value


def names(given: str | Iterable[str] | None) -> list[str] | None:
    """Names as a list; one alone may be given as it is."""
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        return [str(given)]
    return [plain(name) for name in given]


def whole_number(name: str, value: Any, least: int, most: int) -> int:
    """The argument as a Python int.

    Raises
    ------
    UsageError : it is none, or outside of `least` to `most`
    """
    number = plain(value)
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise UsageError(f"{argument(name, value)}: this must be a whole number from {least:,} to {most:,}.")
    return number


def yes_or_no(name: str, value: Any) -> bool:
    """The argument as a Python bool.

    Raises
    ------
    UsageError : it is neither True nor False
    """
    answer = plain(value)
    if not isinstance(answer, bool):
        raise UsageError(f"{argument(name, value)}: this must be True or False.")
    return answer


def one_of(name: str, value: Any, known: Iterable[str], what: str) -> str:
    """The argument as a Python str.

    Raises
    ------
    UsageError : it is none of the known names, of which `what` says what they name
    """
    names = list(known)
    if isinstance(value, str) and value in names:
        return str(value)
    near = get_close_matches(str(value), names, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"{argument(name, value)}: there is no such {what}.{meant} There are: {', '.join(names)}.")


def level_outside() -> int:
    """The `stacklevel` of a warning by which it stands at the line that called simsuite, perhaps by way of Mesa."""
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in ("simsuite", "mesa", "contextlib"):
        frame, level = frame.f_back, level + 1
    return level
