"""Files that cannot be read say so, with their place and what to do."""

import os

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario.origin import Leaf, Table
from simsuite.scenario.source import MOST_BYTES, parse_table, read_table


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        parse_table(text, "x.toml")
    assert caught.value.exit_code == 3
    return str(caught.value)


def refused_file(path):
    with pytest.raises(ScenarioError) as caught:
        read_table(path, path.name)
    return str(caught.value)


def test_a_missing_quotation_mark_is_shown_with_line_column_and_caret():
    message = refused('title = "x"\n[population]\ncustomers = many\n')
    first, line, caret = message.split("\n")
    assert first.startswith("x.toml:3:13: ") and "quotes" in first
    assert line == "  customers = many"
    assert caret.index("^") == line.index("many")


def test_a_text_that_is_not_closed_is_found_in_its_line():
    assert refused('title = "x\nquestion = "y"\n').startswith("x.toml:1:")


def test_a_list_that_is_not_closed_is_found():
    assert "']' or a comma is missing" in refused("a = [1, 2\nb = 3\n")


@pytest.mark.parametrize("text", ["", "  \n\n", "# only a comment\n", "\ufeff"])
def test_an_empty_file_is_refused_with_the_way_out(text):
    assert "simsuite new" in refused(text)


def test_a_key_that_is_set_twice_names_both_lines():
    message = refused("[population]\ncustomers = 5\nseed = 1\ncustomers = 6\n")
    assert message.startswith("x.toml:4:1: [population] customers is set twice; the first is on line 2.")


def test_a_heading_that_is_there_twice_names_both_lines():
    message = refused("[channels.store]\na = 1\n[b]\n[channels.store]\nc = 1\n")
    assert message.startswith("x.toml:4:11: the heading [channels.store] is there twice; the first is on line 1.")


def test_a_key_that_is_twice_in_an_inline_table_is_refused():
    assert refused("a = { b = 1, b = 2 }").startswith("x.toml:1:14: [a] b is set twice")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = " + "{b = " * 50_000,
        ".".join("a" * 100_000) + " = 1",
        "[" + ".".join("a" * 100_000) + "]",
        "a = " + "[" * 20 + "]" * 20,
    ],
)
def test_nesting_without_end_is_refused_before_it_is_parsed(text):
    assert "nested more than 16 deep" in refused(text)


def test_brackets_in_texts_and_comments_are_no_nesting():
    many = "[" * 100
    text = f"a = \"{many}\"  # {many}\nb = '{many}'\nc = \"\"\"\n{many}\"\"\"\nd = '''{many}'''\n"
    assert parse_table(text, "x.toml").plain()["a"] == many


def test_a_whole_number_of_5000_digits_is_refused_and_not_computed():
    assert "x.toml" in refused(f"a = {'9' * 5000}")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    plain = parse_table("a = 1\n[t]\nb = 2\n", "x.toml")
    windows = parse_table("\ufeffa = 1\r\n[t]\r\nb = 2\r\n", "x.toml")
    assert windows == plain
    assert plain.entries["t"].entries["b"].origin.line == 3


def test_values_know_where_they_stand():
    table = parse_table('[population]\ncustomers = 5\nnames = ["a", "b"]\n', "x.toml")
    population = table.entries["population"]
    assert isinstance(population, Table)
    customers = population.entries["customers"]
    assert isinstance(customers, Leaf)
    assert (str(customers.origin), customers.origin.column) == ("x.toml:2", 13)
    assert table.origin_of(("population", "names", 1)).column == 15


def test_a_binary_file_is_refused(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes(bytes(range(256)))
    assert "not UTF-8" in refused_file(file)


def test_a_text_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "x.toml"
    file.write_bytes("title = 'é'".encode("utf-16"))
    assert "Save it as UTF-8" in refused_file(file)


def test_a_file_of_50_megabytes_is_refused_without_reading_it(tmp_path):
    file = tmp_path / "x.toml"
    file.touch()
    os.truncate(file, 50_000_000)  # sparse: nothing is on the disk
    assert "50.0 MB" in refused_file(file)


def test_a_file_of_just_the_greatest_size_is_read(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text("a = 1\n" + "#" * (MOST_BYTES - 6))
    assert read_table(file, "x.toml").plain() == {"a": 1}
    with file.open("a") as more:
        more.write("#")
    assert "1 MB" in refused_file(file)


def test_a_folder_is_refused(tmp_path):
    assert "folder" in refused_file(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    pipe = tmp_path / "x.toml"
    os.mkfifo(pipe)
    assert "not an ordinary file" in refused_file(pipe)


def test_an_error_line_shows_nothing_that_moves_a_cursor():
    message = refused("title = \x1b[31mred\n")
    assert "\x1b" not in message


@pytest.mark.parametrize(
    "line, column, words",
    [
        ("coverage = 50%", 12, '50% is no value: a share needs quotes, "50 %", or is written 0.5.'),
        ("coverage = 12.5 %  # of all", 12, '"12.5 %", or is written 0.125.'),
        ("a = { coverage = 50%, error = 0.1 }", 18, '"50 %", or is written 0.5.'),
        ("a = { error = 0.1, coverage = 50% }", 31, '"50 %", or is written 0.5.'),
        ("coverage = 0,5", 12, "0,5 is no value: a decimal point, not a comma: 0.5."),
        ("coverage = 0,5  # half", 12, "a decimal point, not a comma: 0.5."),
        ("a = { coverage = 0,5 }", 18, "a decimal point, not a comma: 0.5."),
        ("a = { coverage = 0,25, error = 0.1 }", 18, "a decimal point, not a comma: 0.25."),
        ("delay = 1 day", 9, '1 day is no value: a number with a unit needs quotes, "1 day".'),
        ("a = { delay = 1.5h, error = 0.1 }", 15, 'needs quotes, "1.5h".'),
        ("trip = 20 min # by bus", 8, 'needs quotes, "20 min".'),
    ],
)
def test_a_number_as_people_write_it_is_told_how_toml_writes_it(line, column, words):
    with pytest.raises(ScenarioError) as caught:
        parse_table(f"x = 1\n{line}\n", "x.toml")
    (found,) = caught.value.problems
    assert (found.line, found.column) == (2, column)
    assert words in found.message


def test_a_comma_or_percent_elsewhere_on_the_line_is_not_blamed():
    with pytest.raises(ScenarioError) as caught:
        parse_table('a = "= 50%" b = [0,5]\n', "x.toml")
    assert "one value a line" in str(caught.value)
