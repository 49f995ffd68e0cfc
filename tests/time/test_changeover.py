"""Cleaning between two jobs: what the matrix says, how far a job keeps another away, and what is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.time.changeover import (
    FULL,
    REFUSED,
    Claim,
    Held,
    Loophole,
    Matrix,
    claim,
    claims,
    loopholes,
    reaches,
    tails,
)

DAY = 1440
MATRIX = Matrix(
    house={("kering", "ikan"): 10, ("ikan", "ikan"): 5},
    province={("kering", "ikan"): 25, ("ikan", "kering"): FULL, ("kering", "berminyak"): 15, ("ikan", "susu"): REFUSED},
)
NOON = Held(720, 780, (0, DAY), "kering")
CLASSES = ["kering", "berminyak", "ikan", ""]


def held(start: int, end: int, cleaning_class: str = "kering", **more: object) -> Held:
    day = start // DAY * DAY
    return Held(start, end, (day, day + DAY), cleaning_class, **more)  # type: ignore[arg-type]


# The matrix


@pytest.mark.parametrize(
    ("before", "after", "minutes"),
    [
        ("kering", "ikan", 10),  # the house's own cell goes before the province's
        ("kering", "berminyak", 15),  # the province's, where the house is silent
        ("ikan", "kering", 40),  # a full clean
        ("berminyak", "kering", 40),  # nobody said: a full clean
        ("kering", "kering", 0),  # nobody said, same class: nothing
        ("ikan", "ikan", 5),  # said, though the same class
        ("", "kering", 40),  # a product nobody described
        ("kering", "", 40),
        ("", "", 40),
        ("ikan", "susu", None),  # never
    ],
)
def test_the_minutes_of_a_pair(before, after, minutes):
    assert MATRIX.minutes(before, after, full=40) == minutes


def test_no_changeover_is_longer_than_the_machines_full_clean():
    assert MATRIX.minutes("kering", "berminyak", full=15) == 15
    assert MATRIX.minutes("kering", "berminyak", full=14) == 14
    assert MATRIX.minutes("ikan", "kering", full=0) == 0


def test_only_a_pair_that_somebody_refused_is_refused():
    assert MATRIX.refuses("ikan", "susu")
    assert not any(MATRIX.refuses(*pair) for pair in [("susu", "ikan"), ("ikan", "kering"), ("", "susu"), ("ikan", "")])


def test_a_cell_says_what_was_written_or_the_default():
    cells = {pair: MATRIX.cell(*pair) for pair in [("kering", "ikan"), ("ikan", "susu"), ("a", "a"), ("a", "b")]}
    assert list(cells.values()) == [10, REFUSED, 0, FULL]


def test_the_houses_full_clean_is_not_the_provinces_minutes():
    assert Matrix({("a", "b"): FULL}, {("a", "b"): 5}).minutes("a", "b", full=30) == 30
    assert Matrix({("a", "b"): 5}, {("a", "b"): REFUSED}).minutes("a", "b", full=30) == 5


# How far a job keeps another away


@pytest.mark.parametrize(
    ("cleaning_class", "start", "end"),
    [("kering", 720, 780), ("ikan", 680, 790), ("berminyak", 680, 795), ("", 680, 820)],
)
def test_a_claim_leaves_room_for_the_cleaning_on_both_sides(cleaning_class, start, end):
    assert claim(NOON, cleaning_class, MATRIX, full=40) == Claim(start, end, NOON)


def test_what_never_meets_keeps_the_whole_day_whichever_comes_first():
    for mine, its in (("susu", "ikan"), ("ikan", "susu")):
        kept = claim(replace(NOON, cleaning_class=its), mine, MATRIX, full=40)
        assert (kept.start, kept.end, kept.refused) == (0, DAY, True)


@pytest.mark.parametrize(
    ("start", "end", "kept"), [(20, 80, (-20, DAY)), (1380, 1430, (0, 1470)), (40, 1400, (0, DAY))]
)
def test_what_never_meets_is_a_full_clean_away_across_midnight_too(start, end, kept):
    found = claim(held(start, end, "ikan"), "susu", MATRIX, full=40)
    assert (found.start, found.end) == kept


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        (40, 100, (40, 100)),  # forty minutes after midnight: yesterday's last clean is over by then
        (39, 100, (-1, 100)),
        (1300, 1400, (1300, 1400)),
        (1300, 1401, (1300, 1441)),
    ],
)
def test_near_midnight_a_claim_is_a_full_clean_wide(start, end, kept):
    found = claim(held(start, end), "kering", MATRIX, full=40)
    assert (found.start, found.end, found.refused) == (*kept, False)


def test_maintenance_wants_a_clean_machine_and_leaves_one():
    work = held(720, 780, "", is_job=False)
    assert claim(work, "kering", MATRIX, full=40) == Claim(680, 780, work)


def test_touching_a_claim_is_not_meeting_it():
    kept = Claim(100, 200, NOON)
    meets = [kept.meets(*span) for span in ((50, 100), (200, 250), (50, 101), (199, 250), (120, 130), (50, 250))]
    assert meets == [False, False, True, True, True, True]


def test_claims_come_in_order_of_time():
    late, early, same = held(900, 960), held(600, 660), held(600, 630)
    assert [c.held for c in claims([late, early, same], "kering", MATRIX, full=0)] == [same, early, late]


# What is written down


def test_the_tail_is_the_changeover_to_the_next_job_and_full_at_the_end_of_the_day():
    day = [held(480, 540), held(600, 660, "ikan"), held(720, 780, "ikan"), held(900, 960)]
    assert tails(day, MATRIX, full=40) == [10, 5, 40, 40]


def test_tails_come_in_the_order_given():
    jobs = [held(600, 660, "ikan"), held(480, 540)]
    assert tails(jobs, MATRIX, full=40) == [40, 10]


def test_before_maintenance_and_before_the_next_day_the_clean_is_full():
    assert tails([held(480, 540), held(600, 660, "", is_job=False)], MATRIX, full=40) == [40, 0]
    assert tails([held(1300, 1380), held(1460, 1500)], MATRIX, full=40) == [40, 40]


def test_a_tail_never_reaches_into_what_follows():
    assert tails([held(480, 540), held(550, 600, "berminyak")], MATRIX, full=40) == [10, 40]
    assert tails([held(480, 540, "ikan"), held(545, 600, "susu")], MATRIX, full=40) == [5, 40]
    assert tails([held(480, 540), held(530, 600, "ikan")], MATRIX, full=40) == [0, 40]


def test_nothing_held_has_no_tails():
    assert tails([], MATRIX, full=40) == [] == claims([], "kering", MATRIX, full=40)


def test_minutes_are_never_mistaken_for_a_refusal():
    assert REFUSED < 0
    assert [Matrix({("a", "b"): n}).minutes("a", "b", full=9) for n in (0, 1, 2)] == [0, 1, 2]


def test_a_cell_of_no_class_says_nothing():
    matrix = Matrix({("", "a"): 3, ("a", ""): REFUSED, ("", ""): 0})
    assert [matrix.minutes(*pair, full=9) for pair in [("", "a"), ("a", ""), ("", "")]] == [9, 9, 9]


# Ways around a strict cell


def test_a_third_class_may_be_a_way_around_a_long_changeover():
    matrix = Matrix({("a", "c"): 30, ("a", "b"): 5, ("b", "c"): 10, ("c", "a"): 0, ("b", "a"): 0, ("c", "b"): 0})
    assert loopholes(matrix, "abc", full=60) == [Loophole("a", "b", "c")]


@pytest.mark.parametrize(("first", "second"), [(30, 0), (0, 30), (REFUSED, 0), (0, REFUSED)])
def test_it_is_none_where_one_changeover_on_the_way_is_as_long_or_refused(first, second):
    matrix = Matrix({("a", "c"): 30, ("a", "b"): first, ("b", "c"): second})
    assert Loophole("a", "b", "c") not in loopholes(matrix, "abc", full=60)


def test_nothing_to_clean_is_less_than_a_minute():
    matrix = Matrix({("a", "c"): 1, ("a", "b"): 0, ("b", "c"): 0})
    assert Loophole("a", "b", "c") in loopholes(matrix, "abc", full=60)


def test_a_refused_pair_has_no_way_around():
    matrix = Matrix({("a", "c"): REFUSED, ("a", "b"): 0, ("b", "c"): 0})
    assert not [hole for hole in loopholes(matrix, "abc", full=60) if (hole.before, hole.after) == ("a", "c")]


def test_a_class_is_no_way_around_itself():
    matrix = Matrix({(a, b): 10 if a == b else 5 for a in "ab" for b in "ab"})
    assert loopholes(matrix, "ab", full=60) == []


# Whatever the matrix

pairs = st.tuples(st.sampled_from(CLASSES[:3]), st.sampled_from(CLASSES[:3]))
cells = st.dictionaries(pairs, st.sampled_from([FULL, REFUSED, 0, 5, 20, 45, 90]))
matrices = st.builds(Matrix, cells, cells)
fulls = st.sampled_from([0, 1, 30, 60])
pieces = st.builds(
    lambda start, length, cls, job: held(start, start + length, cls, is_job=job),
    st.integers(-DAY, 2 * DAY), st.integers(1, 600), st.sampled_from(CLASSES), st.booleans(),
)  # fmt: skip
MIDNIGHTS = [day * DAY for day in range(-3, 6)]


@given(st.lists(pieces, max_size=8), st.sampled_from(CLASSES), matrices, fulls)
def test_reaches_says_for_many_what_claim_says_for_one(held_, cleaning_class, matrix, full):
    rows = [(one.start, one.end, one.cleaning_class, one.is_job) for one in held_]
    each = [claim(one, cleaning_class, matrix, full=full) for one in held_]
    many = reaches(rows, cleaning_class, matrix, full=full, midnights=MIDNIGHTS)
    assert many == [(one.start, one.end) for one in each]


@pytest.mark.parametrize("cleaning_class", ["kering", "susu", ""])
@pytest.mark.parametrize(
    "span", [(20, 80), (39, 99), (40, 100), (1300, 1400), (1300, 1401), (1380, 1430), (40, 1400), (720, 780)]
)
def test_reaches_says_the_same_near_midnight(span, cleaning_class):
    for held_class in ("kering", "ikan", ""):
        one = claim(held(*span, held_class), cleaning_class, MATRIX, full=40)
        rows = [(*span, held_class, True), (*span, held_class, True)]
        assert reaches(rows, cleaning_class, MATRIX, full=40, midnights=MIDNIGHTS) == [(one.start, one.end)] * 2


def placed(jobs: list[Held], matrix: Matrix, full: int) -> list[Held]:
    """Take jobs one by one, each only where no claim of those before it stands."""
    taken: list[Held] = []
    for job in jobs:
        kept = claims(taken, job.cleaning_class, matrix, full=full)
        if not any(one.meets(job.start, job.end) for one in kept):
            taken.append(job)
    return taken


days = st.lists(
    st.builds(lambda start, length, cls: held(start * 5, start * 5 + length, cls),
              st.integers(0, 3 * DAY // 5), st.sampled_from([10, 30, 60, 240]), st.sampled_from(CLASSES)),
    max_size=10,
)  # fmt: skip


@given(days, matrices, fulls, st.data())
def test_what_the_claims_let_in_has_room_for_its_tails_whatever_is_called_off(jobs, matrix, full, data):
    taken = placed(jobs, matrix, full)
    gone = data.draw(st.sets(st.sampled_from(range(len(taken))))) if taken else set()
    left = sorted((job for n, job in enumerate(taken) if n not in gone), key=lambda job: job.start)
    cleaned = tails(left, matrix, full=full)
    for one, tail, after in zip(left, cleaned, left[1:], strict=False):
        same_day = one.day == after.day
        wanted = matrix.minutes(one.cleaning_class, after.cleaning_class, full=full) if same_day else full
        assert wanted is not None and tail == wanted and one.end + tail <= after.start
    assert cleaned[-1:] == [full] * bool(left)


@given(days, matrices, fulls, st.data())
def test_within_a_day_claims_refuse_only_what_would_break_a_pair(jobs, matrix, full, data):
    """Away from midnight the claims are exact: whatever they keep out, some pair would have too little between."""
    jobs = [job for job in jobs if full <= job.start % DAY and job.end - job.day[0] <= DAY - full]
    if not jobs:
        return
    taken, new = placed(jobs[:-1], matrix, full), jobs[-1]
    refused = any(c.meets(new.start, new.end) for c in claims(taken, new.cleaning_class, matrix, full=full))
    assert refused == any(breaks(new, other, matrix, full) for other in taken)


def breaks(new: Held, other: Held, matrix: Matrix, full: int) -> bool:
    """Two jobs side by side, naively: do they overlap, have too little cleaning between them, or never meet?"""
    first, second = sorted((new, other), key=lambda job: (job.start, job.end))
    gap = second.start - first.end
    if gap < 0:
        return True
    if first.day != second.day:
        return gap < full
    there, back = (
        matrix.minutes(a.cleaning_class, b.cleaning_class, full=full) for a, b in ((first, second), (second, first))
    )
    return there is None or back is None or gap < there
