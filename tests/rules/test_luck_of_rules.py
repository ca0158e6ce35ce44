"""Luck: published vectors, the same numbers in both engines, never 0 or 1, no key shared by two
decisions.
"""

import ast
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Encounter, rules, thing

from simsuite.machine.compiled import compile_kernel
from simsuite.machine.marks import TWIN_MARK
from simsuite.machine.rulebook import link, replace, standard_rules
from simsuite.rules import draws_ahead
from simsuite.rules import luck as luck_module
from simsuite.vocabulary import Decision, Flow, Phase, Stated

WORDS = st.integers(0, 0xFFFFFFFF)
# Known answers of Philox4x32-10 as published with Random123 (Salmon, Moraes, Dror & Shaw 2011):
# counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The rules of luck and mathematics as machine code that Python can call."""
    wanted = (
        "philox",
        "uniform",
        "key_of",
        "draw4",
        "draw",
        "four_philox",
        "draw_ahead",
        "drawn4",
        "exp",
        "mantissa_and_exponent",
        "log",
        "logistic",
        "square_root",
        "clock",
        "normal",
    )
    functions = {name: standard_rules().functions[name] for name in wanted}
    folder = tmp_path_factory.mktemp("compiled")
    return link(
        functions,
        lambda name, function: getattr(function, TWIN_MARK, None) or compile_kernel(function, "book", folder),
    )


@pytest.mark.parametrize("counter, key, expected", KNOWN)
def test_philox_gives_the_published_numbers_interpreted(counter, key, expected):
    assert rules().philox(*key, *counter) == expected


@pytest.mark.parametrize("counter, key, expected", KNOWN)
def test_philox_gives_the_published_numbers_compiled(compiled, counter, key, expected):
    assert compiled["philox"](*key, *counter) == expected


def test_draws_are_the_same_bits_in_both_engines(compiled):
    from simsuite.engines.records import blank, fill
    from simsuite.rules.state import LUCK

    generator = np.random.default_rng(1)
    for key_0, key_1, replication, actor, occasion in generator.integers(0, 1 << 32, (1000, 5)).tolist():
        values = {"key_0": key_0, "key_1": key_1, "replication": replication}
        decision, item = int(generator.integers(1, 27)), 4 * int(generator.integers(0, 65536))
        record = fill(blank(LUCK, 1), values)[0]
        assert compiled["draw4"](record, actor, occasion, decision, item) == rules().draw4(
            thing("LUCK", **values), actor, occasion, decision, item
        )


def test_what_is_drawn_ahead_is_what_four_single_calls_give_in_both_engines(compiled):
    from simsuite.engines.records import blank, fill
    from simsuite.rules.state import LUCK, VISIT

    generator = np.random.default_rng(4)
    for key_0, key_1, replication, actor, *occasions in generator.integers(0, 1 << 32, (300, 8)).tolist():
        values = {"key_0": key_0, "key_1": key_1, "replication": replication}
        decisions = generator.integers(1, 27, 4).tolist()
        items = (4 * generator.integers(0, 65536, 4)).tolist()
        keys = tuple(map(rules().key_of, decisions, items))
        expected = [
            rules().draw4(thing("LUCK", **values), actor, *call)
            for call in zip(occasions, decisions, items, strict=True)
        ]
        luck, visit = fill(blank(LUCK, 1), values)[0], blank(VISIT, 1)[0]
        for book, lucky, words in (
            (compiled, luck, visit["bits"]),
            (vars(rules()), thing("LUCK", **values), [0] * 16),
        ):
            book["draw_ahead"](words, lucky, actor, tuple(occasions), keys)
            assert [book["drawn4"](words, call) for call in range(4)] == expected
            assert [rules().drawn(words, 3, place) for place in range(4)] == list(expected[3])


ASKED_FOR_AHEAD = [  # who draws ahead, call, occasion, decision, item
    ("draw_for_need", draws_ahead.KIND, 7, Decision.NEED_KIND, 0),
    ("draw_for_need", draws_ahead.SIZE, 7, Decision.NEED_SIZE, 0),
    ("draw_for_need", draws_ahead.CLOCK, 8, Decision.NEED_CLOCK, 0),
    ("draw_for_need", draws_ahead.CONSIDERED, 7, Decision.CONSIDER, 0),
    ("draw_for_choice", draws_ahead.CHOICE, 1234, Decision.CHOICE, 0),
    ("draw_for_choice", draws_ahead.CHOICE + 1, 1234, Decision.CHOICE, 4),
    ("draw_for_choice", draws_ahead.CHOICE + 2, 1234, Decision.CHOICE, 8),
    ("draw_for_choice", draws_ahead.ARRIVAL, 1234, Decision.ARRIVAL, 0),
    ("draw_for_visit", draws_ahead.IDENTITY, 1234, Decision.IDENTIFY, 0),
    ("draw_for_visit", draws_ahead.DELIVERY, 5, Decision.DELIVERY_CHOICE, 0),
    ("draw_for_visit", draws_ahead.EARLY_CLOCKS, 1234, Decision.RACE, Phase.SEARCH * 64),
    ("draw_for_visit", draws_ahead.LATE_CLOCKS, 1234, Decision.RACE, Phase.SEARCH * 64 + 16),
]


@pytest.mark.parametrize("drawing, call, occasion, decision, item", ASKED_FOR_AHEAD)
def test_every_call_drawn_ahead_is_the_one_that_its_name_says(drawing, call, occasion, decision, item):
    luck = thing("LUCK", key_0=11, replication=2)
    customer, words = thing("CUSTOMER", number=3, next_need=7), [0] * 16
    customer.journey.need = 5
    given = () if drawing == "draw_for_need" else (1234,)
    getattr(rules(), drawing)(customer, words, *given, luck)
    assert rules().drawn4(words, call) == rules().draw4(luck, 3, occasion, decision, item)


@pytest.mark.parametrize("number", range(40))
def test_a_visit_looks_at_its_own_draws(number):
    met = Encounter("integrated_ideal", parameters__orders__collect_probability=0.5)
    store, web = met.channel("store"), met.channel("desktop_web")
    met.world.channels[web].identification_rate = 0.5
    met.world.policy.everybody_known = False
    met.world.policy.collect_in_store = True
    met.customer.number = number
    visit = met.at("desktop_web", line__desk=-1)
    met.rules.make_visit(met.customer, met.relations, visit, met.world)
    luck, occasion = met.world.luck, met.rules.visit_occasion(met.journey)
    assert visit.identity.identified == (met.rules.draw(luck, number, occasion, Decision.IDENTIFY, 0) < 0.5)
    assert met.journey.stated_place == store
    collects = met.rules.draw(luck, number, met.journey.need, Decision.DELIVERY_CHOICE, 0) < 0.5
    assert visit.collects == (collects and met.journey.stated_stock == Stated.IN_STOCK)


@pytest.mark.parametrize("number", range(20))
def test_a_choice_and_a_need_look_at_their_own_draws(number):
    met = Encounter("integrated")
    customer, book, luck = met.customer, met.rules, met.world.luck
    customer.number, customer.next_need, customer.next_need_time = number, 7, 40.0
    visit = met.at("app")
    book.choose(customer, met.relations, visit, met.world)
    u = book.draw(luck, number, book.visit_occasion(met.journey), Decision.ARRIVAL, 0)
    now = met.world.now
    assert visit.minute == now.days_run * 1440 + now.begins + u * (now.ends - now.begins)
    book.shape_need(customer, visit, met.world)
    need, needs = visit.candidate, met.world.parameters.needs
    assert need.intent == book.intent_of_need(book.draw(luck, number, 7, Decision.NEED_KIND, 0), customer)
    u = book.draw(luck, number, 7, Decision.NEED_SIZE, 0)
    days = book.lapse_days(need.intent, met.world.categories[need.category].deliberation, u, needs)
    assert need.lapses == need.born + 1 + int(days * 4)
    book.await_next_need(customer, visit)
    assert customer.next_need_time == 40.0 + book.clock(
        book.draw(luck, number, 8, Decision.NEED_CLOCK, 0), customer.need_rate
    )


def fewer_rounds(key_0, key_1, counter_0, counter_1, counter_2, counter_3):
    return counter_3 ^ key_0, counter_2 ^ key_1, counter_1, counter_0


def test_a_replaced_generator_reaches_what_is_drawn_ahead(tmp_path):
    book = replace(philox=fewer_rounds)
    for name, kept in (("four_philox", False), ("mantissa_and_exponent", True)):
        function, usual = book.functions[name], standard_rules().twin_of(name, book.functions[name])
        assert usual is not None and book.twin_of(name, function) is (usual if kept else None)
    functions = {name: book.functions[name] for name in ("philox", "four_philox")}
    compiled = link(functions, lambda name, function: compile_kernel(function, "fewer_rounds", tmp_path))
    asked = (1, 2, 3, (4, 5, 6, 7), (8, 9, 10, 11), 12)
    numbers, words = np.zeros(16, "i8"), [0] * 16
    compiled["four_philox"](numbers, *asked)
    book.interpreted.four_philox(words, *asked)
    assert numbers.tolist() == words and len(set(words)) == 4 + 4 + 2


@pytest.mark.parametrize(
    "name, low, high",
    [
        ("exp", -720, 720),
        ("log", 1e-20, 50),
        ("log", 0, 1e-9),
        ("log", 1e9, 2e18),
        ("logistic", -60, 60),
        ("square_root", 0, 1e6),
        ("normal", 1e-10, 1),
    ],
)
def test_elementary_functions_are_the_same_bits_in_both_engines(compiled, name, low, high):
    for x in np.random.default_rng(2).uniform(low, high, 1000).tolist():
        assert compiled[name](x) == getattr(rules(), name)(x)


@pytest.mark.parametrize("power", range(-60, 61))
def test_the_logarithm_is_the_same_bits_where_the_mantissa_turns(compiled, power):
    for edge in (0.5**0.5, 2**0.5, 1.0):
        for x in (edge, np.nextafter(edge, 0.0), np.nextafter(edge, 2.0)):
            assert compiled["log"](float(x) * 2.0**power) == rules().log(float(x) * 2.0**power)


def test_clocks_are_the_same_bits_in_both_engines(compiled):
    generator = np.random.default_rng(3)
    for u, rate in zip(generator.random(1000).tolist(), generator.exponential(2.0, 1000).tolist(), strict=True):
        assert compiled["clock"](u, rate) == rules().clock(u, rate)


@pytest.mark.parametrize("word", [0, 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_uniform_number_lies_strictly_between_zero_and_one(word):
    assert 0.0 < rules().uniform(word) < 1.0
    assert rules().uniform(word) * 2**32 == word + 0.5


@given(
    actor=WORDS,
    occasion=WORDS,
    item=st.integers(0, 65535),
    decision=st.sampled_from(list(Decision)),
)
def test_one_draw_is_the_number_that_four_draws_give_at_its_place(actor, occasion, item, decision):
    luck = thing("LUCK", key_0=7)
    four = rules().draw4(luck, actor, occasion, decision, item - item % 4)
    assert rules().draw(luck, actor, occasion, decision, item) == four[item % 4]


@given(
    st.tuples(WORDS, WORDS, st.sampled_from(list(Decision)), st.integers(0, 65535), st.integers(0, 1000)),
    st.tuples(WORDS, WORDS, st.sampled_from(list(Decision)), st.integers(0, 65535), st.integers(0, 1000)),
)
def test_two_decisions_that_differ_anywhere_have_other_luck(one, other):
    def key(actor, occasion, decision, group, replication):
        return rules().draw4(thing("LUCK", key_0=1, replication=replication), actor, occasion, decision, 4 * group)

    assert (one == other) == (key(*one) == key(*other))


def test_uniform_numbers_are_spread_evenly_and_independent_of_their_neighbors():
    # n = 20,000: mean 1/2 with standard error sqrt(1/12/n) = 0.0020, correlation 0 with 1/sqrt(n)
    # = 0.0071; four standard errors.
    luck = thing("LUCK", key_0=11)
    table = np.array([rules().draw4(luck, actor, 3, Decision.CHOICE, 0) for actor in range(5000)])
    assert abs(table.mean() - 0.5) < 4 * (1 / 12 / table.size) ** 0.5
    assert abs(np.corrcoef(table.T)[np.triu_indices(4, 1)]).max() < 4 / 5000**0.5
    assert abs(np.corrcoef(table[:-1, 0], table[1:, 0])[0, 1]) < 4 / 5000**0.5


def test_the_seed_is_64_bits_wide():
    low, high = (rules().draw(thing("LUCK", **{name: 1}), 5, 5, Decision.CHOICE, 0) for name in ("key_0", "key_1"))
    assert low != high


def test_no_two_decisions_have_one_code_and_all_fit_the_key():
    assert len({int(decision) for decision in Decision}) == len(Decision.__members__)
    assert max(Decision) < 65536


def test_every_decision_is_drawn_by_some_rule():
    drawn = {
        node.attr
        for function in standard_rules().functions.values()
        for node in ast.walk(ast.parse(inspect.getsource(function)))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Decision"
    }
    reserved = {"CATALOG"}  # frozen, prices of the goods are no luck any more
    assert set(Decision.__members__) - drawn <= reserved


def test_no_draw_is_keyed_by_the_strategy():
    assert set(inspect.signature(luck_module.draw4).parameters) == {
        "luck",
        "actor",
        "occasion",
        "decision",
        "item",
    }
    assert {variable.name for variable in thing("LUCK").record.variables} == {"key_0", "key_1", "replication"}


KEYS: list[tuple] = []


def draw_and_write_down(luck, actor, occasion, decision, item):
    KEYS.append((actor, occasion, decision, item))
    return 0.5


def test_items_beyond_sixty_four_do_not_share_the_luck_of_another_day():
    """A scenario may hold 8 x 64 items: what is wrong about item 70 today says nothing about item 6
    tomorrow.
    """
    KEYS.clear()
    world = Encounter("integrated").world
    watched = link({**standard_rules().functions, "draw": draw_and_write_down}, lambda name, function: function)
    for day in (10, 11):
        for item in range(512):
            watched["channel_version_is_wrong"](Flow.STOCK, 0, 1, day, item, world)
    assert len(set(KEYS)) == len(KEYS) == 2 * 512
