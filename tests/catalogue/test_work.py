"""What machines do, and what is brought to them: facts for every type, never empty where the screen would be."""

from __future__ import annotations

import pytest

from facilities.catalogue import work
from facilities.catalogue.bringing import packs_to_bring
from facilities.facts import facts
from facilities.vocabulary import FORMATS, FORMS

TYPES = [row["code"] for row in facts("machine_types")]


@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_type_of_machine_says_what_it_does(code, language):
    assert work.work_of(code).words(language).endswith(".")


def test_every_row_of_the_facts_is_of_something_that_exists():
    assert {row["code"] for row in facts("work")} == set(TYPES)
    assert {row["brings"] for row in facts("work")} <= {
        work.EMPTY, work.FILLED, work.FILM, work.PACKS, work.PRODUCT, work.NOTHING
    }  # fmt: skip
    assert all(row["code"] in (FORMATS if row["kind"] == "with" else FORMS) for row in facts("bring"))


@pytest.mark.parametrize(("form", "is_dry"), [("keripik", True), ("bubuk", True), ("granul", True), ("cair", False), ("pasta", False), ("padat", False)])
def test_only_what_is_dry_is_asked_to_be_cooled(form, is_dry):
    assert ("dingin" in work.readiness(form, "id")) == is_dry


def test_of_an_unknown_type_nothing_is_said():
    assert work.work_of("LAIN").words("id") == ""


@pytest.mark.parametrize(("asked", "brought"), [(600, 620), (45, 50), (1, 10), (9, 10), (10, 20), (1000, 1030)])
def test_packs_to_bring_leave_some_to_spare(asked, brought):
    assert packs_to_bring(asked) == brought
