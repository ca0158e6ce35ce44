"""How every number of the model is declared: once, with unit, range, source and the value that switches it off.

A spec is a frozen pydantic model. A field is declared with one of the functions
below, so that the schema, the error messages, `simsuite show` and the compiled
engine all read the same declaration:

    class RaceParameters(Spec):
        effort_weight: float = number(0.6, low=0, high=10, unit="utility", source="assumption", off=0.0)

`off` is the value at which the mechanism behind the field does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

ASSUMPTION = "assumption"
LONGEST_TEXT = 1800  # characters of a spec that is shown

MINUTES_PER = {
    "min": 1.0,
    "minute": 1.0,
    "minutes": 1.0,
    "h": 60.0,
    "hour": 60.0,
    "hours": 60.0,
    "day": 1440.0,
    "days": 1440.0,
    "week": 10080.0,
    "weeks": 10080.0,
    "s": 1 / 60,
    "second": 1 / 60,
    "seconds": 1 / 60,
}
_SAYS_TWO_THINGS = r"[1-9][0-9]{0,2}\.[0-9]{3}"  # "1.500 days" may be one and a half, or thousands
_DURATION = re.compile(rf"^\s*(?!{_SAYS_TWO_THINGS}(?![0-9]))([0-9]*\.?[0-9]+)\s*({'|'.join(MINUTES_PER)})\s*$")
_PERCENT = re.compile(r"^\s*(-?[0-9]*\.?[0-9]+)\s*%\s*$")


class Spec(BaseModel):
    """Base of all specs: frozen, no unknown keys, no NaN, no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def __repr__(self) -> str:
        text = super().__repr__()
        return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} ...; all of it: .model_dump())"


def number(
    default: Any,
    *,
    low: float,
    high: float,
    unit: str,
    source: str,
    off: float | int | bool | None = None,
    description: str | None = None,
) -> Any:
    """A numeric field with range [low, high]. `source` is a fact (F..), a pattern, a URL-free
    reference, or the honest word "assumption". Pass `default=...` (Ellipsis) to make it required."""
    extra = {"unit": unit, "source": source}
    if off is not None:
        extra["off"] = off
    return Field(default, ge=low, le=high, description=description, json_schema_extra=extra)


def switch(default: bool, *, source: str, off: bool | None = None, description: str | None = None) -> Any:
    """A yes-or-no field."""
    extra: dict[str, Any] = {"unit": "yes or no", "source": source}
    if off is not None:
        extra["off"] = off
    return Field(default, description=description, json_schema_extra=extra)


def code_field() -> Any:
    """The field `code` of a channel, segment or category: see `code_of`."""
    return Field(
        "",
        description="luck, tables and comparisons go by it; empty: the name. After a renaming: the old name",
        json_schema_extra={"unit": "name", "source": "scenario"},
    )


def code_of(name: str, entry: Any) -> str:
    """The code of a channel, segment or category: its own, else its name. Whoever is renamed and keeps it lives on."""
    return entry.code or name


def in_order(entries: Mapping[str, Any], shares: Mapping[str, float]) -> list[str]:
    """Names of segments or categories by their codes: the order of a file never matters, nor what they are called.

    What has no share gives way to another of its code: the old name in a parent, under which nobody is left.
    """
    chosen: dict[str, str] = {}
    for name in sorted(shares, key=lambda name: (shares[name] == 0, name)):
        chosen.setdefault(code_of(name, entries[name]), name)
    return [chosen[code] for code in sorted(chosen)]


def share_of(value: Any) -> Any:
    if isinstance(value, str):
        match = _PERCENT.match(value)
        if not match:
            raise PydanticCustomError("share", 'must be a share such as 0.25 or "25 %"')
        return float(match.group(1)) / 100
    return _plain_number(value)


def _plain_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("number", "must be a number")
    return float(value)


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("whole", "must be a whole number")
    return value


def _yes_or_no(value: Any) -> Any:
    if not isinstance(value, bool):
        raise PydanticCustomError("yes_or_no", "must be true or false")
    return value


def _duration_in(unit: str):
    def convert(value: Any) -> Any:
        if isinstance(value, str):
            match = _DURATION.match(value)
            if not match:
                raise PydanticCustomError("duration", 'must be a duration such as "15 min", "2 h" or "3 days"')
            return float(match.group(1)) * MINUTES_PER[match.group(2)] / MINUTES_PER[unit]
        return _plain_number(value)

    return convert


def _whole_days(value: Any) -> Any:
    days = _duration_in("day")(value)
    if days != int(days):
        raise PydanticCustomError("whole_days", "must be a whole number of days")
    return int(days)


# The annotated kinds of a field. The engine knows four storage kinds: float, int, bool, enum code.
Real = Annotated[float, BeforeValidator(_plain_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Share = Annotated[float, BeforeValidator(share_of)]  # "25 %" or 0.25
Days = Annotated[float, BeforeValidator(_duration_in("day"))]
WholeDays = Annotated[int, BeforeValidator(_whole_days)]
Minutes = Annotated[float, BeforeValidator(_duration_in("min"))]
