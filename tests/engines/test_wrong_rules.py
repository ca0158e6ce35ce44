"""A wrong rule is told in words, which rule, which line, which field, alike in both engines; never by the compiler."""

import re

import pytest
from worlds import ENGINES, small_retail, started

import simsuite
from simsuite.engines.rule_words import misspelled
from simsuite.errors import RuleError
from simsuite.machine.replacement import faults, function_in
from simsuite.machine.rulebook import names, replace, standard_rules
from simsuite.rules.mathematics import exp


@pytest.fixture(scope="module")
def tables():
    return small_retail(40, warm_up=2, horizon=6, cool_down=2)


def reads_a_parameter(relations, index, best_list, journey, channels, choice):
    return choice.restart_knowlege * best_list


def writes_a_state(relations, index, best_list, journey, channels, choice):
    journey.efort = 1.0
    return 0.0


def reads_a_row(relations, index, best_list, journey, channels, choice):
    relation = relations[index]
    return relation.knowlege


def returns_nothing(relations, index, best_list, journey, channels, choice):
    cost = 0.1 * best_list
    cost += 0.1


def returns_at_times(relations, index, best_list, journey, channels, choice):
    if best_list > 0.5:
        return 1.0


def returns_none(relations, index, best_list, journey, channels, choice):
    return None


def returns_two(relations, index, best_list, journey, channels, choice):
    return 0.1, 0.2


def returns_text(relations, index, best_list, journey, channels, choice):
    return "much"


def sets_at_times(relations, index, best_list, journey, channels, choice):
    if best_list > 2.0:
        cost = 1.0
    return cost


def keeps_a_list(relations, index, best_list, journey, channels, choice):
    found = [0.0, 1.0]
    return found[0]


def calls_with_too_much(relations, index, best_list, journey, channels, choice):
    return exp(best_list, 2.0)


def asks_a_number_for_a_method(relations, index, best_list, journey, channels, choice):
    return best_list.hex()


def returns_a_record(relations, index, best_list, journey, channels, choice):
    return relations[index]


RIGHT_AWAY = {
    returns_nothing: (2, "without a return; the rule returns a value"),
    returns_at_times: (2, "without a return; the rule returns a value"),
    returns_none: (1, "returns nothing; the rule returns a value"),
    returns_two: (1, "returns 2 values; the rule returns a value"),
    returns_text: (1, "uses text"),
    sets_at_times: (3, "uses cost where not every way to this line has set it"),
    keeps_a_list: (1, "uses a list"),
}
BEFORE_THE_FIRST_DAY = {
    reads_a_parameter: (1, "choice has no 'restart_knowlege'. Did you mean 'restart_knowledge'"),
    writes_a_state: (1, "journey has no 'efort'. Did you mean 'effort'"),
    reads_a_row: (2, "relation has no 'knowlege'. Did you mean 'knowledge'"),
}
WHERE_IT_FAILS = {
    calls_with_too_much: (1, "return exp(best_list, 2.0)"),
    asks_a_number_for_a_method: (1, None),
    returns_a_record: (None, "channel_utility"),
}


def refused(act):
    with pytest.raises(RuleError) as caught:
        act()
    return str(caught.value)


def tells(message, rule, line, words):
    """Whether a message names the rule that is replaced, the line of the replacement, and says the words."""
    assert "'restart_cost'" in message and len(message) < 1500
    assert not re.search("nopython|numba|Dispatcher|Traceback", message)
    if line is not None:
        assert f"test_wrong_rules.py, line {rule.__code__.co_firstlineno + line}" in message
    assert words is None or words in message


@pytest.mark.parametrize("rule", RIGHT_AWAY, ids=lambda rule: rule.__name__)
def test_what_the_text_of_a_rule_shows_is_told_as_it_is_replaced(rule):
    tells(refused(lambda: replace(restart_cost=rule)), rule, *RIGHT_AWAY[rule])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule", BEFORE_THE_FIRST_DAY, ids=lambda rule: rule.__name__)
def test_a_misspelled_field_is_told_before_the_first_day(tables, engine, rule):
    book = replace(restart_cost=rule)
    tells(refused(lambda: started(tables, "integrated", engine, rules=book)), rule, *BEFORE_THE_FIRST_DAY[rule])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule", WHERE_IT_FAILS, ids=lambda rule: rule.__name__)
def test_what_only_shows_as_it_runs_names_the_rule_and_the_line(tables, engine, rule):
    book = replace(restart_cost=rule)
    line, words = WHERE_IT_FAILS[rule]
    if rule is asks_a_number_for_a_method and engine == "mesa":  # Python's floats have it, and it makes text
        line, words = None, "channel_utility"
    tells(refused(lambda: started(tables, "integrated", engine, rules=book).run(tables.days)), rule, line, words)


@pytest.mark.parametrize("engine", ENGINES)
def test_run_and_compare_tell_it_as_well(engine):
    size = {"population.customers": 40, "experiment.warm_up": 2, "experiment.horizon": 4, "experiment.cool_down": 2}
    book = replace(restart_cost=reads_a_parameter)
    for function in (simsuite.run, simsuite.compare):
        act = lambda function=function: function("flagship_retailer", overrides=size, rules=book, engine=engine)  # noqa: E731
        tells(refused(act), reads_a_parameter, *BEFORE_THE_FIRST_DAY[reads_a_parameter])


def test_an_error_that_comes_from_no_replaced_rule_stays_what_it_is(tables):
    model = started(tables, "integrated", "mesa", rules=replace(again_probability=lambda_free))
    model.close_day = None
    with pytest.raises(TypeError, match="not callable"):
        model.step()


def lambda_free(intent, giving_up):
    return 0.25


@pytest.mark.parametrize("name", names())
def test_nothing_is_wrong_with_the_rules_of_the_project(name):
    """So that no sound rule is refused: as many ways to write one as there are rules, with every field that there is."""
    tree = function_in(standard_rules().functions[name])
    assert list(faults(tree, tree)) == [] and list(misspelled(tree)) == []


def sound(relations, index, best_list, journey, channels, choice):
    """Loops, branches that end, a match, a variable set on every way."""
    total = 0.0
    for other in range(len(relations)):
        if relations[other].cart_need < 0:
            continue
        last = relations[other].knowledge
        total += last
    match index:
        case 0:
            factor = 1.0
        case _:
            factor = 2.0
    if total > 1.0:
        return factor
    elif best_list > 0.0:
        return total * factor
    else:
        while True:
            total += 0.25
            if total > 0.5:
                return total


@pytest.mark.verification
def test_a_sound_rule_is_taken_and_runs_alike_in_both_engines(tables):
    digests = set()
    for engine in ENGINES:
        running = started(tables, "integrated", engine, rules=replace(restart_cost=sound))
        running.run(tables.days)
        digests.add(running.result().digest())
    assert len(digests) == 1
