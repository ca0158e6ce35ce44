"""Positions agree with the values that the standard library reads, however the file is written."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsuite.scenario.positions import find_positions

TEXT = """\
title = "ä"   # a comment
a.b . "c d" = 1
x = { p = [1, { q = 2 }], "r".s = "hi" }
[t."u.v"]
y = \"\"\"
two lines\"\"\"
  z = [
    1,  # with a comment
    2,
  ]
[[rows]]
k = 'one'
[[rows]]
k = 'two'
[rows.below]
m = true
[a]
late = 2020-01-01
"""


def all_paths(value, path=()):
    """Every path of a value as tomllib gives it, tables and array elements included."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, entry in steps:
        yield (*path, step)
        yield from all_paths(entry, (*path, step))


@pytest.mark.parametrize(
    "path, line, column, key_column",
    [
        (("title",), 1, 9, 1),
        (("a", "b", "c d"), 2, 15, 7),
        (("x", "p"), 3, 11, 7),
        (("x", "p", 0), 3, 12, 12),
        (("x", "p", 1, "q"), 3, 21, 17),
        (("x", "r", "s"), 3, 35, 31),
        (("t", "u.v"), 4, 4, 4),
        (("t", "u.v", "y"), 5, 5, 1),
        (("t", "u.v", "z"), 7, 7, 3),
        (("t", "u.v", "z", 1), 9, 5, 5),
        (("rows", 0, "k"), 12, 5, 1),
        (("rows", 1, "k"), 14, 5, 1),
        (("rows", 1, "below", "m"), 16, 5, 1),
        (("a", "late"), 18, 8, 1),
    ],
)
def test_every_value_and_key_has_its_line_and_column(path, line, column, key_column):
    place = find_positions(TEXT).places[path]
    assert (place.line, place.column, place.key_column) == (line, column, key_column)


def test_columns_count_characters_and_not_bytes():
    place = find_positions('x = ["äöü", 5]').places[("x", 1)]
    assert place.column == 13


def test_every_path_of_the_standard_library_has_a_place():
    text = TEXT.replace("[a]\n", "[b]\n")  # [a] would redefine the dotted a above
    places = find_positions(text).places
    assert set(all_paths(tomllib.loads(text))) <= set(places)


names = st.sampled_from(["a", "b", "c-1", '"d e"', "'f.g'"])
scalars = st.sampled_from(["1", "2.5", "true", '"text"', "'raw'", "1979-05-27", '"""x\ny"""'])
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(names, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=5,
)
lines = st.one_of(
    st.builds(
        lambda keys, value: f"{'.'.join(keys)} = {value}",
        st.lists(names, min_size=1, max_size=3),
        values,
    ),
    st.lists(names, min_size=1, max_size=2).map(lambda keys: f"[{'.'.join(keys)}]"),
    st.lists(names, min_size=1, max_size=2).map(lambda keys: f"[[{'.'.join(keys)}]]"),
    st.just("# a comment"),
    st.just(""),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=6).map("\n".join))
def test_places_agree_with_values_in_any_valid_text(text):
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        find_positions(text)  # may find little, but does not fail
        return
    found = find_positions(text)
    assert set(all_paths(parsed)) <= set(found.places)
    for path in all_paths(parsed):
        value = parsed
        for step in path:
            value = value[step]
        if isinstance(value, (bool, int, float)):
            place = found.places[path]
            rest = found.lines[place.line - 1][place.column - 1 :]
            assert rest.startswith(str(value).lower())
