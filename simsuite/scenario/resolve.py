"""From a file to all that it says: parents merged in, catalog entries filled in, options on top."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simsuite.errors import ScenarioError
from simsuite.scenario.library import (
    ONE,
    SECTIONS,
    catalog_file,
    catalog_names,
    is_in_catalog,
    parent_file,
    shown_path,
)
from simsuite.scenario.origin import Leaf, Origin, Table, merge
from simsuite.scenario.source import DEEPEST, parse_table, read_table
from simsuite.scenario.words import did_you_mean, shown_name, shown_value

LONGEST_CHAIN = 16  # generations of `extends`


def resolve(path: Path, overrides: Mapping[str, Any]) -> Table:
    """Everything that a scenario file says, with parents, catalog and options, not yet checked.

    Raises
    ------
    ScenarioError
        A file cannot be read, a parent is missing, outside or circular, an
        option cannot be understood.
    """
    table = apply_overrides(_with_parents(path, ()), overrides)
    sections = {
        name: _complete_all(name, table.entries[name])
        for name in SECTIONS
        if isinstance(table.entries.get(name), Table)
    }
    return _without_absent_channels(table.replaced(**sections))


def _with_parents(path: Path, trail: tuple[Path, ...]) -> Table:
    """A file merged onto the file that it extends, and that onto its own parent."""
    table = read_table(path, shown_path(path))
    extends = table.entries.get("extends")
    if extends is None:
        return table
    if isinstance(extends, Table):
        raise extends.origin.error("extends must be one name in quotes.")
    trail = (*trail, path.resolve())
    parent = parent_file(extends.value, path, extends.origin)
    if parent.resolve() in trail or len(trail) >= LONGEST_CHAIN:
        chain = " -> ".join(shown_path(file) for file in (*trail, parent))
        raise extends.origin.error(
            f"scenarios extend each other in a circle or in more than {LONGEST_CHAIN} "
            f"steps: {chain}. One of them has to stand on its own."
        )
    return merge(_with_parents(parent, trail), table.without("extends"))


def apply_overrides(table: Table, overrides: Mapping[str, Any]) -> Table:
    """Put options such as {"population.customers": "5000"} on top.

    Text is read as a TOML value, or as text if it is none.
    """
    for dotted, given in overrides.items():
        origin = Origin(f"--set {shown_name(dotted)}={shown_name(given)}")
        path = dotted.split(".")
        if not _is_text(f"{dotted}={given}"):
            raise origin.error("this is not UTF-8 text. Type it again.")
        if not all(path) or len(path) > DEEPEST:
            raise origin.error(
                "an option names a value by its path, such as --set population.customers=5000."
            )
        value = _toml_value(given) if isinstance(given, str) else given
        branch = _grown(value, origin)
        for name in reversed(path):
            branch = Table(origin, {name: branch})
        table = merge(table, branch, keep_tables=True)
    return table


def _grown(value: Any, origin: Origin) -> Leaf | Table:
    if isinstance(value, Mapping):
        return Table(origin, {str(name): _grown(entry, origin) for name, entry in value.items()})
    return Leaf(value, origin)


def _is_text(text: str) -> bool:
    """False for what a terminal passed on without understanding it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _toml_value(text: str) -> Any:
    try:
        parsed = parse_table(f"value = {text}", "option").plain()
    except ScenarioError:
        return text
    return parsed["value"] if list(parsed) == ["value"] else text


def _complete_all(section: str, local: Table) -> Table:
    """Every channel, segment, category or strategy with what it takes from elsewhere."""
    return Table(
        local.origin, {name: _complete(section, name, local, ()) for name in local.entries}
    )


def _complete(section: str, name: str, local: Table, trail: tuple[str, ...]) -> Leaf | Table:
    """One entry of the scenario: its own lines on top of what it extends.

    `extends = "x"` means entry x of the scenario, else of the catalog; `extends
    = ""` means nothing; nothing said means the catalog entry of the same name. A title is
    not taken from an entry of another name: two things would be called the same.
    """
    entry = local.entries[name]
    if not isinstance(entry, Table):
        return entry
    extends = entry.entries.get("extends")
    own = entry.without("extends")
    if extends is None:
        base = _from_catalog(section, name)
    elif isinstance(extends, Leaf) and extends.value == "":
        base = None
    else:
        base = _entry_parent(section, name, extends, local, (*trail, name))
        if not isinstance(extends, Leaf) or extends.value != name:
            base = base.without("title")
    return own if base is None else merge(base.without("present"), own)


def _entry_parent(
    section: str, name: str, extends: Leaf | Table, local: Table, trail: tuple[str, ...]
) -> Table:
    origin = extends.origin
    parent = extends.value if isinstance(extends, Leaf) else None
    if not isinstance(parent, str):
        raise origin.error(
            f"[{section}.{shown_name(name)}] extends must be the name of one {ONE[section]}, "
            "in quotes."
        )
    if parent != name and parent in local.entries:
        if parent in trail or len(trail) >= LONGEST_CHAIN:
            raise origin.error(
                f"[{section}] entries extend each other in a circle or in more than "
                f"{LONGEST_CHAIN} steps: {' -> '.join(map(shown_name, (*trail, parent)))}. "
                "One of them has to stand on its own."
            )
        found = _complete(section, parent, local, trail)
        if isinstance(found, Table):
            return found
    found = _from_catalog(section, parent)
    if found is None:
        known = [*(other for other in local.entries if other != name), *catalog_names(section)]
        meant = did_you_mean(parent, known)
        remedy = f"Did you mean '{meant}'?" if meant else f"There are: {', '.join(known[:20])}."
        raise origin.error(
            f"[{section}.{shown_name(name)}] extends {shown_value(parent)}, which is no "
            f"{ONE[section]} of this scenario or of the catalog. {remedy}"
        )
    return found


def _from_catalog(section: str, name: str) -> Table | None:
    file = catalog_file(section, name)
    return None if file is None else read_table(file, shown_path(file))


def _without_absent_channels(table: Table) -> Table:
    """Take out channels with `present = false`, also where a strategy of the catalog names them."""
    channels, strategies = table.entries.get("channels"), table.entries.get("strategies")
    if not isinstance(channels, Table):
        return table
    absent = [name for name, entry in channels.entries.items() if _is_absent(entry)]
    table = table.replaced(channels=channels.without(*absent))
    if not isinstance(strategies, Table):
        return table
    here = table.entries["channels"].entries
    return table.replaced(strategies=_limited(strategies, frozenset(here)))


def _is_absent(entry: Leaf | Table) -> bool:
    present = entry.entries.get("present") if isinstance(entry, Table) else None
    return isinstance(present, Leaf) and present.value is False


def _limited(entry: Leaf | Table, channels: frozenset[str]) -> Leaf | Table:
    """Lists of channels that the catalog wrote, without the channels that are not here."""
    if isinstance(entry, Leaf):
        return entry
    return Table(
        entry.origin,
        {
            name: Leaf([code for code in inner.value if code in channels], inner.origin)
            if name == "channels" and isinstance(inner, Leaf) and is_in_catalog(inner.origin)
            else _limited(inner, channels)
            for name, inner in entry.entries.items()
        },
    )
