"""Small words of error messages: a value as the person wrote it, and what was perhaps meant."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

LONGEST_VALUE = 60
MOST_COMPARED = 1000  # names, for the sake of time


def printable(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def shown_value(value: Any) -> str:
    """A value as it would stand in the file, shortened, without unprintable characters."""
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = printable(json.dumps(value[: LONGEST_VALUE + 1], ensure_ascii=False))
    elif isinstance(value, (list, tuple)):
        text = f"[{', '.join(shown_value(element) for element in value[:10])}]"
    else:
        text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def shown_name(name: Any) -> str:
    """A key for a message."""
    text = printable(str(name)[: LONGEST_VALUE + 1])
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def counted(count: int, one: str, many: str = "") -> str:
    """'1 measure', '3 measures'; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


_SEPARATED = re.compile(r"[-+]?\d+(?:[.,' _\u00a0\u2009\u202f]\d+)+")


def readings(text: str) -> list[str]:
    """Numbers that a text with decimal comma, or with separated thousands, may stand for, as TOML writes them.

    "1,5" is 1.5; "1.999,00" is 1999.00; "1,999" may be 1.999 or 1999. Empty where it is no such text.
    """
    text = text.strip()
    if not _SEPARATED.fullmatch(text):
        return []
    whole, *groups = re.split(r"[^-+\d]", text)
    signs = re.findall(r"[^-+\d]", text)
    last, thousands = signs[-1], all(len(group) == 3 for group in groups) and len(whole.lstrip("-+")) <= 3
    found = []
    if last in ".," and last not in signs[:-1] and all(len(group) == 3 for group in groups[:-1]):
        found.append("".join([whole, *groups[:-1]]) + "." + groups[-1])
    if thousands and len(set(signs)) == 1 and whole.lstrip("-+") != "0":
        found.append("".join([whole, *groups]))
    return found


_WITH_UNIT = re.compile(r"\s*(\S.*?)\s*(%|[a-z]+)\s*")


def readings_with_unit(text: str, units: Collection[str]) -> list[str]:
    """Texts that a number as people write it, with one of these units behind it, may stand for.

    "1,5 days" is "1.5 days"; "1.500 days" may be "1.5 days" or "1500 days".
    """
    found = _WITH_UNIT.fullmatch(text)
    if not found or found[2] not in units:
        return []
    return [f'"{_plain(number)} {found[2]}"' for number in readings(found[1])]


def _plain(number: str) -> str:
    """A number as TOML writes it, without zeros at its end; with one if its decimals could be taken for thousands."""
    plain = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{plain}0" if len(readings(plain)) > 1 else plain


def as_numbers(text: str, found: Sequence[str]) -> str:
    """What to write instead of a text with these `readings`."""
    if len(found) == 1:
        return f"Write {found[0]}."
    sign = "comma" if "," in text else "point"
    return f"Write {found[0]} if its {sign} stands before decimals, {found[1]} if it separates thousands."


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to `name`; a misspelling before one of which `name` is the first word; None if none is near."""
    compared, asked = list(islice(known, MOST_COMPARED)), name[:LONGEST_VALUE]
    longer = [each for each in compared if name and each.startswith(f"{name}_")]
    misspelled = difflib.get_close_matches(asked, compared, n=1, cutoff=0.85 if len(longer) == 1 else 0.6)
    return next(iter([*misspelled, *(longer if len(longer) == 1 else [])]), None)


def completed(part: str, known: Iterable[str]) -> str | None:
    """The known name that begins with `part`, else one that contains it, the shortest of several; None if none does."""
    within = [name for name in known if part and part in name]
    return min(within, key=lambda name: (not name.startswith(part), len(name)), default=None)
