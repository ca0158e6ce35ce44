"""Every mistake of a file is told in one go, and nothing that only follows from another mistake."""

import sys

import pytest

from simsuite.cli.main import main
from simsuite.errors import ScenarioError
from simsuite.scenario.loading import load
from simsuite.scenario.problems import Problems
from simsuite.scenario.resolve import completed, written_in
from simsuite.scenario.validate import sound_part
from simsuite.specs.scenario import ScenarioSpec

HEAD = 'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'


@pytest.fixture
def problems(write):
    """(line, column, message) of all that is wrong in a text."""

    def problems(text, **options):
        with pytest.raises(ScenarioError) as caught:
            load(write(text), **options)
        return [(one.line, one.column, one.message) for one in caught.value.problems]

    return problems


@pytest.fixture
def check(folder, monkeypatch, capsys):
    """Exit code and messages of the command `check`."""

    def check(*arguments):
        monkeypatch.setattr(sys, "argv", ["simsuite", "check", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, capsys.readouterr().err

    return check


def test_mistakes_of_every_kind_are_told_together_each_with_its_caret(write, check):
    write(
        'extends = "retail_world"\n'
        "[strategies.isolated]\n"
        "[strategies.half]\n"
        'extends = "isolatd"\n'
        'flows.cart = { coverage = 1.5, channels = ["ap"] }\n'
        "[channels.app]\n"
        "reach_share = 0\n"
        "srevice = 1\n"
        "[categories.fashion]\n"
        "need_share = 0.5\n"
        "[experiment]\n"
        "warm_up = nan\n"
        'reference = "hlf"\n'
    )
    code, message = check("x.toml")
    assert code == 3
    assert message == (
        'x.toml:4:11: [strategies.half] extends "isolatd", which is no strategy of this scenario '
        "or of the catalog. Did you mean 'isolated'?\n"
        '  extends = "isolatd"\n'
        "            ^\n"
        "x.toml:5:27: [strategies.half.flows.cart] coverage = 1.5 must be a share from 0 to 1, "
        'such as 0.25 or "25 %".\n'
        '  flows.cart = { coverage = 1.5, channels = ["ap"] }\n'
        "                            ^\n"
        'x.toml:5:44: [strategies.half.flows.cart.channels] "ap" is no channel of this scenario. '
        "Did you mean 'app'?\n"
        '  flows.cart = { coverage = 1.5, channels = ["ap"] }\n'
        "                                             ^\n"
        "x.toml:7:15: [channels.app] reach_share = 0: nobody can reach this channel. "
        "Set a share above 0, or present = false to take the channel out.\n"
        "  reach_share = 0\n"
        "                ^\n"
        "x.toml:8:1: [channels.app] has no parameter 'srevice'. Did you mean 'service'?\n"
        "  srevice = 1\n"
        "  ^\n"
        "x.toml:9:2: need_share of the categories sum to 1.1 and must sum to 1: everyday 0.4 + "
        "fashion 0.5 + considered 0.2. What a parent says counts too; set to 0 what is not "
        "wanted.\n"
        "  [categories.fashion]\n"
        "   ^\n"
        "x.toml:12:11: [experiment] warm_up = nan must be a whole number of days from 0 to 3,650, "
        'such as 30 or "30 days".\n'
        "  warm_up = nan\n"
        "            ^\n"
        'x.toml:13:13: [experiment] reference = "hlf" is no strategy of this scenario. '
        "Did you mean 'half'?\n"
        '  reference = "hlf"\n'
        "              ^\n"
    )


MISTAKES = [
    "[channels.app]\nreach_share = 0\n",
    "[channels.phone]\ntrip = -1\n",
    '[channels.kiosk]\nextends = "stor"\ntrip = 5\n',
    '[channels."Kiosk 1"]\nextends = "store"\n',
    "[population]\nsegments = { regular = 0.9 }\n",
    "[segments.loyal]\nneed_rat = 5\n",
    "[segments.newcomer.tastes]\nap = 1\n",
    "[categories.fashion]\nneed_share = 0.5\nprice = 0\n",
    '[clock]\nnoon = "6 h"\n',
    "[parameters.stock]\ngo_to_competitor = 0.9\nlead_time = 2.5\n",
    "[strategies.a.flows.cart]\ncoverage = 2\n",
    '[strategies.b.flows.stock]\nchannels = ["app", "stor"]\nregions = [0, 10, true]\n',
    '[strategies.c.flows.price]\ncoverage = 0.5\ndelay = "60 days"\n[experiment]\nhorizon = 60\n',
    '[strategies.d]\nextends = "e"\n[strategies.e]\nextends = "d"\n',
    "[parameters.race]\npaus_rate = 1\n",
    "[check.stor]\norder_value = nan\n",
]


def test_no_mistake_hides_another(problems):
    alone = [message for lines in MISTAKES for _, _, message in problems(HEAD + lines)]
    together = problems(HEAD + "".join(MISTAKES))
    assert sorted(message for _, _, message in together) == sorted(alone)
    assert [place[:2] for place in together] == sorted(place[:2] for place in together)
    assert len(alone) == 21


@pytest.mark.parametrize(
    "lines, place, words",
    [
        (
            '[channels]\nkiosk = 5\n[strategies.a.flows.cart]\nchannels = ["kiosk"]\n',
            (5, 9),
            "kiosk = 5 must be a table",
        ),
        (
            '[channels.kiosk]\nextends = "stor"\n[strategies.a.flows.cart]\nchannels = ["kiosk"]\n',
            (5, 11),
            "Did you mean 'store'?",
        ),
        ("[categories.fashion]\nneed_share = 1.4\n", (5, 14), "must be a share from 0 to 1"),
        ('[population.segments]\nregular = "half"\n', (5, 11), "must be a share"),
        ("[population.segments]\nregular = 0.3\nregulr = 0.2\n", (6, 1), "Did you mean 'regular'?"),
        (
            '[strategies.a]\nextends = "isolatd"\n[experiment]\nreference = "a"\n',
            (5, 11),
            "Did you mean 'isolated'?",
        ),
        (
            "[population]\ncustomers = -5\n[strategies.a.flows.cart]\nregions = [200]\n",
            (5, 13),
            "must be a whole number",
        ),
        (
            "[population]\ncustmers = 1_000_000\n[strategies.a.flows.cart]\nregions = [200]\n",
            (5, 1),
            "Did you mean 'customers'?",
        ),
        (
            "[experiment]\nhorizon = 0\n[strategies.a.flows.cart]\ncoverage = 1\ndelay = 60\n",
            (5, 11),
            "must be a whole number of days",
        ),
        ("[clock]\nmorning = 5_000\nnoon = 5\n", (5, 11), "must be a duration"),
        ('[parameters.needs]\nbrowse_share = "much"\nconsider_share = 1\n', (5, 16), "must be a share"),
        (
            '[strategies.a.flows.cart]\ncoverage = 2\n[strategies.b]\nextends = "a"\n[strategies.c]\nextends = "b"\n',
            (5, 12),
            "[strategies.a.flows.cart] coverage = 2",
        ),
        (
            '[strategies.a.flows.cart]\nchannels = ["stor"]\n[strategies.b]\nextends = "a"\n',
            (5, 13),
            '[strategies.a.flows.cart.channels] "stor"',
        ),
        ('[channels.app]\nopens = ["night"]\n', (5, 10), 'contains "night"'),
        ("[channels]\napp = { present = 0 }\n[check.app]\n", (5, 19), "must be true or false"),
    ],
)
def test_what_follows_from_a_mistake_is_not_told_besides(problems, lines, place, words):
    found = problems(HEAD + lines)
    assert [(line, column) for line, column, _ in found] == [place]
    assert words in found[0][2]


def test_a_misspelt_section_is_not_missing_as_well(problems):
    found = problems('extends = "retail_world"\n[stratgies.isolated]\n[experiment]\nreference = "isolated"\n')
    assert [(line, column) for line, column, _ in found] == [(2, 2)]
    assert "Did you mean 'strategies'?" in found[0][2]


def test_a_misspelt_channel_is_not_missing_as_well(problems):
    text = HEAD.replace("retail_world", "lab_world")
    found = problems(text + '[channels.stroe]\ntrip = 5\n[strategies.a.flows.cart]\nchannels = ["store"]\n')
    assert [(line, column) for line, column, _ in found] == [(4, 11)]
    assert "is no channel of the catalog (did you mean 'store'?)" in found[0][2]


def test_a_misspelt_parameter_is_not_lacking_as_well(problems):
    found = problems(HEAD + "[categories.toys]\nneed_shar = 0\n")
    assert [(line, column) for line, column, _ in found] == [(4, 13), (5, 1)]
    assert "lacks need_to_inspect, risk" in found[0][2]


OWN = "[strategies.a]\nflows.cart = { coverage = 2, channels = ['shop'] }\n[channels.shop]\nreach_share = 0\n"


@pytest.mark.parametrize(
    "extends, words",
    [
        ('"retail_wrld"', "Did you mean 'retail_world'?"),
        ('"nowhere.toml"', "no such scenario"),
        ('"../x.toml"', "leads outside"),
        ('"x.toml"', "in a circle"),
        ("5", "must be the name of one scenario"),
        ("{ a = 1 }", "must be one name"),
    ],
)
def test_a_parent_that_cannot_be_had_is_told_with_what_the_file_says_itself(problems, extends, words):
    found = problems(f"extends = {extends}\n{OWN}[experiment]\nreference = 'b'\nseed = -1\n")
    assert [(line, column) for line, column, _ in found] == [(1, 11), (3, 27), (5, 15), (8, 8)]
    assert words in found[0][2]  # nothing about 'b' and about sections: the parent may have them


def test_mistakes_of_all_files_of_a_circle_are_told(write, problems):
    write('extends = "x.toml"\n[experiment]\nseed = -1\n', "b.toml")
    found = problems('extends = "b.toml"\n[population]\ncustomers = 0\n')
    assert [(line, column) for line, column, _ in found] == [(3, 13), (1, 11), (3, 8)]
    assert "x.toml -> b.toml -> x.toml" in found[1][2]


def test_a_parent_that_is_no_toml_does_not_hide_what_is_wrong_in_the_child(write, problems):
    write("[population\n", "b.toml")
    found = problems('extends = "b.toml"\n[population]\ncustomers = 0\n')
    assert [(line, column) for line, column, _ in found] == [(3, 13), (1, 12)]
    assert "']' is missing" in found[1][2]


def test_a_circle_is_told_once(problems):
    chain = '[strategies.{}]\nextends = "{}"\n'
    lines = "".join(chain.format(*pair) for pair in ("ab", "bc", "ca", "da"))
    found = problems(HEAD + lines)
    assert [(line, column) for line, column, _ in found] == [(9, 11)]
    assert "a -> b -> c -> a" in found[0][2]


def test_options_are_told_with_what_is_wrong_in_the_file(problems):
    found = problems(
        HEAD + "[population]\ncustomers = 0\n",
        overrides={"a..b": "1", "experiment.seed": "-1", "channels.app.reach_share": "0"},
    )
    assert [message.split(".")[0] for _, _, message in found] == [
        "[population] customers = 0 must be a whole number from 1 to 50,000,000",
        "a value is named by its path, such as population",
        "[channels",
        "[experiment] seed = -1 must be a whole number from 0 to 9,007,199,254,740,991",
    ]


def test_memory_is_reckoned_although_something_else_is_wrong(problems):
    found = problems(HEAD + "[channels.app]\ntrip = -1\n", memory_needed=lambda spec: 10**18)
    assert len(found) == 2 and "need 1000000000.0 GB of memory" in str(found)
    unknown = problems(HEAD + "[population]\ncustomers = 0\n", memory_needed=lambda spec: 10**18)
    assert len(unknown) == 1


@pytest.mark.parametrize(
    "text",
    [
        "population = 5\nclock = []\nsegments = 1\ncategories = 2\nchannels = 3\nparameters = 4\n"
        "strategies = 'x'\nexperiment = true\ncheck = 0\ntitle = 1\nlook_at = 1\n",
        "[strategies.a]\nflows = 1\nauthority = { price = 1 }\ncapabilities = []\n",
        "[channels.x]\nopens = ['x', 1]\n[segments]\na = 1\n[population]\nsegments = 5\n",
        "[segments.a]\ntastes = 1\n[segments.b.tastes]\nx = 'y'\n[check]\na = 1\n",
        "a = 1\n",
    ],
)
def test_something_valid_stands_in_for_whatever_is_wrong(write, text, folder):
    """So that the checks of meaning always have something to look at."""
    found = Problems()
    table = completed(written_in(folder / write(text), found), {}, found)
    assert isinstance(sound_part(ScenarioSpec, table, found), ScenarioSpec)
    assert found.found


@pytest.mark.parametrize(
    "content, place, words",
    [
        (b"", "x.toml: ", "empty"),
        (b"# nothing\n", "x.toml: ", "empty"),
        (bytes(range(256)), "x.toml: ", "not UTF-8 text"),
        (b"a" * 50_000_000, "x.toml: ", "50.0 MB; a scenario may have 1 MB"),
        (b"a = 1\na = 2\n", "x.toml:2:1: ", "a is set twice; the first is on line 1"),
        (b"[a]\n[a]\n", "x.toml:2:2: ", "the heading [a] is there twice"),
        (b"a = \n", "x.toml:1:5: ", "this is no value"),
        (b'a = "\0"\n', "x.toml:1:6: ", "Illegal character"),
    ],
)
def test_a_file_that_is_no_scenario_at_all_is_refused_alone(folder, check, content, place, words):
    (folder / "x.toml").write_bytes(content)
    code, message = check("x.toml")
    assert code == 3
    assert message.startswith(place) and words in message
    assert message.count("x.toml:") == 1


def test_a_value_is_shown_as_it_was_written(problems):
    found = problems(HEAD + '[channels.app]\ntrip = -1\nsurcharge = "150 %"\n')
    assert "trip = -1 must" in found[0][2] and 'surcharge = "150 %" must' in found[1][2]


@pytest.mark.parametrize(
    "lines, message",
    [
        (
            "[strategies.a.flows.cart]\nregions = [0, 1.0]\n",
            "[strategies.a.flows.cart] regions contains 1.0, but each must be a whole number.",
        ),
        (
            '[check.store]\norder_value = "5"\n',
            '[check.store] order_value = "5" must be a number from 0 up. A number has no quotes: 5.',
        ),
        (
            "".join(f'[channels.k{number}]\nextends = "store"\n' for number in range(10)),
            "channels has 17 entries; it must be a table of 1 to 16 entries by name.",
        ),
    ],
)
def test_values_are_not_bent_into_what_would_be_allowed(problems, lines, message):
    assert [one for _, _, one in problems(HEAD + lines)] == [message]
