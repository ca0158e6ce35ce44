"""Customers and channels as Mesa agents: they hold their own state and act by the rules."""

from __future__ import annotations

from copy import copy
from functools import partial
from types import SimpleNamespace

import mesa

from simsuite.engines.at_work import Edits, is_at_work
from simsuite.engines.checked import warn_of_idle, why_decided_anew
from simsuite.engines.records import sizes_of
from simsuite.engines.things import (
    RUN_IS_OVER,
    Thing,
    fitting,
    kinds_of_numbers,
    scratch,
    scratch_kind,
    shown,
    state_of,
    taken,
    thing,
    unknown,
    variables_of,
)
from simsuite.errors import UsageError
from simsuite.rules import state
from simsuite.rules.mechanism import Record
from simsuite.vocabulary import PARTS_PER_DAY, Recognition

NEW_VISIT = scratch_kind(state.VISIT)


class Stateful(mesa.Agent):
    """An agent with the state variables of a record; it takes no other attributes, so that none is misspelled."""

    record: Record
    kinds: dict[str, type]  # of what is one number
    own = frozenset({"model", "unique_id", "pos"})  # what is no state variable

    def __init__(self, model: mesa.Model):
        super().__init__(model)
        vars(self).update(state_of(thing(self.record)))

    def __setattr__(self, name, value):
        at_work = is_at_work()
        if not at_work:
            Edits.count += 1
            if name in self.own and name != "pos":
                raise UsageError(f"{name} of {self.called} is fixed: change what is in it.")
        if not (at_work and type(value) is self.kinds.get(name)) and name not in self.own and name[0] != "_":
            if name not in variables_of(self.record):
                raise unknown(self.called, name, [*variables_of(self.record), *self.own])
            if not at_work and self.model._is_over:
                raise UsageError(RUN_IS_OVER)
            fit = taken if at_work else partial(fitting, sizes=sizes_of(self.model.packed))
            value = fit(self.record, name, value)
        object.__setattr__(self, name, value)

    def remove(self) -> None:
        """Refused: rules go through all customers and channels of the scenario.

        Raises
        ------
        UsageError
        """
        raise UsageError(
            f"{self.called} stays: a run begins and ends with the same agents. Somebody with awareness = 0 and no open "
            "journey does nothing more."
        )

    def __repr__(self) -> str:
        return f"{self.called}\n" + shown({name: getattr(self, name) for name in variables_of(self.record)})


class CustomerAgent(Stateful):
    """A person who may buy: traits, open journey, relations to the channels; all plain numbers.

    `customer.satisfaction = 0.2` or `customer.relations[0].reachable = False` act from the next step on.
    """

    record = state.CUSTOMER
    kinds = kinds_of_numbers(state.CUSTOMER)
    own = Stateful.own | {"relations", "present"}

    def __init__(self, model: mesa.Model, number: int):
        super().__init__(model)
        self.relations = [thing(state.RELATION) for _ in model.channels]
        region = number * model.n_regions // model.n_customers
        model.rules.draw_customer(self, self.relations, number, region, model)
        self._due = 0  # when she acts next, and when she would by the rule, as of the last look
        self._by_rule = 0

    @property
    def called(self) -> str:
        """Which customer."""
        return f"customer {self.number}"

    @property
    def due(self) -> int:
        """The daypart in which she acts next, as things stand."""
        return self.model.rules.next_due_part(self, self.model.day * PARTS_PER_DAY - 1)

    def begin(self) -> None:
        """See what is due in this daypart."""
        self.present = NEW_VISIT()
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
        self._due = self.model.rules.conclude(self, self.relations, self.present, self.model)
        self._by_rule = self.model.rules.next_due_part(self, self.model.now.part)

    def look_again(self, first_part: int) -> None:
        """Whether people have changed when she acts next; `first_part` of the day is the earliest."""
        by_rule = self.model.rules.next_due_part(self, first_part - 1)
        if by_rule != max(self._by_rule, first_part):
            self._due = self._by_rule = by_rule


class ChannelAgent(Stateful):
    """A channel: attributes, this week's price and promotion, the line before its desk."""

    record = state.CHANNEL
    kinds = kinds_of_numbers(state.CHANNEL)
    own = Stateful.own | {"name", "line", "requests"}

    def __init__(self, model: mesa.Model, name: str, values: dict):
        super().__init__(model)
        self.name = name
        vars(self).update(state_of(thing(state.CHANNEL, values)))
        self.line: list[Thing] = []
        self.requests: list[Thing] = []

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if not is_at_work():
            central = self.model.policy.central_price
            warn_of_idle(why_decided_anew(name, self.shares_data, central, self.model.packed, self.model.day))

    @property
    def called(self) -> str:
        """Which channel."""
        return f"channel {self.name}"

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
        visit = scratch(state.VISIT, {"channel": self.index})
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
