"""Opening a real house from the command line, and making people responsible for it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEntry, User
from facilities.access import duties_of
from facilities.models import Duty, Facility
from facilities.setup import staffing
from tests import build

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def open_sambas(**changed):
    answers = {"district": "61.01", "phone": "0812-1111-2222", "contact": "Cahya", **changed}
    return run("open_house", "sambas", "Rumah Produksi Sambas", *(f"--{k}={v}" for k, v in answers.items()))


def test_a_house_opens_with_a_week_and_a_manager_who_signs_in():
    open_sambas()
    password = run("add_person", "081233334444", "Cahya", "--duty=manager", "--house=sambas").strip()

    house, cahya, browser = Facility.objects.get(), User.objects.get(), Client()
    assert house.opening_hours.count() == 5
    assert duties_of(cahya).manages == {house.pk}
    assert browser.post("/masuk/", {"phone": "081233334444", "password": password}).status_code == 302


@pytest.mark.parametrize(
    "changed", [{"district": "99.99"}, {"phone": "12"}, {"zone": "Mars/Olympus"}], ids=["district", "phone", "zone"]
)
def test_a_house_that_cannot_be_is_not_opened(changed):
    with pytest.raises(CommandError):
        open_sambas(**changed)
    assert not Facility.objects.exists()


def test_a_house_is_opened_once():
    open_sambas()

    with pytest.raises(CommandError, match="already"):
        open_sambas()


@pytest.mark.parametrize("scope", [["--duty=manager"], ["--duty=district", "--house=sambas"], ["--house=sambas"],
                                   ["--duty=manager", "--house=atlantis"]])  # fmt: skip
def test_a_duty_without_its_scope_is_not_given(scope):
    open_sambas()

    with pytest.raises(CommandError):
        run("add_person", "081233334444", "Cahya", *scope)
    assert not Duty.objects.exists() and not User.objects.exists()


def test_a_known_person_keeps_the_password_and_gets_the_duty_once():
    open_sambas()
    siti = build.make_user("Siti", phone="+6281233334444")

    assert run("add_person", "081233334444", "Siti", "--duty=province") == ""
    assert run("add_person", "081233334444", "Siti", "--duty=province", "--admin") == ""

    assert Duty.objects.filter(user=siti).count() == 1
    assert User.objects.get(pk=siti.pk).is_superuser
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"open_facility", "give_duty", "made_admin"}


def test_ended_duties_open_nothing_any_more():
    cahya, house = build.make_user("Cahya"), build.make_facility("pontianak")
    staffing.give_duty(user=cahya, kind="manager", facility=house, district=None, actor=None, now=build.EARLY)

    assert staffing.end_duties(user=cahya, actor=None, now=build.MONDAY_8) == 1
    assert duties_of(User.objects.get(pk=cahya.pk)).manages == frozenset()
