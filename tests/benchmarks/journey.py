"""The reference workload `journey`, as users of Mesa write it: the baseline for speed.

Every day a customer is active with probability 0.2. She chooses one of eight channels by
a multinomial logit, may lose her cart on the way, goes a step forward, gives up or goes on
another day. It does far less than one visit of simsuite and is not a model of anything.
Written with arrays of eight numbers per customer instead of lists it takes 1.2 times as long,
with numpy's generator for single draws 1.4 times.
"""

from __future__ import annotations

import math

import mesa
import numpy as np

CHANNELS = 8
TRAITS = 3
ACTIVITY = 0.2  # probability of a visit, per customer and day
INERTIA = 0.6  # utility of the channel of the last visit
RECENCY = 0.5  # utility of a channel visited today, falling to 0 with the days since
CONGESTION = 2.0  # utility lost where everybody was yesterday
SEARCH, CART, CHECKOUT = 0, 1, 2
NEVER = -1000  # day of a contact that there has not been


def logistic(x: float) -> float:
    """1 / (1 + e^-x)"""
    return 1.0 / (1.0 + math.exp(-x))


class Customer(mesa.Agent):
    """One customer: where she stands in the funnel, her cart, her memory of the channels."""

    def __init__(self, model: JourneyModel):
        super().__init__(model)
        self.traits = self.rng.normal(size=TRAITS)
        self.appeal = (model.intercepts + model.attributes @ self.traits).tolist()
        self.patience = self.rng.uniform(1.0, 3.0)
        self.satisfaction = 0.7
        self.stage = SEARCH
        self.channel = -1
        self.has_cart = False
        self.last_contact = [NEVER] * CHANNELS

    def step(self) -> None:
        """One day."""
        if self.random.random() >= ACTIVITY:
            return
        channel = self.choose_channel()
        self.arrive(channel)
        if self.random.random() < self.progress_probability():
            self.go_forward()
        elif self.random.random() < self.giving_up_probability():
            self.model.losses[channel] += 1
            self.satisfaction = max(0.0, self.satisfaction - 0.05)
            self.start_over()

    def utilities(self) -> list[float]:
        """Utility of every channel today, without noise."""
        day, load = self.model.day, self.model.load
        utilities = [
            appeal + RECENCY / (1 + day - last) - CONGESTION * crowd
            for appeal, last, crowd in zip(self.appeal, self.last_contact, load, strict=True)
        ]
        if self.channel >= 0:
            utilities[self.channel] += INERTIA
        return utilities

    def choose_channel(self) -> int:
        """A multinomial logit: shares in proportion to exp(utility)."""
        return self.random.choices(range(CHANNELS), [math.exp(utility) for utility in self.utilities()])[0]

    def arrive(self, channel: int) -> None:
        """In isolated channels a cart stays where it was left."""
        if self.has_cart and channel != self.channel and self.model.isolated:
            self.has_cart = False
            self.stage = SEARCH
            self.model.lost_carts[channel] += 1
        self.channel = channel
        self.last_contact[channel] = self.model.day
        self.model.visits[channel] += 1

    def progress_probability(self) -> float:
        """Probability of a step forward in this visit."""
        return logistic(2.0 * self.satisfaction - 1.5 - 0.5 * self.stage)

    def giving_up_probability(self) -> float:
        """Probability of giving up in a visit without a step forward."""
        return logistic(-self.patience)

    def go_forward(self) -> None:
        """To the cart, to the checkout, to an order."""
        self.stage += 1
        self.has_cart = True
        if self.stage > CHECKOUT:
            self.model.orders[self.channel] += 1
            self.satisfaction = min(1.0, self.satisfaction + 0.05)
            self.start_over()

    def start_over(self) -> None:
        """Another need, next time."""
        self.stage = SEARCH
        self.has_cart = False


class JourneyModel(mesa.Model):
    """Customers and eight channels that count per day.

    Parameters
    ----------
    customers : int, 1 or more
    isolated : whether a cart is lost on a change of channel
    seed : of everything random
    """

    def __init__(self, customers: int, isolated: bool = True, seed: int = 1):
        super().__init__(rng=seed)
        self.isolated = isolated
        self.day = 0
        self.intercepts = self.rng.normal(size=CHANNELS)
        self.attributes = self.rng.normal(size=(CHANNELS, TRAITS))
        self.load = [0.0] * CHANNELS
        self.visits, self.orders, self.losses, self.lost_carts = (np.zeros(CHANNELS, int) for _ in range(4))
        self.customers = [Customer(self) for _ in range(customers)]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                name: (lambda model, name=name: getattr(model, name).copy())
                for name in ("visits", "orders", "losses", "lost_carts")
            }
        )

    def step(self) -> None:
        """One day; the load of yesterday is felt today."""
        for count in (self.visits, self.orders, self.losses, self.lost_carts):
            count[:] = 0
        self.agents.shuffle_do("step")
        self.datacollector.collect(self)
        self.load = (self.visits / len(self.agents)).tolist()
        self.day += 1
