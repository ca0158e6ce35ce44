"""Customers and channels as Mesa agents: they hold their own state and act by the rules."""

from __future__ import annotations

from functools import cache

import mesa

from simsuite.rules import state


class Thing:
    """Something with attributes: a journey, a shelf, a link. A rule cannot tell it from a record."""

    def __init__(self, record: state.Record, values: dict | None = None):
        start(self, record)
        for name, value in (values or {}).items():
            if name in names_of(record):
                current = getattr(self, name)
                if isinstance(current, list) and isinstance(value, list):
                    current[: len(value)] = value
                else:
                    setattr(self, name, value)

    def __repr__(self) -> str:
        return "\n".join(f"{name} = {value!r}" for name, value in vars(self).items())


@cache
def names_of(record: state.Record) -> frozenset[str]:
    """Names of the state variables."""
    return frozenset(variable.name for variable in record.variables)


def start(thing: object, record: state.Record) -> None:
    """Give a thing its state variables as plain attributes, at their initial values."""
    for variable in record.variables:
        kind = variable.kind
        if isinstance(kind, state.Record):
            setattr(thing, variable.name, Thing(kind))
        elif isinstance(kind, tuple):
            setattr(thing, variable.name, [kind[0](0)] * kind[1][0] if len(kind[1]) == 1 else _counts(kind[1]))
        else:
            setattr(thing, variable.name, variable.initial)


def _counts(shape: tuple[int, ...]):
    import numpy as np

    return np.zeros(shape, dtype=np.int64)


class CustomerAgent(mesa.Agent):
    """A person who may buy: traits, open journey, relations to the channels; all plain numbers.

    `customer.satisfaction = 0.2` or `customer.relations[0].reachable = False` act from the next step on.
    """

    def __init__(self, model: mesa.Model, number: int):
        super().__init__(model)
        start(self, state.CUSTOMER)
        self.relations = [Thing(state.RELATION) for _ in model.channels]
        self.due = 0
        region = number * model.n_regions // model.n_customers
        model.rules.draw_customer(self, self.relations, number, region, model.segments, model.channels, model.luck)
        self.due = int(min(self.next_need_time, 1.0e9))

    def begin(self) -> None:
        """See what is due in this daypart."""
        self.row = Thing(state.VISIT)
        self.model.rules.begin(self, self.relations, self.row, self.model)

    def choose(self) -> None:
        """Choose a channel and go there."""
        if not self.row.active:
            return
        self.model.rules.choose(self, self.relations, self.row, self.model)
        if self.row.active and self.row.desk >= 0:
            self.model.channels[self.row.channel].line.append(self.row)

    def visit(self) -> None:
        """Be there; a unit that she asks for is handed out afterwards."""
        if not self.row.active:
            return
        self.model.rules.visit(self, self.relations, self.row, self.model)
        if self.row.wants_item >= 0:
            self.model.channels[self.row.channel].requests.append(self.row)

    def conclude(self) -> None:
        """How the daypart ends for her, and when she acts next."""
        self.due = self.model.rules.conclude(self, self.relations, self.row, self.model)


class ChannelAgent(mesa.Agent):
    """A channel: attributes, this week's price and promotion, the line before its desk."""

    def __init__(self, model: mesa.Model, name: str, values: dict):
        super().__init__(model)
        start(self, state.CHANNEL)
        for key, value in values.items():
            setattr(self, key, value)
        self.name = name
        self.line: list[Thing] = []
        self.requests: list[Thing] = []

    def serve(self) -> None:
        """Serve the line, first come, first served."""
        for row in sorted(self.line, key=lambda row: (row.minute, row.customer)):
            self.model.rules.stand_in_line(row, self.model.desks[row.desk])
        self.line.clear()

    def what_it_knows(self, customer: CustomerAgent) -> dict[str, object]:
        """The memory card: what this channel knows about one customer right now, in words."""
        relation = customer.relations[self.index]
        journey = customer.journey
        has_cart = relation.cart_need == journey.need and journey.phase >= 0
        return {"channel": self.name,
                "knows her": relation.known_since >= 0,
                "has her cart": has_cart,
                "what it learned about her need": round(relation.knowledge, 3),
                "orders here": relation.orders,
                "price it told her": None if relation.told_price < 0 else round(relation.told_price, 3)}
