"""What no single value shows: every check of meaning refuses its case and passes the next one."""

import pytest

from simsuite.scenario import checks

FLOWS = "[strategies.isolated.flows]\n"
ALL = "regular = 0.5, loyal = 0.2, deal_seeker = 0.25, newcomer = "


@pytest.mark.parametrize(
    "lines, place, words",
    [
        ("[channels.app]\nreach_share = 0.0\n", "5:15", "nobody can reach this channel"),
        (f"[population]\nsegments = {{ {ALL}0.15 }}\n", "5:12", "sum to 1.1 and must sum to 1"),
        (f"[population]\nsegments = {{ {ALL}0.05, loyl = 0 }}\n", "5:79", "Did you mean 'loyal'?"),
        (
            "[population.segments]\nregular = 1.5\nloyal = -0.8\n",
            "5:11",
            "must be a share from 0 to 1",
        ),
        ("[categories.fashion]\nneed_share = 0.5\n", "4:2", "sum to 1.1 and must sum to 1"),
        (
            "[parameters.stock]\ngo_to_competitor = 0.9\n",
            "5:20",
            "go_to_competitor + give_up + come_back = 1.14",
        ),
        (
            "[parameters.needs]\nbrowse_share = 0.7\n",
            "5:16",
            "browse_share + consider_share = 1.05",
        ),
        (
            '[clock]\nnoon = "6 h"\n',
            "5:8",
            "noon begins at minute 360 and must begin after morning, minute 420",
        ),
        (
            FLOWS + 'stock.channels = ["app", "stor"]\n',
            "5:26",
            "Did you mean 'store'?",
        ),
        (
            FLOWS + 'stock.channels = ["app", "phone"]\n[channels.phone]\npresent = false\n',
            "5:26",
            '"phone" is no channel of this scenario',
        ),
        (
            FLOWS + 'stock.channels = ["marketplace"]\n',
            "5:19",
            "shares no data",
        ),
        (FLOWS + "stock = { coverage = 0.5, channels = [] }\n", "5:38", "links nothing"),
        (FLOWS + 'stock.channels = ["app", "store", "app"]\n', "5:35", '"app" stands in this list twice'),
        (FLOWS + "stock = { coverage = 0.5, regions = [] }\n", "5:37", "regions = [] links nothing"),
        (FLOWS + "stock.regions = [1, 0, 1]\n", "5:24", "region 1 stands in this list twice"),
        (FLOWS + "stock.regions = [0, 10]\n", "5:21", "make regions 0 to 9"),
        (FLOWS + "stock.regions = [1]\n[population]\ncustomers = 1\n", "5:18", "1 customer makes region 0 alone"),
        (
            FLOWS + 'cart = { coverage = 0.5, delay = "2 days" }\n[experiment]\nhorizon = 2\n',
            "5:34",
            "delay = 2 days, but the horizon is 2 days",
        ),
        (
            FLOWS + 'cart = { coverage = 0.5, delay = "1 day" }\n[experiment]\nhorizon = 1\n',
            "5:34",
            "delay = 1 day, but the horizon is 1 day:",
        ),
        ('[experiment]\nreference = "isolatd"\n', "5:13", "Did you mean 'isolated'?"),
        ("[experiment]\nreplications = 1\n", "5:16", "an interval needs 2 or more paired runs"),
        ("[check.stor]\norder_value = 5\n", "4:8", "Did you mean 'store'?"),
        ("[segments.loyal.tastes]\nap = 1\n", "5:1", "Did you mean 'app'?"),
        (
            '[channels.region]\nextends = "store"\n',
            "4:11",
            '[channels] "region" cannot be the name of a channel: stock_pool = "region" says',
        ),
        ('[channels."Kiosk 1"]\nextends = "store"\n', "4:11", '"Kiosk 1" cannot be a name'),
    ],
)
def test_a_scenario_without_meaning_is_refused_with_its_line(refused, lines, place, words):
    message = refused(lines)
    assert message.startswith(f"x.toml:{place}: ")
    assert words in message


@pytest.mark.parametrize(
    "lines",
    [
        "[channels.app]\nreach_share = 0.01\n",
        "[population.segments]\nregular = 0.7\nloyal = 0\n",
        "[categories.fashion]\nneed_share = 0.5\n[categories.everyday]\nneed_share = 0.3\n",
        "[parameters.stock]\ngo_to_competitor = 0.76\n",
        FLOWS + 'stock.coverage = 0.5\nstock.channels = ["app", "store"]\nstock.regions = [0, 9]\n',
        FLOWS + 'cart = { coverage = 0.5, delay = "2 days" }\n[experiment]\nhorizon = 3\n',
        FLOWS + 'cart = { coverage = 0, delay = "60 days" }\n[experiment]\nhorizon = 3\n',
        "[check.store]\norder_value = 5\n",
        "[segments.loyal.tastes]\napp = 1\n",
    ],
)
def test_its_neighbor_with_meaning_is_accepted(world, lines):
    assert world(lines).spec.strategies


def test_shares_written_with_few_digits_are_close_enough(world):
    thirds = "regular = 0.3333333\nloyal = 0.3333333\ndeal_seeker = 0.3333333\nnewcomer = 0\n"
    assert world("[population.segments]\n" + thirds).spec.population.segments["loyal"] == 0.3333333


def test_all_checks_speak_at_once_in_the_order_of_the_file(refused):
    message = refused('[channels.app]\nreach_share = 0\n[experiment]\nreference = "x"\n')
    assert [line.split(":")[1] for line in message.split("\n") if line.startswith("x.toml")] == [
        "5",
        "7",
    ]


def test_memory_that_the_machine_does_not_have_is_refused_with_what_fits(refused, monkeypatch):
    monkeypatch.setattr(checks, "machine_memory", lambda: 8_000_000_000)
    message = refused(
        "[population]\ncustomers = 10_000_000\n",
        memory_needed=lambda spec: spec.population.customers * 1600,
    )
    assert message.startswith("x.toml:5:13: [population] customers = 10,000,000 need 16.0 GB")
    assert "this machine has 8.0 GB. About 5,000,000 fit." in message


def test_the_customers_that_are_said_to_fit_do_beside_what_is_needed_without_any(refused, world, monkeypatch):
    """Of 8.0 GB, 1 GB whoever comes: 7 GB hold 4,375,000 customers of 1,600 bytes, in three digits 4,370,000."""
    monkeypatch.setattr(checks, "machine_memory", lambda: 8_000_000_000)
    needed = {"memory_needed": lambda spec: 1_000_000_000 + spec.population.customers * 1600}
    assert "About 4,370,000 fit." in refused("[population]\ncustomers = 10_000_000\n", **needed)
    assert world("[population]\ncustomers = 4_370_000\n", **needed).spec


def test_memory_that_is_there_is_no_problem(world, monkeypatch):
    monkeypatch.setattr(checks, "machine_memory", lambda: 8_000_000_000)
    assert world(memory_needed=lambda spec: 8_000_000_000).spec


def test_a_system_that_does_not_tell_its_memory_stops_nobody(world, monkeypatch):
    monkeypatch.setattr(checks, "machine_memory", lambda: None)
    assert world(memory_needed=lambda spec: 10**18).spec


@pytest.mark.parametrize(("limit", "memory"), [("3000000000\n", 3_000_000_000), ("max\n", None), (None, None)])
def test_a_container_may_not_use_all_memory_of_the_machine(tmp_path, monkeypatch, limit, memory):
    if limit is not None:
        (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(checks, "CONTAINER_LIMITS", (tmp_path / "memory.max",))
    monkeypatch.setattr("os.sysconf", lambda name: {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2_000_000}[name])
    assert checks.machine_memory() == (memory or 8_192_000_000)
