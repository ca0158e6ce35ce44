import numpy as np
import pandas as pd
import pytest

from simsuite.errors import StoreError
from simsuite.experiment.digest import content_digest, read_table

TABLE = pd.DataFrame(
    {
        "name": ["a", "b", None],
        "number": [1, 2, 3],
        "value": [0.5, np.nan, -1.0],
        "yes": [True, False, True],
        "seconds": [1.0, 2.0, 3.0],
    }
)


def digest(table):
    return content_digest({"measures": table})


@pytest.mark.parametrize(
    "same",
    [
        lambda table: table.iloc[::-1],
        lambda table: table[table.columns[::-1]],
        lambda table: table.assign(seconds=9.0),
        lambda table: table.drop(columns="seconds"),
        lambda table: table.astype({"number": "int16", "name": object}),
        lambda table: table.astype({"number": "Int64", "value": "Float64", "yes": "boolean"}),
    ],
)
def test_order_widths_and_the_clock_do_not_count(same):
    assert digest(same(TABLE)) == digest(TABLE)


@pytest.mark.parametrize(
    "other",
    [
        lambda table: table.assign(value=[0.5, np.nan, np.nextafter(-1.0, 0)]),
        lambda table: table.assign(value=[0.5, 0.0, -1.0]),
        lambda table: table.assign(name=["a", "b", ""]),
        lambda table: table.assign(name=["a", None, "b"]),
        lambda table: table.assign(number=table["number"].astype(float)),
        lambda table: table.assign(yes=table["yes"].astype(int)),
        lambda table: table.rename(columns={"number": "count"}),
        lambda table: table.iloc[:2],
        lambda table: table.iloc[[0, 1, 2, 2]],
    ],
)
def test_values_kinds_names_and_rows_count(other):
    assert digest(other(TABLE)) != digest(TABLE)


def test_the_name_of_a_table_counts():
    assert content_digest({"ledger": TABLE}) != digest(TABLE)


def test_text_cannot_pass_for_other_text():
    assert digest(pd.DataFrame({"a": ["x', 'y"]})) != digest(pd.DataFrame({"a": ["x", "y"]}))


def test_the_sign_of_zero_does_not_count():
    assert digest(pd.DataFrame({"a": [0.0]})) == digest(pd.DataFrame({"a": [-0.0]}))


def test_a_folder_has_the_digest_of_its_tables_however_they_are_packed(tmp_path):
    for compression in ("zstd", "snappy"):
        TABLE.to_parquet(tmp_path / "measures.parquet", compression=compression)
        assert content_digest(tmp_path) == digest(TABLE)


def test_a_damaged_table_is_named(tmp_path):
    (tmp_path / "measures.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(StoreError, match=r"measures\.parquet: not a table of results"):
        content_digest(tmp_path)
    with pytest.raises(StoreError, match="it is not there"):
        read_table(tmp_path / "ledger.parquet")


def test_equal_values_of_other_kinds_in_one_column_count():
    lists = ([1, True], [1, 1], [1, 1.0], ["1", "1"], ["1", True], [True, None], ["True", None], ["int 1", "int 1"])
    assert len({digest(mixed(*values)) for values in lists}) == len(lists)


def test_in_a_column_of_mixed_kinds_neither_width_nor_the_sign_of_zero_counts():
    assert digest(mixed("a", np.int8(1), np.float32(0.5))) == digest(mixed("a", 1, 0.5))
    assert digest(mixed("a", 0.0)) == digest(mixed("a", -0.0))


def mixed(*values):
    return pd.DataFrame({"a": pd.Series(values, dtype=object)})
