"""What may be called what, what can be shown, and what two things of one title are called."""

import pytest

from simsuite.errors import ScenarioError
from simsuite.scenario.loading import load
from simsuite.scenario.titles import titles_by_name

SHARES = "[population.segments]\nregular = 0.3\n"


def test_names_of_totals_are_refused(refused):
    said = refused('[channels.all]\nextends = "app"\n')
    assert "4:11: " in said and '"all" cannot be the name of a channel' in said
    assert '"all" cannot be the name of a segment' in refused(
        f'[segments.all]\nextends = "regular"\n{SHARES}all = 0.2\n'
    )


def test_a_strategy_or_category_may_be_called_all(world):
    assert "all" in world('[strategies.all]\nextends = "integrated"\n').spec.strategies


@pytest.mark.parametrize(
    "text, code",
    [
        (r"bell\u0007", "U+0007"),
        (r"\u001b[31m", "U+001B"),
        (r"\u0000", "U+0000"),
        (r"\u0085", "U+0085"),
        (r"\uFFFF", "U+FFFF"),
        (r"\U0001FFFE", "U+1FFFE"),
        (r"\u202eturned around", "U+202E"),
        (r"two\nlines", "U+000A"),
    ],
)
def test_a_title_that_cannot_be_shown_is_refused(refused, text, code):
    said = refused(f'[channels.app]\ntitle = "{text}"\n')
    assert "5:9: [channels.app] title holds a character that cannot be shown, " + code in said
    assert said.isprintable() or all(line.isprintable() for line in said.split("\n"))


@pytest.mark.parametrize("title", ["統合データ", "한국어", "🛒 with 👩‍👩‍👧", "Größe", "עברית", "$5 and $10", "<b>&"])
def test_titles_of_all_writing_are_taken(world, title):
    assert world(f'[channels.app]\ntitle = "{title}"\n').spec.channels["app"].title == title


def test_prose_may_have_lines_and_no_control_characters(write):
    head = 'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'
    assert load(write('story = """\nOne\n\tTwo\n"""\nlook_at = ["a\\nb"]\n' + head)).spec.story
    with pytest.raises(ScenarioError, match=r"x.toml:1:17: .look_at. an entry holds a character .* U\+0007"):
        load(write('look_at = ["a", "b\\u0007"]\n' + head))


def test_a_common_pool_is_not_called_like_a_channel_with_its_own_stock(refused, world):
    said = refused('[channels.app]\nstock_pool = "store"\n')
    assert "5:14: " in said and 'stock_pool = "store" is a channel that keeps its stock by region' in said
    assert world('[channels.app]\nstock_pool = "marketplace"\n')
    said = refused('[channels.store]\ncode = "central"\n')
    assert "5:8: " in said and 'code = "central" is the name of the common stock of' in said


class Titled:
    def __init__(self, title=""):
        self.title = title


def test_things_of_one_title_are_told_apart_by_their_names():
    titles = titles_by_name(
        {"one": Titled("Same"), "two": Titled("same "), "three": Titled("Other"), "other_one": Titled()}
    )
    assert titles == {"one": "Same (one)", "two": "same (two)", "three": "Other", "other_one": "Other one"}
    assert titles_by_name({"plain": Titled(), "second": Titled("Plain")}) == {
        "plain": "Plain (plain)",
        "second": "Plain (second)",
    }
    assert titles_by_name({"at_home": Titled()}, ("At home",)) == {"at_home": "At home (at_home)"}


def test_more_regions_than_draws_tell_apart_are_refused(refused):
    said = refused("[population]\ncustomers = 3_000_000\ncustomers_per_region = 1\n")
    assert "6:24: " in said and "3,000,000 regions, and there may be 1,048,576. Say 3 or more." in said
