"""The world that rules see, declared once: its tables, what each cell is, and what a table is filled with.

Both engines make their world from this, the one as arrays of records, the other as lists of things.
"""

from __future__ import annotations

from dataclasses import dataclass

from simsuite.rules import state
from simsuite.rules.statements import BOARD_DAYS
from simsuite.vocabulary import N_FLOWS


@dataclass(frozen=True)
class Table:
    """One table of the world, under the name by which rules know it.

    record : what each of its cells is; None: a number
    axes : sizes by name, "regions"; none: there is one
    packed : what it is filled with: "scenario", by its name there; "strategy", and again when another is in force;
        "" nothing, or an engine by itself
    """

    name: str
    record: state.Record | None
    axes: tuple[str, ...] = ()
    packed: str = ""


WORLD = (
    Table("now", state.NOW),
    Table("policy", state.POLICY, packed="strategy"),
    Table("luck", state.LUCK),
    Table("segments", state.SEGMENT, ("segments",), "scenario"),
    Table("channels", state.CHANNEL, ("channels",), "scenario"),
    Table("categories", state.CATEGORY, ("categories",), "scenario"),
    Table("items", state.ITEM, ("items",), "scenario"),
    Table("places", state.PLACE, ("channels", "regions"), "scenario"),
    Table("links", state.LINK, ("flows", "channels", "channels"), "strategy"),
    Table("coverage", state.COVERAGE, ("flows", "channels", "regions"), "strategy"),
    Table("stock", state.STOCK, ("pools", "items")),
    Table("pools", state.POOL, ("pools",), "scenario"),
    Table("desks", state.DESK, ("desks",), "scenario"),
    Table("clerks", state.CLERK, ("desks", "clerks")),
    Table("board", state.BOARD, ("board_days", "channels")),
    Table("appeal", state.APPEAL, ("categories", "channels")),
    Table("fading", None, ("parts",)),
)
FIXED_SIZES = {"flows": N_FLOWS, "board_days": BOARD_DAYS}
