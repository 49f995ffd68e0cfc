"""Cells of the matrix as people write them, and what changing some does to the jobs of a day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.errors import BadInput
from facilities.time.cells import MOST, changed, check_cells, differences, fingerprint, read, written
from facilities.time.changeover import FULL, REFUSED, Held, Matrix, claim

DAY, NEXT = (0, 1440), (1440, 2880)
CLASSES = ("kering", "ikan", "susu")
cells = st.one_of(st.integers(0, MOST), st.just(FULL), st.just(REFUSED))


@given(cells, st.sampled_from(["id", "en"]))
def test_what_is_written_reads_back(cell, language):
    assert read(written(cell, language), "x") == cell


@pytest.mark.parametrize(
    "text, cell",
    [(" 20 menit", 20), ("PENUH", FULL), ("tidak  boleh", REFUSED), ("full", FULL), ("never", REFUSED), ("0", 0)],
)
def test_people_write_it_in_several_ways(text, cell):
    assert read(text, "x") == cell


@pytest.mark.parametrize("text", ["", "481", "-1", "1,5", "mungkin", "1e2"])
def test_what_cannot_be_read_names_its_field(text):
    with pytest.raises(BadInput) as bad:
        read(text, "sel-ikan-susu")
    assert bad.value.field == "sel-ikan-susu"


@pytest.mark.parametrize(
    "pair, cell", [(("ikan", "kucing"), 5), (("ikan", "susu"), 481), (("ikan", "susu"), -2), (("ikan", "susu"), True)]
)
def test_cells_that_cannot_be_are_refused(pair, cell):
    with pytest.raises(BadInput):
        check_cells({pair: cell}, CLASSES)


def test_a_fingerprint_differs_with_any_cell_of_house_or_province():
    base = Matrix({("ikan", "susu"): 10}, {("susu", "ikan"): 20})
    same = Matrix({("ikan", "susu"): 10}, {("susu", "ikan"): 20})
    others = [Matrix({}, base.province), Matrix(base.house, {}), Matrix({("ikan", "susu"): FULL}, base.province)]
    assert fingerprint(base) == fingerprint(same) not in {fingerprint(one) for one in others}
    assert len({fingerprint(one) for one in others}) == 3


def test_cells_are_written_over_and_taken_away():
    own = {("a", "b"): 5, ("b", "a"): 6}
    assert changed(own, {("a", "b"): 9}, [("b", "a")]) == {("a", "b"): 9}


def job(key: int, start: int, end: int, code: str, day=DAY, *, is_job: bool = True) -> Held:
    return Held(start, end, day, code, is_job, key)


def kinds(held, old, new, full=60):
    return [(d.first, d.second, d.kind) for d in differences(held, Matrix(old), Matrix(new), full=full)]


PAIR = ("ikan", "susu")
TWO = [job(1, 480, 600, "ikan"), job(2, 630, 700, "susu")]


@pytest.mark.parametrize(
    "was, now, kind",
    [(10, 20, "longer"), (20, 10, "shorter"), (10, 31, "too_tight"), (10, 30, "longer"), (10, REFUSED, "refused"),
     (REFUSED, 10, "allowed"), (40, 50, "longer"), (10, FULL, "too_tight")],
)  # fmt: skip
def test_neighbours_get_longer_or_shorter_cleaning_or_no_longer_fit(was, now, kind):
    assert kinds(TWO, {PAIR: was}, {PAIR: now}) == [(1, 2, kind)]


def test_a_pair_refused_the_other_way_round_must_not_share_the_day_either():
    assert kinds(TWO, {}, {("susu", "ikan"): REFUSED}, full=30) == [(1, 2, "refused")]


def test_jobs_with_another_between_are_named_only_when_in_trouble():
    three = [job(1, 480, 540, "ikan"), job(2, 560, 600, "kering"), job(3, 620, 700, "susu")]
    assert kinds(three, {PAIR: 0}, {PAIR: 20}) == []
    assert kinds(three, {PAIR: 0}, {PAIR: 90}, full=120) == [(1, 3, "too_tight")]
    assert kinds(three, {PAIR: 0}, {PAIR: REFUSED}) == [(1, 3, "refused")]


def test_neither_another_day_nor_maintenance_counts():
    assert kinds([TWO[0], job(2, 1500, 1600, "susu", NEXT)], {PAIR: 0}, {PAIR: REFUSED}) == []
    assert kinds([TWO[0], job(2, 630, 700, "", is_job=False)], {PAIR: 0}, {PAIR: REFUSED}) == []


@given(cells, cells, st.integers(0, 120))
def test_trouble_is_what_the_claim_says(was, now, room):
    """The preview and the decision read one rule: trouble is exactly a new claim that reaches the other job."""
    first, second = job(1, 400, 500, "ikan"), job(2, 500 + room, 600 + room, "susu")
    old, new = ({PAIR: cell, ("susu", "ikan"): 0} for cell in (was, now))
    reaches = [claim(first, "susu", Matrix(m), full=60).meets(second.start, second.end) for m in (old, new)]
    troubled = any(kind in ("refused", "too_tight") for *_pair, kind in kinds([first, second], old, new))
    assert troubled == (reaches == [False, True] or (reaches[1] and was != REFUSED and now == REFUSED))
