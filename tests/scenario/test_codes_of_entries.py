"""Luck is dealt by code: whoever is renamed and keeps the old code lives on; without it people are dealt anew, and told."""

import pytest

import simsuite
from simsuite.errors import ScenarioError, StoreWarning
from simsuite.experiment.simulate import people_digest
from simsuite.report.said.labels import labels_of, what_differs
from simsuite.scenario import load
from simsuite.scenario.pack import pack
from simsuite.scenario.renamed import renamed

HEAD = """extends = "lab_world"
[population]
customers = 200
segments = { lab = 0, #ONE = 0.6, #TWO = 0.4 }
[segments.lab]
[segments.#ONE]
extends = "lab"
need_rate = 60.0
tastes = { #SHOP = 0.5 }
#CODE_ONE
[segments.#TWO]
extends = "lab"
need_rate = 120.0
[categories.thing]
need_share = 0.5
[categories.#KIND]
extends = "thing"
need_share = 0.5
#CODE_KIND
[channels.#SHOP]
extends = "shop_a"
#CODE_SHOP
[strategies.isolated]
[experiment]
reference = "isolated"
warm_up = 14
horizon = 42
cool_down = 7
replications = 2
"""
SHORT = {"experiment.warm_up": 7, "experiment.horizon": 28, "experiment.cool_down": 7}
OLD = {
    "#ONE": "amateurs",
    "#TWO": "buyers",
    "#KIND": "toys",
    "#SHOP": "corner",
    "#CODE_ONE": "",
    "#CODE_KIND": "",
    "#CODE_SHOP": "",
}
NEW = OLD | {"#ONE": "zealots", "#KIND": "a_game", "#SHOP": "kiosk"}
KEPT = NEW | {"#CODE_ONE": 'code = "amateurs"', "#CODE_KIND": 'code = "toys"', "#CODE_SHOP": 'code = "corner"'}


@pytest.fixture
def named(write):
    def named(words, name="x.toml"):
        text = HEAD
        for place in sorted(words, key=len, reverse=True):
            text = text.replace(place, words[place])
        return load(write(text, name))

    return named


def test_a_renaming_that_keeps_the_old_codes_changes_nothing_that_happens(named):
    old, kept = (simsuite.run(named(words)) for words in (OLD, KEPT))
    assert kept.digest() == old.digest() and kept.segment_names == old.segment_names
    assert kept.tables["measures"]["value"].equals(old.tables["measures"]["value"])


def test_a_renaming_without_a_code_deals_people_anew(named):
    assert simsuite.run(named(NEW)).digest() != simsuite.run(named(OLD)).digest()


def test_a_code_that_is_the_name_is_no_code(named):
    said = OLD | {"#CODE_ONE": 'code = "amateurs"', "#CODE_SHOP": 'code = "corner"'}
    one, other = pack(named(OLD).spec), pack(named(said).spec)
    assert (one.segments, one.channels, one.segment_names, one.channel_names) == (
        other.segments, other.channels, other.segment_names, other.channel_names,
    )  # fmt: skip


@pytest.mark.parametrize("words, twins", [(KEPT, True), (NEW, False)])
def test_twins_are_recognized_by_their_codes(named, words, twins):
    assert (people_digest(named(words).spec) == people_digest(named(OLD).spec)) == twins


def test_two_files_are_compared_by_code(named, folder):
    named(OLD, "old.toml"), named(KEPT, "kept.toml")
    found = simsuite.compare("old.toml", "kept.toml", replications=2)
    for table in (found.comparison.by_segment, found.comparison.by_channel, found.table):
        assert set(table["verdict"]) & {"from nothing", "to nothing"} == set()
        assert (table["change"].dropna() == 0).all()
    assert "amateurs" in set(found.comparison.by_segment["segment"]) and "corner" in set(found.measures["channel"])
    assert "twins" in found.tables and "keep the old code" not in found.answer()


def test_two_files_in_which_a_name_is_gone_say_how_to_keep_the_old_code(named):
    old, new, kept = named(OLD, "old.toml"), named(NEW, "new.toml"), named(KEPT, "kept.toml")
    said = renamed([old, new])
    for line in (
        'code = "amateurs" in [segments.zealots]',
        'code = "toys" in [categories.a_game]',
        'code = "corner" in [channels.kiosk]',
    ):
        assert line in said
    assert renamed([old, kept]) == ""
    found = simsuite.compare("old.toml", "new.toml", replications=2)
    assert 'code = "amateurs" in [segments.zealots]' in " ".join(found.answer().split())


def test_a_renaming_in_a_file_whose_results_are_kept_says_how_to_keep_the_old_code(named):
    """The one file says otherwise than before, and its results go into the same folder."""
    simsuite.compare(named(OLD, "shop.toml"), named(OLD, "other.toml"), replications=2, folder="kept")
    with pytest.warns(StoreWarning) as told:
        simsuite.compare(named(NEW, "shop.toml"), named(OLD, "other.toml"), replications=2, folder="kept")
    said = " ".join(str(each.message) for each in told if issubclass(each.category, StoreWarning))
    asked = "(simsuite.compare('resolved/shop.toml', 'resolved/other.toml', replications=2, folder='kept'))"
    assert f"kept held the results of another scenario, strategy, seed, rule or sweep {asked}. " in said
    assert "They are now in kept_1" in said
    assert "shop has the segments zealots where the scenario that the folder held has amateurs" in said
    assert 'code = "amateurs" in [segments.zealots]' in said and 'code = "corner" in [channels.kiosk]' in said
    with pytest.warns(StoreWarning) as told:
        simsuite.compare(named(NEW, "shop.toml"), named(OLD, "other.toml"), replications=2, folder="kept", seed=7)
    assert "keep the old code" not in " ".join(str(each.message) for each in told)


def test_values_of_a_renamed_entry_stand_beside_those_it_had(named):
    old, kept = named(OLD, "old.toml"), named(KEPT, "kept.toml")
    assert what_differs(old, ["old", "kept"], {"old": old, "kept": kept}) == []


def test_titles_are_found_by_code(named):
    titles = labels_of(named(KEPT))
    assert (titles.segment("amateurs"), titles.channel("corner")) == ("Zealots", "Kiosk")


def test_a_code_is_not_inherited_from_an_entry_of_another_name(write):
    text = 'extends = "retail_world"\n[strategies.isolated]\n[channels.store]\ncode = "old_store"\n[channels.kiosk]\nextends = "store"\n'
    assert load(write(text)).spec.channels["kiosk"].code == ""


@pytest.mark.parametrize(
    "lines, words",
    [
        ('[channels.app]\ncode = "store"\n', "is that of [channels.store] already"),
        ('[segments.loyal]\ncode = "regular"\n', "is that of [segments.regular] already"),
        ('[categories.fashion]\ncode = "Not A Code"\n', "cannot be a code"),
        ('[segments.loyal]\ncode = "all"\n', "cannot be a code"),
        ('[channels.store]\ncode = "region"\n', '"region" cannot be the code of a channel: stock_pool = "region" says'),
    ],
)
def test_a_code_that_cannot_be_is_refused_with_its_place(refused, lines, words):
    message = refused(lines)
    assert words in message and message.startswith("x.toml:5:8: ") and message.count("x.toml:") == 1


def test_two_may_change_codes(write):
    text = 'extends = "retail_world"\n[strategies.isolated]\n[channels.app]\ncode = "store"\n[channels.store]\ncode = "app"\n'
    assert load(write(text)).spec.channels["app"].code == "store"


def test_a_code_alike_of_two_is_refused_wherever_it_stands(write):
    text = 'extends = "retail_world"\n[strategies.isolated]\n[channels.app]\ncode = "x"\n[channels.store]\ncode = "x"\n'
    with pytest.raises(ScenarioError, match="already"):
        load(write(text))


def test_a_segment_of_the_parent_is_renamed_and_the_old_name_without_a_share_gives_way(write):
    head = 'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n[population]\ncustomers = 200\n'
    new = '[population.segments]\nloyal = 0\nregulars = 0.2\n[segments.regulars]\nextends = "loyal"\n'
    old, kept, lost = (
        load(write(head + more, f"f{at}.toml")) for at, more in enumerate(("", new + 'code = "loyal"\n', new))
    )
    old_run, kept_run, lost_run = (simsuite.run(each.with_overrides(SHORT)).digest() for each in (old, kept, lost))
    assert kept_run == old_run != lost_run
    assert renamed([old, kept]) == "" and 'code = "loyal" in [segments.regulars]' in renamed([old, lost])
    assert people_digest(kept.spec) == people_digest(old.spec) != people_digest(lost.spec)


def test_a_channel_of_the_parent_is_renamed(write):
    head = 'extends = "retail_world"\n[strategies.isolated]\n[strategies.integrated]\n'
    new = '[channels.phone]\npresent = false\n[channels.hotline]\nextends = "phone"\ncode = "phone"\n'
    old, kept = load(write(head)), load(write(head + new, "y.toml"))
    runs = [simsuite.run(each.with_overrides({**SHORT, "population.customers": 200})) for each in (old, kept)]
    assert runs[0].digest() == runs[1].digest() and runs[0].channel_names == runs[1].channel_names
