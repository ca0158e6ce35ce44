"""The command sweep: its curve, how it goes on, and what cannot be varied."""

import json

import pandas as pd
import pytest
from commands import SMALL, TINY, inside, simsuite, write_scenario

from simsuite.cli.sweep import _path_and_values, beside, label, name_at, not_reached, override, plan_sweep
from simsuite.errors import ScenarioWarning, StoreWarning, UsageError
from simsuite.experiment.journal import Journal
from simsuite.experiment.statistics import CANNOT_TELL
from simsuite.report.said.certainty import without_range
from simsuite.scenario import load


def test_a_sweep_has_a_row_for_every_value_and_measure(tmp_path):
    done = simsuite(
        "sweep",
        "retail_question.toml",
        "--over",
        "flows.cart.coverage=0:1:0.5",
        "--replications",
        "2",
        *SMALL,
        folder=write_scenario(tmp_path),
    )
    said = " ".join(done.stdout.split())
    assert "Fewer than 3 runs do not tell how far luck reaches." in said
    assert "Monte Carlo only" in said and "A change matters from: orders per 100 needs 0.1," in said
    assert "Margin per customer (EUR)" in done.stdout and "money" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "/curve." not in line) <= 80
    curve = pd.read_csv(next(tmp_path.glob("results/*/curve.csv")))
    assert sorted(set(curve["at"])) == [0.0, 0.5, 1.0]
    assert (curve.groupby("measure").size() == 3).all()
    heads = [
        f"{title} (EUR)" if unit == "money" else title
        for title, unit in zip(curve["title"], curve["unit"], strict=True)
    ]
    lines, place = {}, ""
    for line in done.stdout.splitlines():
        if line in heads:
            lines[line] = own = {}
        elif lines and line.lstrip().startswith("(run about"):
            own[place] += line  # the rest of a long verdict
        elif lines and line.startswith("  "):
            place = line.split()[0]
            own[place] = line
        elif lines:
            break
    assert {head: set(own) for head, own in lines.items()} == dict.fromkeys(heads, {"0", "0.5", "1"})
    for head, row in zip(heads, curve.itertuples(), strict=True):
        line = lines[head][f"{row.at:g}"]
        assert ("(run about " in line.partition(row.verdict)[2]) == (not pd.isna(row.run_more)) and float(
            line.split()[1]
        ) == pytest.approx(row.change, abs=0.051)
    assert next(tmp_path.glob("results/*/curve.svg")).read_text().startswith("<?xml")


def test_a_sweep_is_resumed_from_anywhere_and_its_folder_says_how_it_came_about(tmp_path, monkeypatch):
    """Also where another strategy extends the varied one, and so varies with it."""
    write_scenario(tmp_path)
    file = tmp_path / "retail_question.toml"
    file.write_text(file.read_text() + '[strategies.half]\nextends = "integrated"\nflows.stock.coverage = 0.4\n')
    monkeypatch.chdir(tmp_path)
    words = [
        "sweep",
        "retail_question.toml",
        "--over",
        "flows.cart.coverage=0:0.5:0.5",
        "--replications",
        "2",
        *TINY,
        "--without",
        "stock",
        "--results",
        "swept",
    ]
    first = inside(*words)
    about = json.loads((tmp_path / "swept" / "manifest.json").read_text())
    assert about["strategies"] == ["isolated", "= 0", "= 0.5"] and about["replications"] == [0, 1]
    resolved = {path.name: path.read_text() for path in (tmp_path / "swept" / "resolved").iterdir()}
    assert set(resolved) == {f"retail_question{value}.toml" for value in ("", "_0", "_0.5")}
    assert "; --set strategies.integrated.flows.cart.coverage=0.5\n" in resolved["retail_question_0.5.toml"]

    file.unlink()
    folder = (tmp_path / "swept").rename(tmp_path / "moved")
    (folder / "manifest.json").unlink()
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    assert inside("resume", "../moved") == first.replace("swept", "../moved")
    again = json.loads((folder / "manifest.json").read_text())
    assert (again["identity"], again["content_digest"]) == (about["identity"], about["content_digest"])
    assert resolved == {path.name: path.read_text() for path in (folder / "resolved").iterdir()}
    (folder / "curve.csv").unlink()
    assert inside("report", "../moved") == first.replace("swept", "../moved") and (folder / "curve.csv").is_file()
    told = json.loads(inside("report", "../moved", "--json"))
    assert told == json.loads(inside("resume", "../moved", "--json")) and told["values"] == [0.0, 0.5]


def test_an_interrupted_sweep_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["sweep", "retail_question.toml", "--over", "parameters.choice.inertia=0:1:0.5", *TINY]
    whole = inside(*words, "--replications", "3", "--results", "whole")
    inside(*words, "--replications", "2", "--results", "part")
    journal = Journal.read(tmp_path / "part")  # and a command cut short before its first replication
    journal.append({"kind": "about", "about": {"command": {**journal.about["command"], "replications": 3}}})
    assert inside("resume", "part") == whole.replace("whole", "part")
    for name in ("curve.csv", "curve.svg"):
        assert (tmp_path / "part" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_what_a_file_calls_otherwise_than_before_is_said_once_for_all_values_of_a_sweep(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    file = tmp_path / "retail_question.toml"
    text = file.read_text()
    words = ["sweep", file.name, "--over", "flows.cart.coverage=0:1:0.5", "--replications", "2", *TINY]
    file.write_text(text + '[channels.kiosk]\nextends = "store"\n')
    inside(*words, "--results", "swept")
    file.write_text(text + '[channels.booth]\nextends = "store"\n')
    with pytest.warns(StoreWarning) as told:
        inside(*words, "--results", "swept")
    said = " ".join(str(each.message) for each in told if issubclass(each.category, StoreWarning))
    assert said.count("let it keep the old code") == 1
    assert "retail_question has the channels booth where the scenario that the folder held has kiosk" in said


def test_a_sweep_of_what_is_switched_off_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    with pytest.raises(UsageError, match="--without giving_up holds"):
        inside(
            "sweep",
            "retail_question.toml",
            "--over",
            "parameters.giving_up.competitor=0.1:0.2:0.1",
            "--without",
            "giving_up",
        )


@pytest.mark.parametrize(
    "over",
    [
        "experiment.replications=2:4:1",
        "experiment.level=0.8:0.9:0.1",
        "check.app.order_value=10:20:10",
        "strategies.isolated.authority.price_level=-0.1:0.1:0.1",  # nobody decides for all there
        "strategies.isolated.flows.cart.error=0:0.4:0.2",  # no record is connected there
        "strategies.isolated.flows.stock.delay=0:4:2",
        "strategies.isolated.announcement.strength=0:4:2",  # nobody is told
        "strategies.isolated.announcement.reach=0:1:0.5",  # whoever is told is not moved
    ],
)
def test_a_sweep_of_what_is_no_part_of_the_world_is_refused(tmp_path, monkeypatch, over):
    monkeypatch.chdir(write_scenario(tmp_path))
    with pytest.raises(UsageError, match="change nothing that happens in a run"):
        inside("sweep", "retail_question.toml", "--over", over)
    assert not (tmp_path / "results").exists()


def test_a_sweep_of_a_flow_that_is_off_says_so_and_one_that_switches_it_on_is_drawn():
    base = load("flagship_retailer", {"population.customers": 200})

    def planned(over):
        return plan_sweep(base, lambda path, value: base.with_overrides({path: value}), over, None, 2)

    with pytest.raises(UsageError, match="The flow cart is off in isolated: coverage = 0"):
        planned("strategies.isolated.flows.cart.error=0:0.4:0.2")
    assert len(planned("strategies.isolated.flows.cart.coverage=0:0.4:0.2").values) == 3
    assert len(planned("strategies.integrated.flows.cart.error=0:0.4:0.2").values) == 3


@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
@pytest.mark.parametrize(
    "over, why",
    [
        ("channels.store.delivery=1:3:1", "delivery = 1.0 has no effect: nothing that is bought here is delivered"),
        ("population.customers_per_pool=20000:40000:10000", ""),
        ("strategies.isolated.authority.price_level=-0.1:0.1:0.1", "it is the level of one price for all"),
        ("strategies.isolated.announcement.level=0.2:0.8:0.2", "The announcement is off in isolated: reach = 0."),
        ("strategies.isolated.announcement.reach=0:1:0.5", "The announcement is off in isolated: strength = 0."),
    ],
)
def test_a_sweep_whose_values_all_start_the_same_runs_is_refused_and_says_why(over, why):
    base = load("flagship_retailer", {"population.customers": 200})
    with pytest.raises(UsageError, match="change nothing that happens in a run") as refused:
        plan_sweep(base, lambda path, value: base.with_overrides(override(path, value)), over, None, 2)
    assert why in str(refused.value)


@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
@pytest.mark.parametrize(
    "over", ["channels.app.delivery=1:3:1", "flows.price.delay=0:0.3:0.1", "population.customers_per_pool=100:300:100"]
)
def test_a_sweep_in_which_some_values_differ_is_planned(over):
    base = load("flagship_retailer", {"population.customers": 200, "population.customers_per_region": 100})
    assert plan_sweep(base, lambda path, value: base.with_overrides(override(path, value)), over, None, 2).experiment


def test_a_sweep_of_a_strategy_that_is_not_compared_is_refused_unless_a_compared_one_extends_it(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    file = tmp_path / "retail_question.toml"
    file.write_text(
        file.read_text()
        + '[strategies.half]\nextends = "integrated"\n[strategies.ideal]\nextends = "integrated_ideal"\n'
    )

    def planned(over, strategy):
        return plan_sweep(load(file.name), lambda path, value: load(file.name, {path: value}), over, strategy, 2)

    with pytest.raises(
        UsageError, match="change nothing that happens in a run of retail_question, which compares half with isolated"
    ):
        planned("strategies.ideal.flows.cart.coverage=0:1:0.5", "half")
    assert planned("strategies.integrated.flows.cart.coverage=0:1:0.5", "half").values == (0.0, 0.5, 1.0)


def test_values_of_a_sweep_that_differ_late_have_names_of_their_own():
    values = (1000000.0, 1000001.0, 0.123456789, 0.12345679)
    assert len({label(value) for value in values}) == len({name_at("shop", value) for value in values}) == 4
    assert label(0.1) == "= 0.1" and name_at("shop", 2.0) == "shop_2"


@pytest.mark.filterwarnings("ignore:.*is the same as the reference")
@pytest.mark.parametrize(
    "path", ["strategies.isolated.flows.cart.coverage", "strategies.integrated.flows.cart.coverage"]
)
def test_a_sweep_of_the_reference_varies_the_reference(path):
    """The arm beside a value is the reference with that value, also where it takes it over from another strategy."""
    base = load(
        "flagship_retailer",
        {
            "population.customers": 200,
            "strategies.taker.extends": "integrated",
            "experiment.reference": "taker" if "integrated" in path else "isolated",
        },
    )

    def at(path, value):
        return load("flagship_retailer", {**base_options(base), path: value})

    plan = plan_sweep(base, at, f"{path}=0:1:0.5", None, 2)
    assert plan.of_the_world and [arm.name for arm in plan.experiment.arms][:2] == [beside(0.0), label(0.0)]
    assert len({arm.world_digest for arm in plan.experiment.arms}) == 3


def base_options(scenario):
    return {
        "population.customers": 200,
        "strategies.taker.extends": "integrated",
        "experiment.reference": scenario.spec.experiment.reference,
    }


@pytest.mark.parametrize(
    "over, values, words",
    [
        ("0:1:0.3", (0.0, 0.3, 0.6, 0.9), "end at 0.9: steps of 0.3 from 0 do not reach 1. Steps of 0.25 do."),
        ("0:1:0.25", (0.0, 0.25, 0.5, 0.75, 1.0), ""),
        ("0:1:0.1", tuple(tenth / 10 for tenth in range(11)), ""),
        ("0.1:0.7:0.2", (0.1, 0.3, 0.5, 0.7), ""),
        ("0.2:0.9:0.4", (0.2, 0.6), "end at 0.6: steps of 0.4 from 0.2 do not reach 0.9. Steps of 0.35 do."),
        ("0.5:0.5:1", (0.5,), ""),
        ("0:0.5:2", (0.0,), "end at 0: steps of 2 from 0 do not reach 0.5. Steps of 0.5 do."),
    ],
)
@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
def test_values_that_do_not_reach_the_end_say_so_and_how_to_reach_it(over, values, words):
    base = load("flagship_retailer", {"population.customers": 200})
    path = "parameters.choice.inertia"
    at = lambda path, value: base.with_overrides({path: value})  # noqa: E731
    plan = plan_sweep(base, at, f"{path}={over}", None, 2)
    assert (
        plan.values == values and words in (note := not_reached(plan.over, plan.values)) and bool(note) == bool(words)
    )
    if words:
        step = note.split("Steps of ")[1].split()[0]
        start, stop, _ = over.split(":")
        assert not_reached(f"{path}={start}:{stop}:{step}", _path_and_values(f"{path}={start}:{stop}:{step}")[1]) == ""


@pytest.mark.filterwarnings("ignore::simsuite.errors.ScenarioWarning")
def test_a_sweep_over_delays_says_what_they_act_as_where_it_is_run_and_in_its_data(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_scenario(tmp_path))
    words = ["sweep", "retail_question.toml", "--over", "flows.price.delay=0:2:0.7", "--replications", "2", *TINY]
    said = " ".join(inside(*words).split())
    assert "Acts as: 0.7 days as 0, 1.4 days as 1 day." in said
    assert "The values end at 1.4: steps of 0.7 from 0 do not reach 2. Steps of 0.5 do." in said
    notes = json.loads(inside(*words, "--json"))["notes"]
    assert len(notes) == 2 and all(note in said for note in notes)


@pytest.mark.parametrize(
    "text",
    ["0:1:-", "--:1:1", ".:1:1", "0:nan:1", "0:1:1e400", "0:1e400:1", "", "0:1", "0,1:1:0,1", "0:1:0.5:1", "e:1:1"],
)
def test_a_range_of_what_is_no_number_is_refused_in_words(text):
    with pytest.raises(UsageError, match="write PATH=FROM:TO:STEP"):
        _path_and_values(f"flows.cart.coverage={text}")


@pytest.mark.parametrize("text", ["0:1:0", "0:1:-0.1", "0:1e9:1"])
def test_a_range_without_end_is_refused(text):
    with pytest.raises(UsageError, match="in at most 101 steps above zero"):
        _path_and_values(f"flows.cart.coverage={text}")


@pytest.mark.parametrize("text", ["1:0:0.5", "1:0:-0.5"])
def test_a_range_backwards_is_refused_with_its_ends(text):
    with pytest.raises(UsageError, match="FROM, 1, is above TO, 0"):
        _path_and_values(f"flows.cart.coverage={text}")


def test_a_sweep_of_luck_is_refused_since_replications_do_that(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenario(tmp_path))
    with pytest.raises(UsageError, match="another seed is other luck.*--replications"):
        inside("sweep", "retail_question.toml", "--over", "experiment.seed=1:3:1")


@pytest.mark.parametrize(
    "over, head, periods",
    [
        ("population.customers=1000:2000:1000", "1,000 to 2,000 customers, needs of", [1000, 2000]),
        (
            "experiment.horizon=10:20:10",
            "from needs of 10 days after a warm-up of 5, followed for 2 more, to needs of 20",
            [10, 20],
        ),
    ],
)
def test_a_sweep_over_customers_or_days_says_so_in_its_head_and_its_data(tmp_path, monkeypatch, over, head, periods):
    monkeypatch.chdir(write_scenario(tmp_path))
    days = ["--set", "experiment.warm_up=5", "--set", "experiment.cool_down=2"]
    days += ["--set", "experiment.horizon=10", "--set", "population.customers=500"]
    with pytest.warns(ScenarioWarning, match=f"--set {over.partition('=')[0]} acts on nothing: --over varies it."):
        said = inside("sweep", "retail_question.toml", "--over", over, *days, "--replications", "2")
    assert head in " ".join(said.split())
    assert ("Of what, for the needs of each period" in " ".join(said.split())) == ("horizon" in over)
    with pytest.warns(ScenarioWarning, match="acts on nothing"):
        found = json.loads(
            inside("sweep", "retail_question.toml", "--over", over, *days, "--replications", "2", "--json")
        )
    key = "customers" if "customers" in over else "horizon_days"
    assert found["period"] is None and [each[key] for each in found["periods"]] == periods


def test_what_is_said_of_some_values_of_a_sweep_names_them():
    rows = [("conversion", 0.0, 0.0), ("conversion", 1.0, 0.5), ("audit", 0.0, 0.0), ("audit", 1.0, 0.0)]
    table = pd.DataFrame(
        [
            {
                "title": title,
                "at": at,
                "change": change,
                "low": change or None,
                "verdict": "better" if change else CANNOT_TELL,
            }
            for title, at, change in rows
        ]
    ).assign(replications=5)
    table["low"] = table["low"].astype(float)
    assert without_range(table).startswith("Not one count apart in any run: conversion at 0 and audit. ")
