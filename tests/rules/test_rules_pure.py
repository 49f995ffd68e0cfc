"""What each rule says besides its code: whether a manager may go on, with which numbers, and what else is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.rules import RULES, SETTINGS
from bookings.rules.base import Elsewhere, FiledDocument, Lesson
from bookings.rules.decision import (
    Ability,
    Party,
    Question,
    Request,
    Rules,
    Traits,
    policy_of,
    reasons_against,
    verdict,
)
from bookings.rules.fit.fit import abilities_for
from bookings.rules.people.documents import is_trial, trials_left
from bookings.rules.people.reserved_share import may_use_reserve
from facilities.errors import ASK, WARN, Reason
from facilities.time.calendars import Blocked, Calendar, Roster
from facilities.time.changeover import REFUSED, Matrix
from facilities.time.limits import Limits
from facilities.time.spans import Span

WIB = ZoneInfo("Asia/Pontianak")
MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)  # Monday 23 November, 00.00 WIB


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


OPEN = Calendar([span(8, 16)], full=30, zone=WIB)
RULES_HERE = Rules(zone=WIB, grid=15, notice=60, horizon=60, shortest=30, longest=480)
REQUEST = Request(at(8), at(10), 0, "kering")
PLAIN = Question(REQUEST, OPEN, RULES_HERE, Traits("Segel 1", "halal", type_code="BAND"), at(-72), party=Party())


def ask(question: Question = PLAIN, *, policy=None, **parts) -> list[Reason]:
    """Everything said to a question with some parts of its parts replaced."""
    for name, values in parts.items():
        changed = replace(getattr(question, name), **values) if isinstance(values, dict) else values
        question = replace(question, **{name: changed})
    if policy is not None:
        question = replace(question, rules=replace(question.rules, policy=policy_of(policy)))
    said = verdict(question)
    return [*said.refusals, *said.asks, *said.warnings]


def job(start: float, end: float, cleaning_class: str = "ikan") -> Blocked:
    return Blocked(span(start, end + 0.5), "taken", work=span(start, end), cleaning_class=cleaning_class)


SACHET = frozenset({Ability("bubuk", "sachet", smallest=5, largest=50, widest=80)})
NEVER = Matrix({("udang", "kering"): REFUSED})
DAYS = {"manual_after": 2, "pause_after": 3, "pause_days": 14, "forgets_after": 60}
SHARE = {"reserved_share": 50, "reserved_opens": 1}
MISSED = [at(-200), at(-150), at(-100)]

SAID = {
    # what is asked → code, whether a manager may go on, the numbers
    "taken": ({"calendar": {"taken": [job(9, 11)]}}, "taken", False,
              {"starts_at": at(9).isoformat(), "ends_at": at(11.5).isoformat()}),
    "never mix": ({"calendar": {"taken": [job(14, 15, "udang")], "matrix": NEVER}}, "products_never_mix", False,
                  {"product": "kering", "other": "udang"}),
    "cleaning before": ({"calendar": {"taken": [job(10, 11)]}}, "not_enough_cleaning_time", False,
                        {"cleaning": 30, "before_it": at(10).isoformat()}),
    "cleaning after": ({"request": {"start": at(10.25), "end": at(12)}, "calendar": {"taken": [job(8, 10)]}},
                       "not_enough_cleaning_time", False, {"cleaning": 30, "after_it": at(10).isoformat()}),
    "broken": ({"calendar": {"broken_since": at(-80), "broken_until": at(9)}}, "broken", False,
               {"since": at(-80).isoformat(), "expected_until": at(9).isoformat()}),
    "broken for ever": ({"calendar": {"broken_since": at(-80)}}, "broken", False,
                        {"since": at(-80).isoformat(), "expected_until": None}),
    "operator": ({"calendar": {"rosters": [Roster(1, [span(8, 9)])]}}, "no_operator", True, {"operators": 1}),
    "past": ({"now": at(9)}, "in_the_past", False, {"starts_at": at(8).isoformat(), "now": at(9).isoformat()}),
    "notice": ({"now": at(7.5)}, "too_soon", True, {"notice": 60}),
    "horizon": ({"rules": {"horizon": 2}}, "too_far", True, {"horizon": 2, "last_on": "2026-11-22"}),
    "closed": ({"request": {"setup": 15}}, "closed", False, {"setup": 15}),
    "holiday": ({"calendar": {"open": [], "shut": [Blocked(span(0, 24), "holiday", "Natal")]}}, "holiday", False,
                {"reason": "Natal"}),
    "shortest": ({"rules": {"shortest": 150}}, "too_short", True, {"shortest": 150, "asked": 120}),
    "longest": ({"rules": {"longest": 90}}, "too_long", True, {"longest": 90, "asked": 120}),
    "grid": ({"rules": {"grid": 25}}, "off_grid", False, {"grid": 25}),
    "line": ({"request": {"line": "non_halal"}}, "wrong_line", False, {"machine": "halal", "product": "non_halal"}),
    "not in service": ({"traits": {"in_service": False}}, "does_not_fit_machine", False, {"form": None, "format": None}),
    "cannot": ({"traits": {"capabilities": SACHET}, "request": {"form": "cair", "format": "botol"}}, "does_not_fit_machine",
               True, {"form": "cair", "format": "botol"}),
    "size": ({"traits": {"capabilities": SACHET}, "request": {"net_weight": 60, "width": 70}}, "does_not_fit_machine", True,
             {"smallest": 5, "largest": 50, "widest": 80, "net_weight": 60, "width": 70}),
    "documents": ({"policy": {"documents_required": ["nib", "md"], "trial_runs": 0}}, "document_missing", True,
                  {"missing": ["nib", "md"], "trials_left": 0}),
    "trial": ({"policy": {"documents_required": ["nib"], "trial_runs": 3}, "party": {"trials": 1}}, "document_missing", True,
              {"missing": ["nib"], "trials_left": 2}),
    "expired": ({"policy": {"documents_required": ["md"]}, "party": {"documents": [FiledDocument("md", "", date(2026, 11, 22))]}},
                "document_expired", True, {"expired": ["md"], "last_on": "2026-11-22"}),
    "induction": ({"policy": {"induction_required": True}}, "not_qualified", True, {"lesson": "induction"}),
    "training": ({"policy": {"qualification_required": True}, "traits": {"level": "terlatih"}}, "not_qualified", True,
                 {"lesson": "BAND"}),
    "paused": ({"policy": DAYS, "party": {"no_shows": MISSED}}, "producer_suspended", True,
               {"until": (at(-100) + timedelta(days=14)).isoformat(), "points": 3}),
    "watched": ({"policy": DAYS, "party": {"no_shows": MISSED[:2]}}, "needs_manager", True, {"points": 2}),
    "warned": ({"policy": DAYS, "party": {"no_shows": MISSED[:1]}}, "standing", True, {"points": 1}),
    "quota": ({"policy": {"weekly_quota": 150}, "party": {"week_minutes": 60}}, "quota_used", True,
              {"quota": 150, "used": 60, "asked": 120, "season": ""}),
    "family": ({"policy": {"cooperative_quota": 150}, "party": {"family_minutes": 60}}, "quota_used", True,
               {"quota": 150, "used": 60, "asked": 120, "family": True}),
    "open": ({"policy": {"open_bookings": 2}, "party": {"open_bookings": 2}}, "quota_used", True, {"most": 2, "open": 2}),
    "share": ({"policy": SHARE, "party": {"shared_minutes": 200}}, "kept_for_others", True,
              {"share": 50, "opens_on": "2026-11-22", "left": 40}),
    "approval": ({"rules": {"approval": "below_limit", "approval_limit": 90}}, "needs_manager", True, {"approval_limit": 90}),
    "pack": ({"request": {"format": "botol"}, "party": {"documents": [FiledDocument("pirt", "3" + "0" * 14)]}}, "pirt_pack_type", True,
             {"digit": "3", "format": "botol"}),
    "same time": ({"party": {"elsewhere": [Elsewhere("Pengisi 1", span(8, 9), "PNT-1")]}}, "same_time", True,
                  {"references": ["PNT-1"]}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_a_rule_says(name):
    asked, code, overridable, values = SAID[name]
    (reason,) = ask(**asked)
    assert (reason.code, reason.overridable, reason.values) == (code, overridable, values)
    assert reason.id.endswith(".") and reason.en.endswith(".") and "None" not in reason.id + reason.en


SILENT = {"closed", "holiday", "past", "grid", "taken", "horizon", "shortest", "line", "approval", "watched", "warned"}


@pytest.mark.parametrize("name", [name for name in SAID if name not in SILENT])
def test_a_rule_names_a_way_out(name):
    (reason,) = ask(**SAID[name][0])
    assert reason.way_out_id and reason.way_out_en


def test_what_only_asks_or_warns():
    effects = {name: ask(**said[0])[0].effect for name, said in SAID.items()}
    assert {name for name, effect in effects.items() if effect == ASK} == {"trial", "watched", "approval"}
    assert {name for name, effect in effects.items() if effect == WARN} == {"warned", "pack", "same time"}


def test_nobody_in_particular_hears_nothing_about_people():
    strict = {**DAYS, **SHARE, "weekly_quota": 30, "cooperative_quota": 30, "open_bookings": 1, "induction_required": True,
              "qualification_required": True, "documents_required": ["nib"]}  # fmt: skip
    assert ask(policy=strict, traits={"level": "terlatih"}, party=None) == []
    assert not may_use_reserve(replace(PLAIN, party=None)) and not is_trial(replace(PLAIN, party=None))


# Edges


def test_numbers_are_numbers_and_a_silent_house_says_nothing():
    q = replace(PLAIN, rules=replace(RULES_HERE, policy={"a": 3, "b": True, "c": "3", "d": None, "e": 0}))
    assert [q.number(name) for name in "abcdef"] == [3, None, None, None, 0, None]
    assert [q.setting(name) for name in "abf"] == [3, True, None]


def test_the_day_is_the_houses():
    early = replace(PLAIN, request=replace(REQUEST, start=at(0.5)))
    assert early.day == date(2026, 11, 23) and early.request.minutes == 570


def test_a_requests_work_begins_with_setup():
    assert replace(REQUEST, setup=15).work == span(7.75, 10) and REQUEST.minutes == 120


def test_a_policy_is_the_machines_the_houses_or_the_default():
    house, machine = {"weekly_quota": 60, "trial_runs": 2, "unknown": 1}, {"weekly_quota": 30}
    policy = policy_of(house, machine)
    assert (policy["weekly_quota"], policy["trial_runs"], policy["pause_days"], policy["open_bookings"]) == (
        30,
        2,
        14,
        None,
    )
    assert set(policy) == set(SETTINGS) and policy_of({}) == {name: s.default for name, s in SETTINGS.items()}


def test_rules_are_a_machines_limits_its_zone_and_its_policy():
    limits = Limits(15, 60, 30, 45, 240, "manual", 120)
    assert Rules.of(limits, WIB, {"a": 1}) == Rules(WIB, 15, 60, 30, 45, 240, "manual", 120, {"a": 1})


def test_rules_are_said_the_hardest_first():
    assert [(rule.order, rule.name) for rule in RULES] == sorted((rule.order, rule.name) for rule in RULES)
    said = ask(calendar={"taken": [job(9, 11)]}, rules={"longest": 90}, request={"line": "non_halal"}, now=at(9))
    assert [reason.code for reason in said] == ["taken", "in_the_past", "too_long", "wrong_line"]
    assert len({rule.name for rule in RULES}) == len(RULES) >= 25


def test_points_are_forgotten_to_the_second_and_the_future_does_not_count():
    day, month = timedelta(days=1), timedelta(days=60)
    q = {"policy": DAYS | {"manual_after": 1}}
    for missed, heard in ((PLAIN.now - month, []), (PLAIN.now - month + day, ["needs_manager"]),
                          (PLAIN.now, ["needs_manager"]), (PLAIN.now + day, [])):  # fmt: skip
        assert [r.code for r in ask(party={"no_shows": [missed]}, **q)] == heard


def test_a_pause_ends_to_the_second_and_counts_from_the_last_time():
    for since, heard in (
        (timedelta(days=14), "needs_manager"),
        (timedelta(days=14) - timedelta(seconds=1), "producer_suspended"),
    ):
        said = ask(policy=DAYS, party={"no_shows": [PLAIN.now - since - timedelta(days=n) for n in (5, 0, 3)]})
        assert [reason.code for reason in said] == [heard]


def test_late_cancellations_count_half_and_both_kinds_add_up():
    late = [at(-110), at(-105), at(-104)]
    (said,) = ask(policy=DAYS, party={"no_shows": MISSED[:1], "late_cancels": late})
    assert (said.code, said.values) == ("needs_manager", {"points": 2})


def test_without_a_pause_or_an_answer_set_nothing_is_said_of_the_past():
    assert ask(policy={}, party={"no_shows": MISSED}) == []
    assert [r.code for r in ask(policy={"pause_after": 9}, party={"no_shows": MISSED})] == ["standing"]


def test_a_share_opens_at_the_houses_midnight_and_leaves_the_rest_to_all():
    asked = {"policy": SHARE | {"reserved_opens": 2}, "party": {"shared_minutes": 121}}
    assert [r.code for r in ask(now=at(-48) - timedelta(seconds=1), **asked)] == ["kept_for_others"]
    assert ask(now=at(-48), **asked) == []
    assert ask(policy=SHARE, party={"shared_minutes": 120}) == []
    assert [r.values["left"] for r in ask(policy=SHARE, party={"shared_minutes": 500})] == [0]


def test_a_share_counts_that_days_open_minutes_only():
    week = {"open": [span(-16, -8), span(8, 16), span(32, 40)]}
    assert [r.values["left"] for r in ask(policy=SHARE, party={"shared_minutes": 130}, calendar=week)] == [110]


@pytest.mark.parametrize(
    ("distance", "is_new", "may"), [(None, False, False), (99, False, False), (100, False, True), (None, True, True)]
)
def test_whose_share_it_is(distance, is_new, may):
    q = replace(
        PLAIN, rules=replace(RULES_HERE, policy=policy_of(SHARE)), party=Party(is_newcomer=is_new, distance=distance)
    )
    assert may_use_reserve(q) is may
    assert may_use_reserve(replace(q, rules=RULES_HERE)) is False
    far = policy_of(SHARE | {"reserved_far": None})
    assert may_use_reserve(replace(q, rules=replace(RULES_HERE, policy=far))) is is_new


def test_trials_run_out():
    for offered, used, left in ((2, 0, 2), (2, 2, 0), (2, 5, 0), (None, 0, 0)):
        q = replace(
            PLAIN,
            party=Party(trials=used),
            rules=replace(RULES_HERE, policy={"trial_runs": offered, "documents_required": ["nib"]}),
        )
        assert trials_left(q) == left and is_trial(q) is (left > 0)
    assert trials_left(replace(PLAIN, party=None, rules=replace(RULES_HERE, policy={"trial_runs": 2}))) == 2


def test_no_trial_is_needed_when_every_paper_is_there():
    q = replace(
        PLAIN,
        party=Party(documents=[FiledDocument("nib", "1")]),
        rules=replace(RULES_HERE, policy={"trial_runs": 2, "documents_required": ["nib", "x"]}),
    )
    assert not is_trial(q) and verdict(q).asks == []


def test_a_lesson_counts_on_its_last_day_and_another_one_does_not():
    for until, heard in ((date(2026, 11, 23), []), (date(2026, 11, 22), ["not_qualified"]), (None, [])):
        assert [
            r.code for r in ask(policy={"induction_required": True}, party={"lessons": [Lesson("", until)]})
        ] == heard
    other = {"policy": {"qualification_required": True}, "traits": {"level": "terlatih"}}
    assert [r.code for r in ask(party={"lessons": [Lesson("VAKUM"), Lesson("")]}, **other)] == ["not_qualified"]
    assert ask(party={"lessons": [Lesson("BAND")]}, **other) == []


def test_the_latest_of_several_expired_documents_is_named_and_the_first_kind():
    documents = [FiledDocument("md", "", date(2026, 1, 1)), FiledDocument("md", "", date(2026, 6, 1)), FiledDocument("nib", "", date(2026, 5, 1))]
    (said,) = ask(policy={"documents_required": ["md", "nib"]}, party={"documents": documents})
    assert said.values == {"expired": ["md", "nib"], "last_on": "2026-06-01"} and said.id.startswith("Izin BPOM MD")


def test_abilities_serve_any_form_or_format_and_what_was_not_said():
    any_form, any_pack, one = Ability("semua", "sachet"), Ability("bubuk", "semua"), Ability("bubuk", "sachet")
    asked = replace(REQUEST, form="bubuk", format="sachet")
    assert abilities_for([any_form, any_pack, one], asked) == [any_form, any_pack, one]
    assert abilities_for([any_form, any_pack, one], replace(asked, form="cair")) == [any_form]
    assert abilities_for([any_form, any_pack, one], replace(asked, format="botol")) == [any_pack]
    assert abilities_for([any_form, one], REQUEST) == [any_form, one]


@pytest.mark.parametrize(
    ("weight", "width", "fits"),
    [(5, 80, True), (50, None, True), (4, None, False), (51, None, False), (None, 81, False), (None, None, True)],
)
def test_sizes_fit_up_to_their_limits(weight, width, fits):
    said = ask(traits={"capabilities": SACHET}, request={"net_weight": weight, "width": width})
    assert (said == []) is fits


def test_the_widest_limits_of_all_abilities_are_told():
    both = SACHET | {Ability("bubuk", "bantal", smallest=2, largest=500, widest=120)}
    (said,) = ask(traits={"capabilities": both}, request={"net_weight": 900})
    assert (said.values["smallest"], said.values["largest"], said.values["widest"]) == (2, 500, 120)
    assert said.id == "Ukuran kemasan tidak cocok: paling besar 500 g/ml, paling kecil 2 g/ml, lebar sampai 120 mm."
    (said,) = ask(traits={"capabilities": SACHET | {Ability("x", "y", largest=9)}}, request={"net_weight": 900})
    assert (said.values["smallest"], said.values["largest"], said.values["widest"]) == (0, 50, None)
    assert (
        said.id == "Ukuran kemasan tidak cocok: paling besar 50 g/ml."
        and said.en == "The pack size does not fit: at most 50 g/ml."
    )


def test_a_machine_without_abilities_on_file_takes_anything():
    assert ask(traits={"capabilities": frozenset()}, request={"form": "cair", "net_weight": 10}) == []


@pytest.mark.parametrize(
    ("number", "pack", "warned"),
    [
        ("2" + "0" * 14, "botol", False), ("3" + "0" * 14, "botol", True), ("3" + "0" * 13, "botol", False),
        ("P-IRT 3" + "0" * 14, "botol", True), ("9" + "0" * 14, "botol", False), ("6" + "0" * 14, "botol", False),
        ("8" + "0" * 14, "botol", False), ("3" + "0" * 14, "unknown", False), ("3" + "0" * 14, "karton", False),
    ],
)  # fmt: skip
def test_a_permit_for_another_pack_is_a_warning(number, pack, warned):
    said = ask(request={"format": pack}, party={"documents": [FiledDocument("pirt", number), FiledDocument("nib", "3" + "0" * 14)]})
    assert [r.code for r in said] == ["pirt_pack_type"] * warned


def test_one_permit_that_fits_is_enough():
    documents = [FiledDocument("pirt", "3" + "0" * 14), FiledDocument("pirt", "1" + "0" * 14)]
    assert ask(request={"format": "botol"}, party={"documents": documents}) == []


def test_a_breakdown_is_said_once_and_only_from_its_start_to_the_expected_repair():
    broken = {"broken_since": at(9), "broken_until": at(12)}
    assert [r.code for r in ask(calendar=broken)] == ["broken"]
    assert ask(calendar=broken, request={"end": at(9)}) == []
    assert ask(calendar=broken, request={"start": at(12), "end": at(13)}) == []
    assert [r.code for r in ask(calendar=broken, request={"start": at(12), "end": at(13), "setup": 15})] == ["broken"]
    held = broken | {"taken": [Blocked(span(9, 12), "broken")]}
    assert [r.code for r in ask(calendar=held)] == ["broken"]
    beside = broken | {"taken": [Blocked(span(8, 8.5), "broken")]}
    assert len(ask(calendar=beside, request={"start": at(9), "end": at(10)})) == 1


def test_a_repair_due_this_minute_promises_nothing_and_says_no_time():
    overdue = {"broken_since": at(-80), "broken_until": PLAIN.now}
    (said,) = ask(calendar=overdue)
    assert said.id == "Mesin sedang rusak."


def test_grid_counts_seconds_and_the_length():
    for start, end in ((8, 10.1), (8.1, 10.1), (8 + 1 / 3600, 10 + 1 / 3600)):
        assert [r.code for r in ask(request={"start": at(start), "end": at(end)})] == ["off_grid"]
        assert ask(request={"start": at(start), "end": at(end)}, at_counter=True) == []
    odd = timedelta(microseconds=1)
    assert [r.code for r in ask(request={"start": at(8) + odd, "end": at(10) + odd})] == ["off_grid"]


def test_without_a_word_nobody_stands_at_the_counter():
    parts = (PLAIN.request, PLAIN.calendar, RULES_HERE, PLAIN.traits)
    assert [r.code for r in reasons_against(*parts, now=at(7.5))] == ["too_soon"]
    assert reasons_against(*parts, now=at(7.5), at_counter=True) == []


def test_the_rules_are_these_in_this_order():
    order = """taken never_mix cleaning breakdown operator past notice horizon opening shortest longest grid line fit documents
               documents_expired induction qualification standing weekly_quota cooperative_quota open_bookings reserved_share
               approval pack_type same_time"""
    about_people = order.split()[14:23] + ["pack_type", "same_time"]
    assert [rule.name for rule in RULES] == order.split()
    assert [rule.name for rule in RULES if rule.about_people] == about_people


def test_a_house_that_set_nothing_asks_nothing_of_people():
    party = Party(week_minutes=999, family_minutes=999, open_bookings=99, no_shows=MISSED, trials=9, shared_minutes=999)
    assert ask(party=party) == [] == ask(party=party, policy={})


def test_a_valid_paper_of_another_kind_does_not_help():
    documents = [FiledDocument("nib", "1"), FiledDocument("md", "", date(2026, 11, 22))]
    assert [r.code for r in ask(policy={"documents_required": ["md"]}, party={"documents": documents})] == [
        "document_expired"
    ]


def test_who_meets_one_job_hears_only_that_and_not_of_the_cleaning_of_the_next():
    assert [r.code for r in ask(calendar={"taken": [job(9, 10), job(10.25, 11)]})] == ["taken"]
