"""From a file to all that it says: parents merged in, catalog entries filled in, options on top."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simsuite.arguments import plain
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
from simsuite.scenario.origin import Given, Leaf, Origin, Table, merge
from simsuite.scenario.problems import Problems
from simsuite.scenario.source import DEEPEST, parse_table, read_table
from simsuite.scenario.words import did_you_mean, printable, shown_name, shown_value

LONGEST_CHAIN = 16  # generations of `extends`


def written_in(path: Path, problems: Problems) -> Table:
    """Everything that a scenario file and its parents say; the catalog and options come on top with `completed`.

    Parents that are missing, outside, circular or unreadable go to `problems`; what can be had without them is
    returned.

    Raises
    ------
    ScenarioError
        The file itself cannot be read.
    """
    return _with_parents(path, (), problems)


def completed(written: Table, overrides: Mapping[str, Any], problems: Problems) -> Table:
    """What is written with options on top and catalog entries filled in, not yet checked.

    Options that cannot be understood go to `problems`.
    """
    table = apply_overrides(written, overrides, problems)
    sections = {
        name: _Section(name, table.entries[name], problems).completed()
        for name in SECTIONS
        if isinstance(table.entries.get(name), Table)
    }
    return _without_absent_channels(table.replaced(**sections))


def _with_parents(path: Path, trail: tuple[Path, ...], problems: Problems) -> Table:
    """A file merged onto the file that it extends, and that onto its own parent."""
    table = read_table(path, shown_path(path))
    extends = table.entries.get("extends")
    if extends is None:
        return table
    own = table.without("extends")
    try:
        parent = _parent(extends, path, (*trail, path.resolve()), problems)
    except ScenarioError as error:
        problems.leave_open((), error.problems)
        return own
    return merge(parent, own)


def _parent(extends: Leaf | Table, child: Path, trail: tuple[Path, ...], problems: Problems) -> Table:
    if isinstance(extends, Table):
        raise extends.origin.error("extends must be one name in quotes.")
    parent = parent_file(extends.value, child, extends.origin)
    if parent.resolve() in trail or len(trail) >= LONGEST_CHAIN:
        chain = " -> ".join(shown_path(file) for file in (*trail, parent))
        raise extends.origin.error(
            f"scenarios extend each other in a circle or in more than {LONGEST_CHAIN} "
            f"steps: {chain}. One of them has to stand on its own."
        )
    return _with_parents(parent, trail, problems)


def apply_overrides(table: Table, overrides: Mapping[str, Any], problems: Problems) -> Table:
    """Put options such as {"population.customers": "5000"} on top.

    Text is read as a TOML value, or as text if it is none. Options that cannot be
    understood go to `problems`, which name them as they were `Given`; plain values come from Python.
    """
    for dotted, given in overrides.items():
        value = plain(given.value if isinstance(given, Given) else given)
        said = given.said if isinstance(given, Given) else f"overrides={{{shown_value(dotted)}: {value!r:.60}}}"
        origin = Origin(f"--set {shown_name(dotted)}={shown_name(value)}", said=printable(said))
        path = dotted.split(".")
        if not _is_text(f"{dotted}={value}"):
            problems.found.append(origin.problem("this is not UTF-8 text. Type it again."))
        elif not all(path) or len(path) > DEEPEST:
            problems.found.append(origin.problem("a value is named by its path, such as population.customers."))
        else:
            table = _with_option(table, path, value, origin)
    return table


def _with_option(table: Table, path: list[str], given: Any, origin: Origin) -> Table:
    branch = _grown(_toml_value(given) if isinstance(given, str) else given, origin)
    for name in reversed(path):
        branch = Table(origin, {name: branch})
    return merge(table, branch, keep_tables=True)


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


class _Section:
    """The channels, segments, categories or strategies of one scenario."""

    def __init__(self, name: str, local: Table, problems: Problems):
        self.name = name
        self.local = local
        self.problems = problems

    def completed(self) -> Table:
        """Every entry with what it takes from elsewhere."""
        return Table(self.local.origin, {name: self._complete(name, ()) for name in self.local.entries})

    def _complete(self, name: str, trail: tuple[str, ...]) -> Leaf | Table:
        """One entry of the scenario: its own lines on top of what it extends.

        `extends = "x"` means entry x of the scenario, else of the catalog; `extends
        = ""` means nothing; nothing said means the catalog entry of the same name. Title and code are
        not taken from an entry of another name: two things would be called the same.
        """
        entry = self.local.entries[name]
        if not isinstance(entry, Table):
            return entry
        extends = entry.entries.get("extends")
        own = entry.without("extends")
        if extends is None:
            base = _from_catalog(self.name, name)
        elif isinstance(extends, Leaf) and extends.value == "":
            base = None
        else:
            base = self._parent_or_open(name, extends, (*trail, name))
            if base is not None and extends.value != name:
                base = base.without("title", "code")
        return own if base is None else merge(base.without("present"), own)

    def _parent_or_open(self, name: str, extends: Leaf | Table, trail: tuple[str, ...]) -> Table | None:
        """What an entry extends; if that is not all known, the entry is left open."""
        here = (self.name, name)
        try:
            found = self._parent(name, extends, trail)
        except ScenarioError as error:
            told = here in self.problems.open
            self.problems.leave_open(here, () if told else error.problems)
            return None
        if found is None or self._is_open(extends.value):
            self.problems.leave_open(here, ())
        return found

    def _parent(self, name: str, extends: Leaf | Table, trail: tuple[str, ...]) -> Table | None:
        """The entry that is meant; None if something else hides it that is wrong itself."""
        origin = extends.origin
        parent = extends.value if isinstance(extends, Leaf) else None
        if not isinstance(parent, str):
            raise origin.error(
                f"[{self.name}.{shown_name(name)}] extends must be the name of one {ONE[self.name]}, in quotes."
            )
        if self._is_open(parent):
            return None
        if parent != name and isinstance(self.local.entries.get(parent), Table):
            if parent in trail or len(trail) >= LONGEST_CHAIN:
                raise origin.error(
                    f"[{self.name}] entries extend each other in a circle or in more than "
                    f"{LONGEST_CHAIN} steps: {' -> '.join(map(shown_name, (*trail, parent)))}. "
                    "One of them has to stand on its own."
                )
            return self._complete(parent, trail)
        found = _from_catalog(self.name, parent)
        hidden = () in self.problems.open or (parent != name and parent in self.local.entries)
        if found is None and not hidden and not self.problems.is_enough:
            raise origin.error(self._no_entry(name, parent))
        return found

    def _is_open(self, name: str) -> bool:
        return (self.name, name) in self.problems.open

    def _no_entry(self, name: str, parent: str) -> str:
        others = (other for other in self.local.entries if other != name)
        known = list(dict.fromkeys((*others, *catalog_names(self.name))))
        meant = did_you_mean(parent, known)
        remedy = f"Did you mean '{meant}'?" if meant else f"There are: {', '.join(known[:20])}."
        why = (
            "which is itself" if parent == name else f"which is no {ONE[self.name]} of this scenario or of the catalog"
        )
        return f"[{self.name}.{shown_name(name)}] extends {shown_value(parent)}, {why}. {remedy}"


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
    """Lists of channels that the catalog wrote, without the channels that are not here; a flow of none is off."""
    if isinstance(entry, Leaf):
        return entry
    listed = entry.entries.get("channels")
    if not isinstance(listed, Leaf) or not is_in_catalog(listed.origin):
        return Table(entry.origin, {name: _limited(inner, channels) for name, inner in entry.entries.items()})
    here = [code for code in listed.value if code in channels]
    coverage = entry.entries.get("coverage")
    if not here and isinstance(coverage, Leaf) and is_in_catalog(coverage.origin):
        return entry.without("channels").replaced(coverage=Leaf(0.0, listed.origin))
    return entry.replaced(channels=Leaf(here, listed.origin))
