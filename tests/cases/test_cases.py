"""The written cases, each decided by the real rules. Anyone may add a row; see README.md beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bookings.rules.decision import verdict
from facilities.time.calendars import Job, starts
from facilities.time.hours import local_day
from tests.cases.case import Case
from tests.cases.reading import cases_in, rows_of, understand
from tests.cases.words import WIB, Unreadable, class_of, minutes

HERE = Path(__file__).parent
QUESTIONS = ["Kasus", "Diminta", "Di mesin itu", "Keadaan", "Jawaban", "Kalimatnya memuat"]
TIMES = ["Kasus", "Diminta", "Di mesin itu", "Keadaan", "Jam mulai yang ditawarkan"]
CLEANINGS = ["Kasus", "Di mesin itu", "Keadaan", "Bersih-bersih sesudah masing-masing"]

ANSWERS = {
    "jam sudah diambil": "taken", "perawatan": "maintenance", "mesin rusak": "broken", "tutup": "closed", "libur": "holiday",
    "sudah lewat": "in_the_past", "terlalu mendadak": "too_soon", "terlalu jauh hari": "too_far",
    "terlalu singkat": "too_short", "terlalu lama": "too_long", "tidak sesuai langkah": "off_grid",
    "kurang waktu bersih-bersih": "not_enough_cleaning_time", "tidak boleh bercampur": "products_never_mix",
    "lini berbeda": "wrong_line", "mesin tidak cocok": "does_not_fit_machine", "tidak ada operator": "no_operator",
    "belum dilatih": "not_qualified", "dokumen belum ada": "document_missing", "dokumen kedaluwarsa": "document_expired",
    "kuota terpakai": "quota_used", "dijeda": "producer_suspended", "disediakan bagi yang lain": "kept_for_others",
    "dijawab petugas": "needs_manager", "percobaan": "document_missing", "kemasan lain dari izin": "pirt_pack_type",
    "catatan kehadiran": "standing", "mesin lain jam itu": "same_time",
}  # fmt: skip
QUESTION_CASES = [
    case for path in sorted(HERE.glob("*.md")) if path.stem not in ("README", "jam-kosong", "bersih-bersih")
    for case in cases_in(path, QUESTIONS)
]  # fmt: skip


def named(cases: list[Case]):
    return {"argvalues": cases, "ids": [case.name for case in cases]}


def answer(text: str) -> tuple[list[str], list[str], list[str]]:
    """Read `boleh`, or `tidak: …; ditanyakan: …; diingatkan: …`, each with reasons between commas."""
    said: dict[str, list[str]] = {"tidak": [], "ditanyakan": [], "diingatkan": []}
    for part in [] if text == "boleh" else text.split("; "):
        how, _, reasons = part.partition(": ")
        known = [ANSWERS.get(reason) for reason in reasons.split(", ")]
        if how not in said or None in known:
            raise Unreadable(f"not an answer: {text!r}")
        said[how] = sorted(known)  # type: ignore[type-var]
    return said["tidak"], said["ditanyakan"], said["diingatkan"]


@pytest.mark.parametrize("case", **named(QUESTION_CASES))
def test_a_question_gets_the_written_answer(case):
    said = verdict(case.question())
    everything = [said.refusals, said.asks, said.warnings]
    assert tuple(sorted(reason.code for reason in reasons) for reasons in everything) == answer(case.columns["Jawaban"])
    words, spoken = case.columns["Kalimatnya memuat"], " ".join(r.id for reasons in everything for r in reasons)
    assert words == "-" or words in spoken.replace("\u00a0", " ")


@pytest.mark.parametrize("case", **named(cases_in(HERE / "jam-kosong.md", TIMES)))
def test_the_written_times_are_offered(case):
    length, _, rest = case.columns["Diminta"].partition(" pada ")
    _, _, said = rest.partition(" ")
    job = Job(minutes(length), case.setup, case.rules.grid, class_of(said))
    found = starts(case.calendar(), job, window=local_day(case.day, WIB), now=case.now, zone=WIB)
    written = " ".join(f"{start.astimezone(WIB):%H.%M}" for start in found)
    assert (written or "tidak ada") == case.columns["Jam mulai yang ditawarkan"]


@pytest.mark.parametrize("case", **named(cases_in(HERE / "bersih-bersih.md", CLEANINGS)))
def test_the_written_cleaning_follows_each_job(case):
    calendar = case.calendar()
    said = ", ".join(f"{tail} menit" for tail in calendar.tails(calendar.taken))
    assert said == case.columns["Bersih-bersih sesudah masing-masing"]


def test_there_are_cases_for_every_reason_and_enough_of_them():
    codes = {code for case in QUESTION_CASES for codes in answer(case.columns["Jawaban"]) for code in codes}
    assert codes == set(ANSWERS.values()) and len(QUESTION_CASES) >= 60


# The tables themselves: a slip of the pen is an error, never a case that is not tried

GOOD = dict(zip(QUESTIONS, ["a", "Senin 08.00–10.00 kering", "kosong", "biasa", "boleh", "-"], strict=True))


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("Diminta", "Senen 08.00–10.00 kering"), ("Diminta", "Senin 08.00-10.00 kering"), ("Diminta", "08.60–10.00 kering"),
        ("Diminta", "Senin 08.00–10.00 garing"), ("Di mesin itu", "09.00–10.00 perawatn"), ("Di mesin itu", "ikan"),
        ("Keadaan", "kuota 8 jm seminggu"), ("Keadaan", "wajib punya SIM"), ("Keadaan", "biasa; biasa"), ("Keadaan", "persiapan"),
    ],
)  # fmt: skip
def test_a_slip_in_a_case_is_an_error(column, wrong):
    with pytest.raises(Unreadable):
        case = Case("slip", GOOD | {column: wrong})
        understand(case)
        case.question()


@pytest.mark.parametrize(
    "wrong", ["bolehh", "tidak: kuota", "tidak", "ditolak: tutup", "boleh; tidak: tutup", "tidak: tutup,libur"]
)
def test_a_slip_in_an_answer_is_an_error(wrong):
    with pytest.raises(Unreadable):
        answer(wrong)


@pytest.mark.parametrize(
    "wrong", ["| Kasus |\n|---|\n| a |", "| a | b |\n|---|---|\n| 1 |", "| a | b |\n|---|---|\n| 1 | |"]
)
def test_a_slip_in_a_table_is_an_error(wrong):
    with pytest.raises(Unreadable):
        list(rows_of(wrong, ["a", "b"], "x.md"))


def test_a_wrong_answer_is_noticed():
    case = Case("wrong", GOOD | {"Di mesin itu": "09.00–11.00 kering"})
    assert [reason.code for reason in verdict(case.question()).refusals] == ["taken"] != answer("tidak: tutup")[0]


def test_a_file_without_a_row_is_an_error(tmp_path):
    (tmp_path / "kosong.md").write_text("# Kosong\n")
    with pytest.raises(Unreadable):
        cases_in(tmp_path / "kosong.md", QUESTIONS)
