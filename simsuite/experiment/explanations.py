"""What explains a comparison, beside it in its results folder: waterfall, authority, removal.

Each file is made by a command of its own and says of which world it is and which program made
it, so that a report never shows what belongs to another scenario or came from other rules.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsuite.errors import StoreError
from simsuite.experiment.digest import EXPLANATIONS, read_table
from simsuite.experiment.journal import program_of
from simsuite.experiment.program import program
from simsuite.experiment.simulate import world_digest
from simsuite.experiment.store import RUNS_OF_EXPLANATIONS
from simsuite.files import errors_in_words, write_whole
from simsuite.specs.scenario import ScenarioSpec

if TYPE_CHECKING:
    import pandas

WATERFALL, AUTHORITY, REMOVAL = EXPLANATIONS
MADE_BY = {WATERFALL: "waterfall", AUTHORITY: "waterfall", REMOVAL: "removal"}  # commands
STAMP = ("reference", "strategy", "replications", "customers", "seed", "world", "program")


@dataclass(frozen=True, repr=False)
class Explanations:
    """What a results folder holds that fits its comparison; None where there is nothing.

    waterfall : columns of `decompose.waterfall_table`, then STAMP
    authority : columns of `decompose.authority_table`, then STAMP
    removal : columns of `removal.removal_table`, then STAMP
    left_out : a sentence for every file that does not fit
    """

    waterfall: pandas.DataFrame | None = None
    authority: pandas.DataFrame | None = None
    removal: pandas.DataFrame | None = None
    left_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        held = [name for name in (WATERFALL, AUTHORITY, REMOVAL) if getattr(self, name) is not None]
        return f"<Explanations: {', '.join(held) or 'nothing'}; {len(self.left_out)} left out>"


NOTHING_EXPLAINED = Explanations()


def runs_folder(folder: Path, name: str) -> Path:
    """Where the runs behind an explanation are kept, so that interrupted work goes on."""
    return folder / RUNS_OF_EXPLANATIONS / name


def keep_explanation(
    folder: Path, name: str, table: pandas.DataFrame, spec: ScenarioSpec, strategy: str, replications: int
) -> None:
    """Write <folder>/<name>.parquet; what it holds of other strategies of the same world stays.

    Parameters
    ----------
    name : WATERFALL, AUTHORITY or REMOVAL
    spec : the scenario, whose world digest, seed and number of customers are recorded

    Raises
    ------
    StoreError
    """
    import pandas as pd

    stamp = dict(
        zip(
            STAMP,
            (
                spec.experiment.reference,
                strategy,
                replications,
                spec.population.customers,
                spec.experiment.seed,
                world_digest(spec),
                program(),
            ),
            strict=True,
        )
    )
    whole = table.assign(**stamp)
    with errors_in_words("make the results folder", folder):
        folder.mkdir(parents=True, exist_ok=True)
    before = _read(folder, name)
    if before is not None and list(before.columns) == list(whole.columns):
        same = (before["world"] == stamp["world"]) & (before["program"] == stamp["program"])
        others = before[same & (before["strategy"] != strategy)]
        whole = pd.concat([others, whole], ignore_index=True) if len(others) else whole
    content = io.BytesIO()
    whole.to_parquet(content, index=False, compression="zstd")
    write_whole(folder / f"{name}.parquet", content.getvalue())


def explanations_in(folder: Path | None, spec: ScenarioSpec, reference: str, strategies: Sequence[str]) -> Explanations:
    """What a results folder holds about these strategies of this world.

    Parameters
    ----------
    folder : None: nothing is kept, so there is nothing
    spec : the scenario of the comparison
    reference, strategies : as compared; the removal of causes may be about any of them
    """
    if folder is None:
        return NOTHING_EXPLAINED
    found, left_out, world, made_by = {}, [], world_digest(spec), program_of(folder)
    for name in EXPLANATIONS:
        table = _read(folder, name)
        if table is None:
            if (folder / f"{name}.parquet").exists():
                left_out.append(_misfit(name, "cannot be read"))
            continue
        wanted = [reference, *strategies] if name == REMOVAL else list(strategies)
        rows = table[
            (table["world"] == world)
            & (table["reference"] == reference)
            & table["strategy"].isin(wanted)
            & (table["seed"] == spec.experiment.seed)
        ]
        if len(rows) and not (rows["program"] == made_by).any():
            first = (
                "" if made_by == program() else "compare anew, then "
            )  # comparing anew puts the explanation aside as well
            left_out.append(_misfit(name, "was made by another version of the program than the comparison", first))
        elif len(rows := rows[rows["program"] == made_by]):
            found[name] = rows.reset_index(drop=True)
        else:
            left_out.append(_misfit(name, "belongs to another scenario or to strategies that are not compared here"))
    return Explanations(**found, left_out=tuple(left_out))


def _read(folder: Path, name: str) -> pandas.DataFrame | None:
    """The table, None if there is none or if it cannot be read. What does not say its program is of none that is known."""
    try:
        table = read_table(folder / f"{name}.parquet")
    except StoreError:
        return None
    if "program" not in table.columns:
        table = table.assign(program=None)
    return table if set(STAMP) <= set(table.columns) else None


def _misfit(name: str, why: str, first: str = "") -> str:
    """What does not fit, why, and what to do; `first`: what has to be done before it is made anew."""
    return f"{name}.parquet {why} and is left out; {first}make it anew with simsuite {MADE_BY[name]}."
