"""What explains a comparison, beside it in its results folder: waterfall, authority, removal.

Each file is made by a command of its own and says of which world it is and which program made
it, so that a report never shows what belongs to another scenario or came from other rules. It holds
the digest of its own content, so that a report never shows what was changed since.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsuite.errors import StoreError
from simsuite.experiment.digest import EXPLANATIONS, STAMP, arrow_table, content_digest, together
from simsuite.experiment.journal import program_of
from simsuite.experiment.own_files import RUNS_OF_EXPLANATIONS
from simsuite.experiment.program import program
from simsuite.experiment.simulate import world_digest
from simsuite.files import errors_in_words, write_whole
from simsuite.specs.scenario import ScenarioSpec

if TYPE_CHECKING:
    import pandas

WATERFALL, AUTHORITY, REMOVAL = EXPLANATIONS
MADE_BY = {WATERFALL: "waterfall", AUTHORITY: "waterfall", REMOVAL: "removal"}  # commands
SAME_WORLD = ("reference", "seed", "world", "program")  # of what stands in one file
DIGEST = b"simsuite_content_digest"  # key in the metadata of a file


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
    """Write <folder>/<name>.parquet; what it holds of other strategies of the same world stays, all else goes.

    Parameters
    ----------
    folder : of the comparison that it explains, or of the runs behind it; the caller has locked it
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
        same = (before[list(SAME_WORLD)] == [stamp[part] for part in SAME_WORLD]).all(axis=1)
        others = before[same & (before["strategy"] != strategy)]
        whole = pd.concat([others, whole], ignore_index=True) if len(others) else whole
    write_whole(folder / f"{name}.parquet", _checked(whole))


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
                left_out.append(_misfit(name, "cannot be read, or is not as simsuite wrote it,"))
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


def _checked(table: pandas.DataFrame) -> bytes:
    """A table as a Parquet file that holds the digest of its own content."""
    import pyarrow
    import pyarrow.parquet

    made = pyarrow.Table.from_pandas(table, preserve_index=False)
    digest = content_digest({"": table}).encode()
    content = io.BytesIO()
    pyarrow.parquet.write_table(
        made.replace_schema_metadata({**(made.schema.metadata or {}), DIGEST: digest}), content, compression="zstd"
    )
    return content.getvalue()


def _read(folder: Path, name: str) -> pandas.DataFrame | None:
    """The table, None if there is none, or if it is not as it was written."""
    import pyarrow

    try:
        made = arrow_table(folder / f"{name}.parquet")
        table = together([made.replace_schema_metadata(None)])  # what pandas would read there may be damaged
        said = (made.schema.metadata or {}).get(DIGEST, b"")
        whole = set(STAMP) <= set(table.columns) and content_digest({"": table}).encode() == said
    except (StoreError, ValueError, pyarrow.ArrowException):  # also text that is none
        return None
    return table if whole else None


def _misfit(name: str, why: str, first: str = "") -> str:
    """What does not fit, why, and what to do; `first`: what has to be done before it is made anew."""
    return f"{name}.parquet {why} and is left out; {first}make it anew with simsuite {MADE_BY[name]}."
