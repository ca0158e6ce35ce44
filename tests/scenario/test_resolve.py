"""Parents, the catalog and options: what a scenario takes from elsewhere, and from where it may."""

import os

import pytest

from simsuite.errors import ScenarioError, UsageError
from simsuite.scenario.loading import load, parse_overrides
from simsuite.scenario.origin import Given

# catalog/channels/store.toml says trip = "30 min"; catalog/strategies/integrated.toml says
# identity coverage 0.80, delay 1 day; catalog/worlds/retail_world.toml has seven channels


def test_what_a_file_does_not_say_comes_from_its_parent_and_the_catalog(world):
    spec = world('[channels.store]\nservice = "4 min"\n').spec
    assert spec.channels["store"].service == 4.0
    assert spec.channels["store"].trip == 30.0
    assert set(spec.channels) == {
        "store",
        "desktop_web",
        "mobile_web",
        "app",
        "social",
        "marketplace",
        "phone",
    }


def test_an_empty_table_takes_all_from_the_catalog(world):
    assert world().spec.strategies["integrated"].flows.identity.coverage == 0.80


def test_a_parent_file_in_the_same_folder_is_merged_deeply(write):
    write(
        'extends = "retail_world"\n[strategies.isolated]\n[experiment]\nseed = 7\nreplications = 30\n',
        "parent.toml",
    )
    spec = load(write('extends = "parent.toml"\n[experiment]\nseed = 8\n')).spec
    assert (spec.experiment.seed, spec.experiment.replications) == (8, 30)


def test_present_false_removes_a_channel(world):
    assert "phone" not in world("[channels.phone]\npresent = false\n").spec.channels


def test_a_removed_channel_can_come_back_in_a_child(write):
    write(
        'extends = "retail_world"\n[strategies.isolated]\n[channels.phone]\npresent = false\n',
        "p.toml",
    )
    spec = load(write('extends = "p.toml"\n[channels.phone]\npresent = true\n')).spec
    assert spec.channels["phone"].service == 6.0  # catalog/channels/phone.toml


def test_a_strategy_of_the_catalog_forgets_a_channel_that_is_removed(world):
    spec = world("[strategies.cross_channel]\n[channels.phone]\npresent = false\n").spec
    assert spec.strategies["cross_channel"].flows.cart.channels == (
        "desktop_web",
        "mobile_web",
        "app",
    )


def test_a_strategy_extends_another_of_the_same_file(world):
    spec = world(
        "[strategies.integrated.flows.stock]\nerror = 0.2\n"
        '[strategies.half]\nextends = "integrated"\n'
        'flows.identity = { coverage = "50 %" }\n'
    ).spec
    half = spec.strategies["half"].flows
    assert half.identity.coverage == 0.5
    assert half.identity.delay == 1.0  # catalog
    assert half.stock.error == 0.2  # this file


def test_a_strategy_extends_one_that_only_the_catalog_has(world):
    spec = world('[strategies.mine]\nextends = "integrated_ideal"\n').spec
    assert spec.strategies["mine"].flows.profile.coverage == 1.0
    assert "integrated_ideal" not in spec.strategies


def test_a_new_channel_is_like_the_one_that_it_extends_even_if_that_is_removed(world):
    spec = world('[channels.kiosk]\nextends = "store"\ntrip = "5 min"\n[channels.store]\npresent = false\n').spec
    assert "store" not in spec.channels
    assert (spec.channels["kiosk"].trip, spec.channels["kiosk"].inspection) == (5.0, 1.0)


@pytest.mark.filterwarnings("ignore:.*is the same as the reference")
def test_extends_nothing_keeps_the_catalog_out(world):
    spec = world('[strategies.integrated_ideal]\nextends = ""\n').spec
    assert spec.strategies["integrated_ideal"].flows.profile.coverage == 0.0


def test_a_new_channel_that_is_not_complete_is_told_all_that_it_lacks_at_once(refused):
    message = refused("[channels.kiosk]\nbreadth = 0.5\n")
    assert message.startswith("x.toml:4:11: [channels.kiosk] is no channel of the catalog")
    assert "information" in message and "surcharge" in message and "extends" in message
    assert "breadth" not in message


def test_a_missing_parent_suggests_the_one_that_was_meant(refused_text):
    message = refused_text('title = "x"\nextends = "retail_wold"\n')
    assert message.startswith("x.toml:2:11: ")
    assert "Did you mean 'retail_world'?" in message


def test_a_parent_in_the_folder_is_known_without_its_ending_and_suggested_where_it_is_misspelt(write, refused_text):
    write('question = "mine?"\nextends = "retail_world"\n[strategies.isolated]\n', "my_world.toml")
    found = load(write('extends = "my_world"\n'))
    assert (found.spec.question, str(found.origins["question"])) == ("mine?", "my_world.toml:1")
    assert "Did you mean 'my_world.toml'?" in refused_text('extends = "my_wold"\n')


def test_a_parent_that_comes_with_simsuite_is_known_by_its_name_and_the_origins_say_so(write):
    found = load(write('extends = "flagship_retailer"\n[population]\ncustomers = 4000\n'))
    parent = load("flagship_retailer")
    assert found.spec == parent.spec.model_copy(update={"population": found.spec.population})
    assert str(found.origins["question"]).startswith("simsuite/scenarios/flagship_retailer.toml:")
    assert str(found.origins["population.customers"]) == "x.toml:3"


def test_a_file_in_the_folder_goes_before_one_that_comes_with_simsuite_and_the_catalog_before_both(write):
    write('question = "mine?"\nextends = "retail_world"\n[strategies.isolated]\n', "flagship_retailer.toml")
    write('question = "mine too?"\n', "retail_world.toml")
    assert load(write('extends = "flagship_retailer"\n')).spec.question == "mine?"


def test_a_file_may_extend_the_one_of_its_own_name_that_comes_with_simsuite(write):
    found = load(write('extends = "flagship_retailer"\nquestion = "mine?"\n', "flagship_retailer.toml"))
    assert found.spec.question == "mine?" and "integrated" in found.spec.strategies


def test_scenarios_that_come_with_simsuite_and_extend_each_other_are_refused(
    tmp_path, write, refused_text, monkeypatch
):
    monkeypatch.setattr("simsuite.scenario.library.PACKAGED", tmp_path / "packaged")
    write('extends = "second"\n', "packaged/first.toml")
    write('extends = "first"\n', "packaged/second.toml")
    assert "packaged/first.toml -> packaged/second.toml -> packaged/first.toml" in refused_text('extends = "first"\n')
    write('extends = "alone"\n', "packaged/alone.toml")
    assert "extend each other in a circle" in refused_text('extends = "alone"\n')


def test_a_link_of_a_plain_name_out_of_the_folder_is_refused(folder, refused_text):
    (folder.parent / "outside.toml").write_text("title = 'secret'")
    os.symlink(folder.parent / "outside.toml", folder / "link.toml")
    assert "outside of the folder" in refused_text('extends = "link"\n')


def test_files_that_extend_each_other_are_refused_with_the_chain(write, refused_text):
    write('extends = "x.toml"\n', "b.toml")
    assert "x.toml -> b.toml -> x.toml" in refused_text('extends = "b.toml"\n')


def test_a_file_that_extends_itself_is_refused(refused_text):
    assert "x.toml -> x.toml" in refused_text('extends = "x.toml"\n')


def test_strategies_that_extend_each_other_are_refused_with_the_chain(refused):
    message = refused('[strategies.a]\nextends = "b"\n[strategies.b]\nextends = "a"\n')
    assert "a -> b -> a" in message and message.startswith("x.toml:7:11")


def test_a_long_chain_of_strategies_is_refused(refused):
    lines = "".join(f'[strategies.s{i}]\nextends = "s{i + 1}"\n' for i in range(40))
    assert "more than 16 steps" in refused(lines)


def test_an_unknown_parent_of_a_strategy_suggests_the_one_that_was_meant(refused):
    message = refused('[strategies.half]\nextends = "integratd"\n')
    assert message.startswith('x.toml:5:11: [strategies.half] extends "integratd"')
    assert "Did you mean 'integrated'?" in message


@pytest.mark.parametrize(
    "extends",
    [
        "../secret.toml",
        "/etc/secret.toml",
        "sub/../../secret.toml",
        "..\\\\secret.toml",
        "C:/secret.toml",
        "~/../secret.toml",
    ],
)
def test_a_parent_outside_of_the_folder_is_refused(folder, refused_text, extends):
    (folder.parent / "secret.toml").write_text("title = 'secret'")
    message = refused_text(f'extends = "{extends}"\n')
    assert "outside of the folder" in message and "'secret'" not in message


def test_a_symbolic_link_out_of_the_folder_is_refused(folder, refused_text):
    (folder.parent / "outside.toml").write_text("title = 'secret'")
    os.symlink(folder.parent / "outside.toml", folder / "link.toml")
    assert "outside of the folder" in refused_text('extends = "link.toml"\n')


@pytest.mark.parametrize(
    "extends",
    ["../worlds/retail_world", "worlds/retail_world", "", "a b", ".", "a" * 300, "../flagship_retailer"],
)
def test_a_name_of_the_catalog_is_a_plain_name(refused_text, extends):
    assert "no such scenario in the catalog" in refused_text(f'extends = "{extends}"\n')


@pytest.mark.parametrize(
    "line", ["extends = 5", "extends = ['a', 'b']", "[extends]\na = 1", 'extends = "a\\u0000.toml"']
)
def test_extends_is_one_name(refused_text, line):
    assert "extends" in refused_text(line)


def test_nothing_in_a_file_is_expanded(world, monkeypatch):
    monkeypatch.setenv("SECRET", "42")
    title = "$SECRET ${SECRET} ~ $(id) {title} %(SECRET)s"
    assert world(f'[channels.store]\ntitle = "{title}"\n').spec.channels["store"].title == title


def test_an_option_goes_on_top_of_everything(world):
    scenario = world(
        overrides={
            "channels.store.trip": "45 min",
            "experiment.seed": "9",
            "strategies.integrated.flows.cart": "{ coverage = 0.5 }",
            "channels.phone.present": "false",
            "title": "a bare word",
        }
    )
    spec = scenario.spec
    assert spec.channels["store"].trip == 45.0
    assert spec.experiment.seed == 9
    cart = spec.strategies["integrated"].flows.cart
    assert (cart.coverage, cart.error) == (0.5, 0.05)  # error: catalog
    assert "phone" not in spec.channels
    assert spec.title == "a bare word"
    assert str(scenario.origins["channels.store.trip"]) == "--set channels.store.trip=45 min"


def test_an_option_may_be_a_value_instead_of_text(world):
    spec = world(overrides={"population.customers": 500, "channels.store.opens": ["noon"]}).spec
    assert (spec.population.customers, spec.channels["store"].opens) == (500, ("noon",))


@pytest.mark.parametrize(
    "overrides, named",
    [
        (parse_overrides(["population.customers=-5"]), "--set population.customers=-5"),
        (
            {"population.customers": Given(-5, "--over population.customers, value -5")},
            "--over population.customers, value -5",
        ),
        ({"population.customers": -5}, 'overrides={"population.customers": -5}'),
    ],
)
def test_an_error_of_an_option_names_what_was_said(refused, overrides, named):
    message = refused("", overrides=overrides)
    assert message == (f"{named}: [population] customers = -5 must be a whole number from 1 to 50,000,000.")


def test_an_unknown_path_of_an_option_names_the_option(refused):
    message = refused("", overrides=parse_overrides(["population.customer=5"]))
    assert message.startswith("--set population.customer=5: ") and "'customers'" in message


def test_an_option_cannot_smuggle_in_other_keys(world):
    assert world(overrides={"story": '"a"\nquestion = "b"'}).spec.question == ""


@pytest.mark.parametrize("value", ["[" * 100_000, "{a = " * 100_000, "9" * 100_000])
def test_an_option_that_is_a_bomb_is_only_text(refused, value):
    assert "[population] customers" in refused("", overrides={"population.customers": value})


@pytest.mark.parametrize("path", ["", "a..b", ".a", "a.", ".".join("a" * 100_000)])
def test_an_option_needs_a_path(refused, path):
    assert "by its path" in refused("", overrides={path: "1"})


@pytest.mark.parametrize("path, value", [("title", "\udcff"), ("ti\udcfftle", "x")])
def test_an_option_that_is_not_utf_8_is_refused(refused, path, value):
    assert "not UTF-8 text" in refused("", overrides={path: value})


def test_options_of_the_command_line_are_split_at_the_first_sign():
    assert parse_overrides(["a.b=1", "c = x=y"]) == {"a.b": Given("1", "--set a.b=1"), "c": Given("x=y", "--set c=x=y")}
    with pytest.raises(UsageError, match="path=value"):
        parse_overrides(["nothing"])


def test_an_error_in_a_parent_names_the_line_of_the_parent(write, refused_text):
    write(
        'extends = "retail_world"\n[strategies.isolated]\n\n[population]\ncustomers = -5\n',
        "p.toml",
    )
    assert refused_text('extends = "p.toml"\n').startswith("p.toml:5:13: [population] customers = -5")


def test_a_scenario_is_found_by_name_in_the_folder_scenarios(write):
    write('title = "mine"\nextends = "retail_world"\n[strategies.isolated]\n', "scenarios/mine.toml")
    assert load("mine").spec.title == "mine"


def test_a_missing_scenario_suggests_one_that_exists(write):
    write('extends = "retail_world"', "scenarios/flagship_retailer.toml")
    with pytest.raises(ScenarioError, match="Did you mean 'flagship_retailer'"):
        load("flagship_retailr")
    with pytest.raises(ScenarioError, match="Did you mean 'scenarios/flagship_retailer.toml'"):
        load("scenarios/flagshp_retailer.toml")


def test_a_missing_scenario_that_resembles_nothing_lists_what_there_is():
    with pytest.raises(ScenarioError, match="retail_world"):
        load("zzzzzz")


def test_a_folder_is_no_scenario(folder):
    (folder / "sub").mkdir()
    with pytest.raises(ScenarioError, match="folder"):
        load("sub")


def test_a_flow_of_the_catalog_none_of_whose_channels_is_here_is_off_and_written_so(world, tmp_path):
    gone = "".join(f"[channels.{name}]\npresent = false\n" for name in ("desktop_web", "mobile_web", "app", "phone"))
    scenario = world("[strategies.cross_channel]\n" + gone)
    flow = scenario.spec.strategies["cross_channel"].flows.identity
    assert (flow.coverage, flow.channels) == (0.0, None)
    (tmp_path / "written.toml").write_text(scenario.text)
    assert load(tmp_path / "written.toml").digest == scenario.digest


DIGITAL_IS_GONE = "".join(
    f"[channels.{name}]\npresent = false\n" for name in ("desktop_web", "mobile_web", "app", "phone")
)


def test_an_own_coverage_of_channels_that_are_not_here_is_refused_where_it_was_said(refused):
    message = refused("[strategies.cross_channel.flows.identity]\ncoverage = 0.7\n" + DIGITAL_IS_GONE)
    assert message.startswith("x.toml:5:12: [strategies.cross_channel.flows.identity] coverage = 0.7 links nothing")
    assert "none of the channels that catalog/strategies/cross_channel.toml names" in message
    assert "set coverage = 0." in message and message.count("links nothing") == 1


@pytest.mark.parametrize(
    "said", ["coverage = 0", 'coverage = 0.7\nchannels = ["store", "social"]', "coverage = 0\nchannels = []"]
)
def test_what_the_refusal_of_such_a_coverage_proposes_is_accepted(world, said):
    lines = f"[strategies.cross_channel.flows.identity]\n{said}\n"
    flow = world(lines + DIGITAL_IS_GONE).spec.strategies["cross_channel"].flows.identity
    assert flow.coverage == (0.7 if "0.7" in said else 0)


def test_an_empty_list_of_a_flow_that_is_off_is_no_mistake(world):
    lines = "[strategies.integrated.flows.identity]\ncoverage = 0\nregions = []\nchannels = []\n"
    scenario = world(lines)
    assert scenario.spec.strategies["integrated"].flows.identity.channels == ()
    assert scenario.warnings == ()


@pytest.mark.parametrize(
    "lines, remedy",
    [
        ("replications = 5\n", "a scenario has no parameter 'replications'. It belongs in [experiment]."),
        ("need_rate = 5\n", "It belongs in [segments.NAME]."),
        ("[population]\nneed_rate = 5\n", "It belongs in [segments.NAME]."),
        ("[segments.regular]\ntaste = 1\n", "Did you mean 'tastes'?"),
        ("[channels.app]\nprice = 1\n", "Did you mean 'price_level'?"),
        ('[strategies.mine]\nextend = "isolated"\n', "Did you mean 'extends'?"),
        ("[strategies.mine]\nsomething = 3\n", "It has: title, flows, authority, capabilities, announcement, extends."),
    ],
)
def test_a_name_that_stands_elsewhere_is_sent_there_and_extends_is_a_name_as_well(refused_text, lines, remedy):
    assert remedy in refused_text(lines)
