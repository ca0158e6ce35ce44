"""The report page: one file, offline, complete, the same every time."""

import re
from html.parser import HTMLParser

import pytest
from comparisons import COMPANIONS, HEADLINES, compared, explanations, flagship, three_strategies, with_verdicts

from simsuite.experiment.comparison import compare
from simsuite.experiment.explanations import Explanations
from simsuite.experiment.statistics import VERDICTS
from simsuite.lives.story import Moment, Story
from simsuite.report.page.html_tables import comparison_html, table_html
from simsuite.report.page.page import render_report
from simsuite.report.said.facts import assumptions
from simsuite.scenario import load

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr"}
STORY = Story(
    7,
    "A regular customer <7>.",
    ("Isolated channels", "Integrated data"),
    (Moment(3, "noon", "12:10", "She gives up.", "She orders."),),
    None,
    "cart",
    None,
    0,
    ("", ""),
)


class Page(HTMLParser):
    """Collects what a page refers to, and whether its elements are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.references, self.tags, self.pictures, self.ids, self.text = (
            [],
            [],
            [],
            [],
            [],
            [],
        )
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        values = dict(attributes)
        self.references += [
            values[name] for name in ("src", "href", "srcset", "action", "data", "poster") if name in values
        ]
        self.ids += [values["id"]] if "id" in values else []
        if tag == "svg":
            self.pictures.append(values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.text.append(text)


@pytest.fixture(scope="module")
def text():
    return render_report(
        flagship(),
        *compared(),
        {"versions": {"python": "3.11"}, "replications": [0, 1, 2]},
        STORY,
        explanations(),
    )


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_nothing_is_fetched_from_anywhere(text, page):
    assert all(reference.startswith("#") for reference in page.references)
    assert not {"link", "script", "img", "iframe", "object"} & set(page.tags)
    assert "http" not in text
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []


def test_every_reference_within_the_page_leads_somewhere_once(page):
    assert len(page.ids) == len(set(page.ids))
    assert {reference[1:] for reference in page.references} <= set(page.ids)


def test_every_figure_has_words_for_who_cannot_see_it(page):
    assert len(page.pictures) >= 2 * 9  # nine figures in two widths
    for picture in page.pictures:
        assert picture["role"] == "img"
        assert len(picture["aria-label"]) > 30
    assert page.tags.count("figure") == page.tags.count("figcaption")


def test_numbers_behind_a_figure_can_be_unfolded(page):
    assert page.tags.count("summary") >= 9


def test_the_page_says_how_its_ways_to_say_why_differ(page):
    words = " ".join(" ".join(page.text).split())
    assert (
        "Why is asked in several ways" in words and "Where sales are lost counts journeys by what ended them" in words
    )


def test_every_verdict_is_on_the_page():
    verdicts = ["better", "worse", "no difference that matters", "cannot tell yet", "identical", "not measured"]
    assert set(VERDICTS) - set(verdicts) == {"higher", "lower"}  # of measures that are neither good nor bad
    comparison = with_verdicts(verdicts, run_more=60)
    words = " ".join(Page(render_report(flagship(), comparison, compared()[1], {})).text)
    for verdict in verdicts:
        assert verdict in words
    assert "cannot tell yet (run about 60 more)" in words
    assert "better than isolated channels on 1 of 5 measures and worse on 1" in words


def test_the_answer_comes_first(page):
    words = "".join(page.text)
    assert page.tags.index("h1") < page.tags.index("h2") < page.tags.index("table")
    assert words.index("What differs") < words.index("Where sales are lost") < words.index("How it was computed")


def test_the_page_is_small_also_with_several_strategies():
    several = render_report(
        three_strategies(),
        *compared(("isolated", "half_silent", "half_announced", "integrated")),
        {},
    )
    assert len(several.encode()) < 1_500_000
    headings = "".join(Page(several).text)
    for title in ("Half integrated, silent", "Half integrated, announced", "Integrated data"):
        assert f"{title} against isolated channels" in headings


def test_same_input_gives_the_same_bytes(text):
    again = render_report(
        flagship(),
        *compared(),
        {"versions": {"python": "3.11"}, "replications": [0, 1, 2]},
        STORY,
        explanations(),
    )
    assert again == text


def test_colors_of_figures_follow_the_page(text):
    drawings = "".join(re.findall(r"<svg.*?</svg>", text, flags=re.S))
    assert "var(--compared)" in drawings
    assert re.findall(r"#[0-9a-f]{6}\b", drawings) == []


def test_the_story_stands_in_two_columns_and_its_text_is_no_markup(page):
    words = "".join(page.text)
    assert "A regular customer <7>." in words
    assert words.index("She gives up.") < words.index("She orders.")


def test_all_other_measures_stand_beside_the_answer_without_verdict_where_they_are_not_comparable(page):
    words = "".join(page.text)
    beside = words[words.index("Beside it") : words.index("What differs")]
    for measure in COMPANIONS:
        if not measure.by_channel or not measure.comparable:
            assert measure.title in beside, measure.name
    assert beside.count("not comparable") >= 2
    assert "no verdict, since strategies change how many visits a journey takes" in beside


def test_the_codes_of_sources_are_explained_on_the_page(page):
    words = " ".join(page.text)
    assert "Goldfarb and Tucker, 2011" in words  # F78, behind the values of creepiness
    assert "docs/sources.md" in words


def test_what_the_audit_does_not_ask_is_said(page):
    assert "do not ask for: coupons" in "".join(page.text)


def test_every_assumption_is_listed(page):
    words = "".join(page.text)
    for value in assumptions(flagship()):
        assert value.path.partition(".")[2] in words


def test_parts_that_the_runs_lack_are_left_out():
    comparison, found = compared()
    strangers = {name: table for name, table in found.items() if name not in ("twins", "saved_from")}
    words = "".join(Page(render_report(flagship(), comparison, strangers, {})).text)
    assert "Where the saved sales come from" not in words
    assert "What each element adds" not in words
    assert "Knowing is not deciding" not in words
    assert "Causes removed" not in words
    assert "What touches customers first" not in words
    assert "One customer, twice" not in words
    assert "own figures" not in words


def test_what_explains_the_difference_comes_from_the_results_folder(page):
    words = "".join(page.text)
    assert "Identity adds most: +0.60 of +1.00 orders per 100 needs (60 %)." in words
    assert "Sharing while each channel decides changes orders per 100 needs by +0.80" in words
    assert "Removal is not share: competitor takes 80 % of the lost planned journeys" in words
    assert words.index("Where sales are lost") < words.index("Causes removed") < words.index("How sure")
    assert "simsuite waterfall" not in words and "simsuite removal" not in words


def test_the_page_says_how_to_get_what_the_folder_does_not_hold():
    left_out = Explanations(left_out=("removal.parquet belongs to another scenario.",))
    missing = "No story was kept: nobody was followed."
    page = Page(render_report(flagship(), *compared(), {}, None, left_out, missing))
    words = "".join(page.text)
    for sentence in (
        *left_out.left_out,
        missing,
        "simsuite waterfall flagship_retailer",
        "simsuite removal flagship_retailer",
    ):
        assert sentence in words
    assert "What each element adds" not in words


def test_the_firms_figures_come_only_with_a_check():
    scenario = load("scenarios/flagship_retailer.toml", {"check.app.order_value": 55.0})
    words = "".join(Page(render_report(scenario, *compared(), {})).text)
    assert "own figures" in words
    assert "55.00" in words.replace(" ", "")


def test_a_fragment_for_notebooks_holds_the_comparison():
    comparison = with_verdicts(["better", "cannot tell yet"], run_more=8)
    words = "".join(Page(comparison_html(comparison, flagship())).text)
    for part in (
        "Orders per 100 needs",
        "Isolated channels",
        "Integrated data",
        "cannot tell yet (run about 8 more)",
    ):
        assert part in words
    assert "Integrated" in comparison_html(comparison)


def test_numbers_are_cut_at_the_decimal_point_so_that_they_align():
    table = table_html(["What", "How much"], [["a", "-1.50 pt"], ["b", "12"]])
    assert '<td class="number">\N{MINUS SIGN}1<span>.50 pt</span></td>' in table
    assert '<td class="number">12<span></span></td>' in table


def test_no_line_is_broken_between_a_number_and_its_unit():
    table = table_html(["What", "How"], [["cart", "80 %, after 1 day, 2 % wrong"]])
    assert "80\N{NO-BREAK SPACE}%, after 1\N{NO-BREAK SPACE}day, 2\N{NO-BREAK SPACE}% wrong" in table


def test_a_long_name_may_be_broken_behind_its_dots_and_a_number_may_not():
    table = table_html(["Value", "How"], [["integrated.flows.identity.coverage", "0.123456789"]])
    assert "integrated.<wbr>flows.<wbr>identity.<wbr>coverage" in table and table.count("<wbr>") == 3


def test_markup_in_names_is_shown_as_text():
    assert "<b>" not in table_html(["<b>"], [["<b>"]])


def test_one_replication_and_measures_without_threshold_still_make_a_page():
    comparison, found = compared()
    first = {name: table[table["replication"] == 0] for name, table in found.items()}
    nothing = first["measures"].assign(
        value=first["measures"]["value"].where(first["measures"]["measure"] != "margin", 0.0)
    )
    alone = compare(nothing, "isolated", HEADLINES)
    words = "".join(Page(render_report(flagship(), alone, {**first, "measures": nothing}, {})).text)
    assert "It cannot be told yet" in words
    assert "nan" not in words
    assert "no threshold" in words
