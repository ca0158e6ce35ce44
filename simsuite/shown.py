"""Rows and dictionaries that are shown in a line: what there is and how much of it."""

from __future__ import annotations

MOST_NAMED = 30  # entries that are named


class Tables(dict):
    """Data frames by name."""

    def __repr__(self) -> str:
        named = [f"{name} ({len(table):,} rows)" for name, table in list(self.items())[:MOST_NAMED]]
        more = f" and {len(self) - MOST_NAMED} more" if len(self) > MOST_NAMED else ""
        return f"<{len(self)} tables: {', '.join(named)}{more}>"


class Agents(tuple):
    """Agents of one kind, by number. A run begins and ends with the same ones."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self:
            return "<no agents>"
        first = repr(self[0]).partition("\n")[0]
        return f"<{len(self):,} agents, from {first}; each shows its state>"
