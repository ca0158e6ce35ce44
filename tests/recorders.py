"""A rulebook that writes down every draw and every record that was read across channels; interpreted."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from simsuite.machine.rulebook import Rulebook, standard_rules
from simsuite.rules.links import can_read as original_can_read
from simsuite.rules.links import channel_can_read as original_channel_can_read
from simsuite.rules.luck import draw4 as original_draw4
from simsuite.rules.luck import draw_ahead as original_draw_ahead
from simsuite.rules.luck import drawn4 as original_drawn4


@dataclass
class Record:
    """What has been written down since `clear`.

    draws : numbers by key (actor, occasion, decision, group of four items)
    ahead : the calls that lie in a row of words, by its id, with the row itself
    reads : (customer, flow, part) of every record that one channel could read from another;
        customer -1: nobody of the population, such as a mystery shopper
    customer : who acts now
    """

    draws: dict = field(default_factory=dict)
    ahead: dict = field(default_factory=dict)
    reads: list = field(default_factory=list)
    customer: int = -1

    def clear(self) -> None:
        """Forget everything."""
        self.draws.clear()
        self.ahead.clear()
        self.reads.clear()
        self.customer = -1


RECORD = Record()


def draw4(luck, actor, occasion, decision, item):
    """The rule of this name, recorded. One key has one set of numbers for ever."""
    numbers = original_draw4(luck, actor, occasion, decision, item)
    key = (int(actor), int(occasion), int(decision), int(item) // 4)
    assert RECORD.draws.setdefault(key, numbers) == numbers, key
    return numbers


def draw_ahead(bits, luck, actor, occasions, keys):
    """The rule of this name; which calls they are is remembered until somebody looks at one."""
    original_draw_ahead(bits, luck, actor, occasions, keys)
    calls = [
        (luck, actor, occasion, key // 65536, key % 65536 * 4) for occasion, key in zip(occasions, keys, strict=True)
    ]
    RECORD.ahead[id(bits)] = bits, calls


def drawn4(bits, call):
    """The rule of this name; looking at a call counts as drawing it."""
    numbers = original_drawn4(bits, call)
    assert draw4(*RECORD.ahead[id(bits)][1][call]) == numbers
    return numbers


def drawn(bits, call, place):
    """The rule of this name; looking at a call counts as drawing it."""
    return drawn4(bits, call)[place]


def can_read(relations, flow, source, here, written, region, world):
    """The rule of this name, recorded where it says yes."""
    readable = original_can_read(relations, flow, source, here, written, region, world)
    if readable and source != here:
        RECORD.reads.append((RECORD.customer, int(flow), world.now.part))
    return readable


def channel_can_read(flow, source, here, region, world):
    """The rule of this name, recorded where it says yes."""
    readable = original_channel_can_read(flow, source, here, region, world)
    if readable and source != here:
        RECORD.reads.append((RECORD.customer, int(flow), world.now.part))
    return readable


def recording_who_acts(model):
    """Have a Mesa model say whose turn it is; returns the model."""

    def told(act):
        def whose(customer, *others):
            RECORD.customer = customer.number
            try:
                return act(customer, *others)
            finally:
                RECORD.customer = -1

        return whose

    acts = {name: told(getattr(model.rules, name)) for name in ("begin", "choose", "make_visit", "conclude")}
    vars(model)["rules"] = SimpleNamespace(**{**vars(model.rules), **acts})
    return model


def recording_rules() -> Rulebook:
    """The project's own rules with these in front of theirs; for the Mesa engine alone."""
    own = standard_rules().functions
    recorded = (draw4, draw_ahead, drawn4, drawn, can_read, channel_can_read)
    originals = {f"original_{rule.__name__}": own[rule.__name__] for rule in recorded}
    return Rulebook({**own, **originals, **{rule.__name__: rule for rule in recorded}})
