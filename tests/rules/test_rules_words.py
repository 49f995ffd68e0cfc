"""What rules say beside the code, where it depends on numbers or tables: ways out, names, which pack a permit is for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.rules.base import FiledDocument
from bookings.rules.decision import Ability
from facilities.time.calendars import Blocked
from facilities.vocabulary import FORMATS, format_word
from tests.rules.test_rules_pure import PLAIN, SACHET, SHARE, ask, at, job, span

# From the list of pack types of the food agency: which first digits each of our formats can be.
PACKS = """
standing_pouch 257 | kantong_plastik 2 | kantong_foil 57 | kantong_vakum 27 | sachet 257 | stick_pack 257 | bantal 257
flow_pack 27 | cup 2 | botol 12 | jar 12 | jeriken 2 | kaleng 4 | retort_pouch 57 | karung 236 | karton 3
"""
FITS = dict(pair.split() for line in PACKS.strip().splitlines() for pair in line.split("|"))
NAMES = {
    "1": ("kaca", "glass"), "2": ("plastik", "plastic"), "3": ("karton atau kertas", "carton or paper"), "4": ("kaleng", "can"),
    "5": ("aluminium foil", "foil"), "7": ("komposit", "composite"),
}  # fmt: skip


@pytest.mark.parametrize("pack", FORMATS)
def test_which_permits_warn_for_a_pack(pack):
    for digit in "0123456789":
        documents = [FiledDocument("pirt", digit + "0" * 14)]
        said = ask(request={"format": pack}, party={"documents": documents})
        warned = pack in FITS and digit not in FITS[pack] and digit in "123457"
        assert [reason.values for reason in said] == [{"digit": digit, "format": pack}] * warned
        if warned:
            assert (
                said[0].id == f"P-IRT Anda tercatat untuk kemasan {NAMES[digit][0]}, bukan {format_word(pack).lower()}."
            )
            assert (
                said[0].en == f"Your P-IRT is for {NAMES[digit][1]} packs, not for {format_word(pack, 'en').lower()}."
            )


def test_of_several_permits_the_first_kind_is_named():
    documents = [FiledDocument("pirt", digit + "0" * 14) for digit in "53"]
    (said,) = ask(request={"format": "botol"}, party={"documents": documents})
    assert said.values["digit"] == "3" and "karton" in said.id


@pytest.mark.parametrize(
    ("used", "way_out", "en"),
    [
        (60, "Masih bisa 1 jam 30 menit minggu itu, atau pilih minggu lain.", "1 h 30 min are left that week, or choose another."),
        (149, "Masih bisa 1 menit minggu itu, atau pilih minggu lain.", "1 min are left that week, or choose another."),
        (150, "Pilih minggu lain.", "Choose another week."),
        (200, "Pilih minggu lain.", "Choose another week."),
    ],
)  # fmt: skip
def test_a_quota_says_what_is_left_of_it(used, way_out, en):
    (said,) = ask(policy={"weekly_quota": 150}, party={"week_minutes": used})
    assert said.way_out_id.replace("\u00a0", " ") == way_out and said.way_out_en.replace("\u00a0", " ") == en


def test_a_season_no_tighter_than_the_quota_is_not_named():
    season = {"name": "Panen", "first_on": "2026-11-01", "last_on": "2026-11-30", "weekly_quota": 60}
    (said,) = ask(policy={"weekly_quota": 60, "peak_seasons": [season]})
    assert said.values["season"] == ""


def test_a_closure_at_another_time_is_not_why_it_is_closed():
    shut = [Blocked(span(12, 13), "closed", "rapat"), Blocked(span(16, 17), "holiday", "Natal")]
    (said,) = ask(calendar={"shut": shut}, request={"start": at(7), "end": at(9)})
    assert said.code == "closed" and "rapat" not in said.id
    (said,) = ask(
        calendar={"open": [span(8, 12), span(13, 16)], "shut": shut}, request={"start": at(11), "end": at(17)}
    )
    assert said.id == "Rumah produksi tutup: rapat."


def test_closed_says_the_hours_of_that_day_in_both_languages():
    week = {"open": [span(8, 12), span(13, 16), span(32, 40)]}
    (said,) = ask(calendar=week, request={"start": at(7), "end": at(9), "setup": 15})
    assert (
        said.en.replace("\u00a0", " ") == "Outside opening hours (08:00–12:00, 13:00–16:00), including 15 min of setup."
    )
    (said,) = ask(calendar={"open": [span(32, 40)]})
    assert (said.id, said.en) == ("Rumah produksi tutup hari itu.", "The house is closed that day.")


@pytest.mark.parametrize(
    ("smallest", "largest", "widest"), [(None, None, None), (5, None, None), (None, 50, None), (None, None, 80)]
)
def test_a_machine_without_a_limit_takes_any_size(smallest, largest, widest):
    can = frozenset({Ability("bubuk", "sachet", smallest, largest, widest)})
    for weight, width in ((10, 70), (10, None), (None, 70)):
        assert ask(traits={"capabilities": can}, request={"net_weight": weight, "width": width}) == []
    big = ask(traits={"capabilities": can}, request={"net_weight": 1, "width": 10}) if smallest else []
    assert [reason.code for reason in big] == ["does_not_fit_machine"] * bool(smallest)


def test_one_ability_that_takes_the_size_is_enough():
    both = SACHET | {Ability("bubuk", "bantal", largest=500)}
    assert ask(traits={"capabilities": both}, request={"form": "bubuk", "net_weight": 400}) == []


def test_limits_are_told_in_both_languages_and_only_where_there_are_any():
    (said,) = ask(traits={"capabilities": SACHET}, request={"net_weight": 60})
    assert said.en == "The pack size does not fit: at most 50 g/ml, at least 5 g/ml, up to 80 mm wide."
    only = frozenset({Ability("bubuk", "sachet", smallest=5)})
    (said,) = ask(traits={"capabilities": only}, request={"net_weight": 4})
    assert (said.id, said.en) == (
        "Ukuran kemasan tidak cocok: paling kecil 5 g/ml.",
        "The pack size does not fit: at least 5 g/ml.",
    )
    assert said.values["largest"] is None


def test_a_share_without_days_opens_on_the_day_itself():
    house = {"reserved_share": 50, "reserved_opens": None}
    (said,) = ask(policy=house, party={"shared_minutes": 200})
    assert said.values["opens_on"] == "2026-11-23" and "sampai 0 hari" in said.id
    assert ask(policy=house, party={"shared_minutes": 200}, now=at(0)) == []
    assert "sampai 1 hari" in ask(policy=SHARE, party={"shared_minutes": 200})[0].id


def test_no_share_is_kept_where_none_is_set():
    assert ask(policy={"reserved_share": None}, party={"shared_minutes": 999}, now=PLAIN.now - timedelta(days=5)) == []


def test_cleaning_and_taken_speak_english_too():
    (said,) = ask(calendar={"taken": [job(10, 11)]})
    assert "again for products of class fish at 10:00" in said.en.replace("\u00a0", " ")
    (said,) = ask(calendar={"taken": [job(6, 8)]})
    assert "for products of class fish until 08:00" in said.en.replace("\u00a0", " ")
    assert ask(calendar={"taken": [job(9, 11)]})[0].en == "This time is taken, until 11:30."


@pytest.mark.parametrize(
    ("formats", "way_out", "en"),
    [
        (["botol", "cup"], "Mesin ini untuk botol, gelas plastik: pilih", "It packs into bottle, plastic cup: choose"),
        (["botol", "cup", "jar", "karung"], "Mesin ini untuk botol,", "It packs into bottle,"),
        (["botol", "cup", "jar", "karung", "karton"], "Pilih bentuk kemasan lain", "Choose another pack format"),
        (["botol", "semua"], "Pilih bentuk kemasan lain", "Choose another pack format"),
        (["sachet"], "Pilih bentuk kemasan lain", "Choose another pack format"),
    ],
)
def test_what_a_machine_packs_into_is_said_where_it_is_short(formats, way_out, en):
    can = frozenset(Ability("cair", pack) for pack in formats)
    (said,) = ask(traits={"capabilities": can}, request={"form": "bubuk", "format": "sachet"})
    assert said.way_out_id.startswith(way_out) and said.way_out_en.startswith(en)
