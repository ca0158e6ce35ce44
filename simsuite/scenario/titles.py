"""What things are called: by their titles, so that no two of a kind are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from simsuite.specs.base import code_of

AT_HOME = "At home"  # what figures call the place between channels


def from_code(name: str) -> str:
    """'half_silent' as 'Half silent'."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def titles_by_name(entries: Mapping[str, Any], taken: tuple[str, ...] = ()) -> dict[str, str]:
    """The title of each channel, segment, category or strategy; its name as words where it has none.

    Whatever would be called like another one, or like something `taken`, is told apart by its name: 'Shop (web_shop)'.
    """
    return _titles({name: (name, entry) for name, entry in entries.items()}, taken)


def titles_by_code(*files: Mapping[str, Any], taken: tuple[str, ...] = ()) -> dict[str, str]:
    """The same by code, as tables hold them, of one file or several; the last that has a code says what it is called."""
    return _titles({code_of(name, entry): (name, entry) for file in files for name, entry in file.items()}, taken)


def _titles(named: Mapping[str, tuple[str, Any]], taken: tuple[str, ...]) -> dict[str, str]:
    titles = {key: entry.title.strip() or from_code(name) for key, (name, entry) in named.items()}
    counts = Counter(title.casefold() for title in (*titles.values(), *taken))
    return {
        key: title if counts[title.casefold()] == 1 else f"{title} ({named[key][0]})" for key, title in titles.items()
    }
