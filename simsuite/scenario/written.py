"""A scenario written out: one TOML file with every value, its unit, source and origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from simsuite.scenario.fields import declared, leaves
from simsuite.scenario.library import SECTIONS
from simsuite.scenario.origin import Origin
from simsuite.scenario.words import printable
from simsuite.specs.scenario import ScenarioSpec


def resolved_toml(
    name: str, spec: ScenarioSpec, origins: Mapping[str, Origin], consumed: Mapping[str, Any] | None = None
) -> str:
    """The whole scenario as TOML text that needs no parent and no catalog.

    Loading it gives a scenario of the same digest. The arguments are those of a `Scenario`.
    """
    tables: dict[tuple[str, ...], list[str]] = {(): []}
    for path, value in leaves(spec):
        line = f"{path[-1]} = {toml_value(value)}"
        tables.setdefault(path[:-1], []).append(_with_comment(origins, path, line))
    for section in SECTIONS:
        for entry in getattr(spec, section):
            lines = tables.setdefault((section, entry), [])
            lines.insert(0, 'extends = ""  # nothing: all is said here')
    lines = [
        f"# {printable(name)}: every value with unit; source; origin",
        *(f"# {option}" for option in written_options(consumed or {})),
        *tables.pop(()),
    ]
    for path in sorted(tables, key=_in_the_order_of_the_spec):
        lines += ["", f"[{'.'.join(path)}]", *tables[path]]
    return "\n".join(lines) + "\n"


def written_options(values: Mapping[str, Any]) -> list[str]:
    """Values by dotted path as options, such as --set channels.phone.present=false."""
    return [printable(f"--set {path}={toml_value(value)}") for path, value in values.items()]


def toml_value(value: Any) -> str:
    """One value as TOML writes it; numbers keep every bit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(toml_value(element) for element in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _in_the_order_of_the_spec(path: tuple[str, ...]) -> int:
    return list(ScenarioSpec.model_fields).index(path[0])  # sorting is stable: the rest stays


def _with_comment(origins: Mapping[str, Origin], path: tuple[str, ...], line: str) -> str:
    about = declared(ScenarioSpec, path)
    origin = origins[".".join(path)]
    words = [word for word in (about.unit, about.source) if word] if about else []
    return f"{line}  # {'; '.join((*words, str(origin)))}"
