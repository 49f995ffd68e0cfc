"""A machine's own rules of time go before its house's, wherever it has some."""

from __future__ import annotations

import pytest

from facilities.time.limits import Limits

HOUSE = {
    "grid": 15,
    "notice": 60,
    "horizon": 30,
    "shortest": 30,
    "longest": 480,
    "approval": "manual",
    "approval_limit": 240,
}


def test_a_machine_without_rules_of_its_own_has_its_houses():
    assert Limits.of(HOUSE, {}) == Limits(**HOUSE) == Limits.of(HOUSE, dict.fromkeys(HOUSE) | {"approval": ""})


@pytest.mark.parametrize("name", HOUSE)
def test_each_may_be_replaced_alone(name):
    own = "automatic" if name == "approval" else 7
    assert Limits.of(HOUSE, {name: own}) == Limits(**HOUSE | {name: own})


def test_nought_is_a_rule_too():
    assert Limits.of(HOUSE, {"notice": 0}).notice == 0


def test_what_is_no_limit_is_left_out():
    assert Limits.of(HOUSE | {"phone": "x"}, {"name": "Segel"}) == Limits(**HOUSE)


@pytest.mark.parametrize(
    ("minutes", "allowed"),
    [(30, True), (45, True), (480, True), (15, False), (495, False), (40, False), (0, False), (31, False)],
)
def test_a_run_is_whole_steps_neither_too_short_nor_too_long(minutes, allowed):
    assert Limits(**HOUSE).allow(minutes) is allowed
