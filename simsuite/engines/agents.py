"""Customers and channels as Mesa agents: they hold their own state and act by the rules."""

from __future__ import annotations

from copy import copy
from functools import cache
from types import SimpleNamespace

import mesa

from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.vocabulary import Recognition


class Thing:
    """Something with attributes: a journey, a shelf, a link. A rule cannot tell it from a record."""

    def __init__(self, record: Record, values: dict | None = None):
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


def things(record: Record | None, sizes: list[int], values: list | dict | None = None):
    """A table of the world: lists within lists of things, or of numbers where there is no record; filled with `values`."""
    if not sizes:
        return Thing(record, values) if record else 0.0
    return [things(record, sizes[1:], values[place] if values else None) for place in range(sizes[0])]


@cache
def names_of(record: Record) -> frozenset[str]:
    """Names of the state variables."""
    return frozenset(variable.name for variable in record.variables)


def start(thing: object, record: Record) -> None:
    """Give a thing its state variables as plain attributes, at their initial values."""
    for variable in record.variables:
        kind = variable.kind
        if isinstance(kind, Record):
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
        model.rules.draw_customer(self, self.relations, number, region, model)
        self.due = int(min(self.next_need_time, 1.0e9))

    def begin(self) -> None:
        """See what is due in this daypart."""
        self.present = Thing(state.VISIT)
        self.model.rules.begin(self, self.relations, self.present, self.model)

    def choose(self) -> None:
        """Choose a channel and go there."""
        if not self.present.active:
            return
        self.model.rules.choose(self, self.relations, self.present, self.model)
        if self.present.active and self.present.line.desk >= 0:
            self.model.channels[self.present.channel].line.append(self.present)

    def visit(self) -> None:
        """Be there; a unit that she asks for is handed out afterwards."""
        if not self.present.active:
            return
        self.model.rules.make_visit(self, self.relations, self.present, self.model)
        if self.present.stock.item >= 0:
            self.model.channels[self.present.channel].requests.append(self.present)

    def conclude(self) -> None:
        """How the daypart ends for her, and when she acts next."""
        self.due = self.model.rules.conclude(self, self.relations, self.present, self.model)


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
        for visit in sorted(self.line, key=lambda visit: (visit.minute, visit.customer)):
            self.model.rules.stand_in_line(visit, self.model.desks[visit.line.desk], self.model.clerks[visit.line.desk])
        self.line.clear()

    def what_it_knows(self, customer: CustomerAgent) -> dict[str, object]:
        """The memory card: what this channel would know of her if she came in now and said who she is.

        Its own records, and those that a flow brings from another channel. Looking changes nothing.

        Returns
        -------
        dict: channel; "knows her" and "her cart": no, itself, from which channel, or wrongly;
        "learned about her need": 0 to 1; "her last price": whether it knows what she was last
        told, "none" if nothing; "orders here": number
        """
        relations = customer.relations
        visit = Thing(state.VISIT, {"channel": self.index})
        visit.identity.recognition = Recognition.OWN_RECORD
        lists = [
            relation.knowledge
            for place, relation in enumerate(relations)
            if self.model.rules.list_is_here(customer, relations, visit, place, self.model)
        ]
        return {
            "channel": self.name,
            "knows her": self._knows(customer),
            "her cart": self._has_cart(customer, visit),
            "learned about her need": round(max(lists, default=0.0), 3),
            "her last price": self._has_price(customer),
            "orders here": relations[self.index].orders,
        }

    def _knows(self, customer: CustomerAgent) -> str:
        rules, relations = self.model.rules, customer.relations
        source = rules.knows_from_elsewhere(customer, relations, self.index, self.model)
        if source >= 0 and rules.falsely_merged(customer, relations, source, self.index, self.model):
            return "as another person"
        return "itself" if relations[self.index].known_since >= 0 else self._from(source)

    def _has_cart(self, customer: CustomerAgent, visit: Thing) -> str:
        """The rule of a visit tells; it acts on copies, because a spoiled cart that she finds is gone."""
        if customer.journey.cart_channel < 0:
            return "no"
        her = SimpleNamespace(**{**vars(customer), "journey": copy(customer.journey)})
        relations = [copy(relation) for relation in customer.relations]
        found = self.model.rules.cart_found(her, relations, visit, self.model)
        spoiled = any(
            after.cart_need != before.cart_need for after, before in zip(relations, customer.relations, strict=True)
        )
        return self._from(her.journey.cart_channel) if found else "a wrong one" if spoiled else "no"

    def _has_price(self, customer: CustomerAgent) -> str:
        journey = customer.journey
        if journey.stated_by < 0:
            return "none"
        honored = journey.stated_by == self.index or self.model.rules.price_honored(
            journey.stated_price, journey.stated_by, self.index, journey.item, customer.region, self.model
        )
        return self._from(journey.stated_by) if honored else "no"

    def _from(self, source: int) -> str:
        """Where a record comes from, in words; index -1: there is none."""
        if source < 0:
            return "no"
        return "itself" if source == self.index else f"from {self.model.packed.channel_names[source]}"
