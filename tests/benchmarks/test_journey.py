"""The baseline does what the reference workload says; nothing here looks at a clock."""

import math

import numpy as np
import pytest
from benchmarks.journey import ACTIVITY, CHANNELS, CHECKOUT, INERTIA, JourneyModel


def after(days, **options):
    model = JourneyModel(**{"customers": 500, **options})
    for _ in range(days):
        model.step()
    return model


def per_day(model, name):
    return np.array(model.datacollector.get_model_vars_dataframe()[name].tolist())


def test_a_fifth_of_the_customers_is_active_on_a_day():
    model = after(40)
    visits, trials = per_day(model, "visits").sum(), 500 * 40
    spread = math.sqrt(trials * ACTIVITY * (1 - ACTIVITY))
    assert abs(visits - trials * ACTIVITY) < 4 * spread


def test_channels_are_chosen_in_proportion_to_exp_of_utility():
    customer = after(10, customers=50).customers[7]
    weights = np.exp(customer.utilities())
    shares = weights / weights.sum()
    trials = 20_000
    chosen = np.bincount([customer.choose_channel() for _ in range(trials)], minlength=CHANNELS)
    chi_square = ((chosen - trials * shares) ** 2 / (trials * shares)).sum()
    assert chi_square < 24.3  # 0.999 quantile at 7 degrees of freedom


def test_the_last_channel_has_inertia_and_a_crowd_keeps_people_away():
    model = JourneyModel(1)
    customer = model.customers[0]
    alone = customer.utilities()
    customer.channel = 2
    assert customer.utilities()[2] == pytest.approx(alone[2] + INERTIA)
    model.load = [0.0, 1.0] + [0.0] * 6
    assert customer.utilities()[1] < alone[1]


def test_a_channel_of_yesterday_is_liked_better_than_one_of_last_month():
    model = JourneyModel(1)
    customer = model.customers[0]
    model.day = 31
    before = customer.utilities()
    customer.last_contact[0], customer.last_contact[1] = 30, 1
    gained = np.subtract(customer.utilities(), before)
    assert gained[0] > gained[1] > 0


@pytest.mark.parametrize("isolated, lost", [(True, 1), (False, 0)])
def test_a_cart_is_lost_on_a_change_of_channel_in_isolated_mode_only(isolated, lost):
    model = JourneyModel(1, isolated=isolated)
    customer = model.customers[0]
    customer.channel, customer.has_cart, customer.stage = 3, True, CHECKOUT
    customer.arrive(3)
    assert customer.has_cart and model.lost_carts.sum() == 0
    customer.arrive(5)
    assert customer.has_cart is (not isolated)
    assert model.lost_carts[5] == model.lost_carts.sum() == lost


def test_no_cart_is_ever_lost_in_linked_channels_and_some_are_in_isolated_ones():
    assert per_day(after(20, isolated=False), "lost_carts").sum() == 0
    assert per_day(after(20, isolated=True), "lost_carts").sum() > 0


def test_a_patient_customer_gives_up_less_and_a_satisfied_one_goes_on_more_often():
    customer = JourneyModel(1).customers[0]
    customer.patience = 3.0
    patient = customer.giving_up_probability()
    customer.patience = 1.0
    assert patient == pytest.approx(1 / (1 + math.exp(3.0))) and patient < customer.giving_up_probability()
    before = customer.progress_probability()
    customer.satisfaction = 1.0
    assert customer.progress_probability() > before


def test_three_steps_forward_are_an_order():
    model = JourneyModel(1)
    customer = model.customers[0]
    customer.channel = 4
    for _ in range(3):
        assert model.orders.sum() == 0
        customer.go_forward()
    assert model.orders[4] == model.orders.sum() == 1
    assert not customer.has_cart


def test_the_load_of_a_day_is_felt_on_the_next():
    model = after(1)
    assert model.load == pytest.approx(per_day(model, "visits")[0] / 500)
