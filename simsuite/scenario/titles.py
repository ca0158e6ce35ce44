"""What things are called: by their titles, so that no two of a kind are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

AT_HOME = "At home"  # what figures call the place between channels


def from_code(name: str) -> str:
    """'half_silent' as 'Half silent'."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def titles_by_name(entries: Mapping[str, Any], taken: tuple[str, ...] = ()) -> dict[str, str]:
    """The title of each channel, segment, category or strategy; its name as words where it has none.

    Whatever would be called like another one, or like something `taken`, is told apart by its name: 'Shop (web_shop)'.
    """
    titles = {name: entry.title.strip() or from_code(name) for name, entry in entries.items()}
    counts = Counter(title.casefold() for title in (*titles.values(), *taken))
    return {name: title if counts[title.casefold()] == 1 else f"{title} ({name})" for name, title in titles.items()}
