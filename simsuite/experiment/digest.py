"""The digest of content: the same results give the same digest, whatever file holds them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simsuite.errors import StoreError
from simsuite.experiment.journal import JOURNAL_NAME, Journal
from simsuite.files import errors_in_words

if TYPE_CHECKING:
    import pandas
    import pyarrow

EXPLANATIONS = ("waterfall", "authority", "removal")  # made apart from the comparison, not its content
STAMP = (
    "reference",
    "strategy",
    "replications",
    "customers",
    "seed",
    "world",
    "program",
)  # last columns of each of them
WALL_CLOCK = ("seconds",)  # columns that differ between two runs of the same


def content_digest(tables: Path | str | Mapping[str, pandas.DataFrame]) -> str:
    """sha256 over the tables of a results folder, or over tables by name.

    Counted are table and column names, kinds of numbers (whole, real, yes or no, text) and
    values; not counted are the order of rows and columns, the width of numbers, how a missing
    value is written, the sign of zero, what a file format adds, the columns WALL_CLOCK, and in a folder the tables
    EXPLANATIONS and files that are not of its experiment.

    Returns
    -------
    64 hex digits

    Raises
    ------
    StoreError : a table of the folder cannot be read
    """
    if not isinstance(tables, Mapping):
        paths = [path for path in _tables_of(Path(tables)) if path.stem not in EXPLANATIONS]
        tables = {path.stem: read_table(path) for path in paths}
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(f"table {name!r} {len(tables[name])}\n".encode())
        digest.update(_table_digest(tables[name]))
    return digest.hexdigest()


def _tables_of(folder: Path) -> list[Path]:
    """Files that the journal of a folder lists as tables; all tables in a folder without one."""
    found = sorted(folder.glob("*.parquet"))
    if not (folder / JOURNAL_NAME).is_file():
        return found
    listed = Journal.read(folder).files
    return [path for path in found if path.name in listed]


def read_table(*paths: Path) -> pandas.DataFrame:
    """A table of a results folder, or the pieces of one below each other.

    Raises
    ------
    StoreError : in words, if a file is not there or damaged
    """
    return together([arrow_table(path) for path in paths])


def together(pieces: Sequence[pyarrow.Table]) -> pandas.DataFrame:
    """Pieces of a table, one or more, below each other."""
    import pyarrow

    # Empty pieces would change the types of the others.
    pieces = [piece for piece in pieces if len(piece)] or pieces[:1]
    return pyarrow.concat_tables(pieces, promote_options="permissive").to_pandas()


def arrow_table(path: Path) -> pyarrow.Table:
    """The content of one file, Parquet or Arrow; with pandas alone, many small ones took three times as long.

    Raises
    ------
    StoreError : in words, if the file is not there or damaged
    """
    import pyarrow
    import pyarrow.parquet

    with errors_in_words("read", path):
        content = Path(path).read_bytes()
    try:
        if path.suffix == ".arrow":
            return pyarrow.ipc.open_file(content).read_all()
        return pyarrow.parquet.ParquetFile(io.BytesIO(content)).read(use_threads=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:  # damaged pages are an OSError
        raise StoreError(
            f"{path}: not a table of results, or damaged ({error}). Run the experiment again: "
            "what is missing is computed anew."
        ) from error


def _table_digest(table: pandas.DataFrame) -> bytes:
    """Columns by name, each as kind, missing values and values, rows in sorted order."""
    import numpy as np

    columns = [
        (str(name), *_canonical(table[name])) for name in sorted(table.columns, key=str) if name not in WALL_CLOCK
    ]
    order = np.arange(len(table))
    if columns and len(table):
        keys = [key for _, _, missing, values in columns for key in (missing, values)]
        order = np.lexsort(keys[::-1])
    digest = hashlib.sha256()
    for name, kind, missing, values in columns:
        digest.update(f"column {name!r} {kind}\n".encode())
        digest.update(missing[order].tobytes())
        digest.update(values[order].tobytes())
    return digest.digest()


def _canonical(column: pandas.Series):
    """Kind, missing [rows], values [rows]: int64, float64, bool, or the rank of a text; 0 where missing.

    The kind of a text is the list of all texts of the column. What a column of mixed kinds holds
    counts by a text that says its kind, since 1 and True are equal.
    """
    import numpy as np
    import pandas
    from pandas.api import types

    missing = column.isna().to_numpy(bool)
    if types.is_bool_dtype(column.dtype):
        return "bool", missing, np.where(missing, False, column.to_numpy(object)).astype(bool)
    if types.is_integer_dtype(column.dtype):
        filled = column.fillna(0) if missing.any() else column
        return "integer", missing, filled.to_numpy("int64")
    if types.is_float_dtype(column.dtype):
        return (
            "real",
            missing,
            np.where(missing, 0.0, column.to_numpy("float64", na_value=np.nan)) + 0.0,
        )
    kind, texts = "text", column.astype(object).to_numpy()
    if types.infer_dtype(texts, skipna=True) not in ("string", "empty"):
        kind = "mixed"
        texts = np.array([None if gone else _named(value) for value, gone in zip(texts, missing, strict=True)], object)
    ranks, texts = pandas.factorize(texts, sort=True)  # missing: -1
    return f"{kind} {list(texts)!r}", missing, np.where(missing, 0, ranks)


def _named(value: object) -> str:
    """A value and its kind as a text; neither the width of a number nor the sign of zero counts."""
    value = value.item() if hasattr(value, "item") else value
    value = value + 0.0 if isinstance(value, float) else value
    return f"{type(value).__name__} {value!r}"
