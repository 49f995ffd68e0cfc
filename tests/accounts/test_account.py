"""One's own account page, and what is kept of a person."""

import pytest
from django.test import Client

from accounts import services
from accounts.models import AuditEntry, User
from tests import build

pytestmark = pytest.mark.django_db
PASSWORD = "rumah kemas sintang"


@pytest.fixture
def siti():
    return services.register(phone="+6281200000001", name="Siti", password=PASSWORD, now=build.EARLY)


def device_of(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_siti_changes_her_name_and_language(siti):
    phone = device_of(siti)

    answer = phone.post("/akun/", {"name": "Siti Aminah", "email": "", "language": "en"}, follow=True)

    assert User.objects.get(pk=siti.pk).name == "Siti Aminah"
    assert answer.headers["Content-Language"] == "en"


def test_a_language_that_is_none_is_refused(siti):
    assert device_of(siti).post("/akun/", {"name": "S", "email": "x", "language": "xx"}).status_code == 422


def test_changing_the_password_signs_out_other_devices_and_not_this_one(siti):
    phone, lost = device_of(siti), device_of(siti)

    answer = phone.post("/akun/kata-sandi/", {"present": PASSWORD, "password": "keripik pisang enak"})

    assert answer.status_code == 302
    assert phone.get("/akun/").status_code == 200
    assert lost.get("/akun/").status_code == 302


@pytest.mark.parametrize(
    ("present", "new"), [("salah", "keripik pisang enak"), (PASSWORD, "pendek"), (PASSWORD, "1234567890")]
)
def test_a_password_is_changed_only_with_the_present_one_to_a_good_one(siti, present, new):
    assert device_of(siti).post("/akun/kata-sandi/", {"present": present, "password": new}).status_code == 422
    assert User.objects.get(pk=siti.pk).check_password(PASSWORD)


def test_a_lost_phone_is_signed_out_from_here(siti):
    phone, lost, budi = device_of(siti), device_of(siti), device_of(build.make_user("Budi"))

    phone.post("/akun/perangkat-lain/")

    assert [d.get("/akun/").status_code for d in (phone, lost, budi)] == [200, 302, 200]


def test_the_trail_says_what_was_done_and_no_password(siti):
    device_of(siti).post("/akun/kata-sandi/", {"present": PASSWORD, "password": "keripik pisang enak"})

    entry = AuditEntry.objects.get(target=f"accounts.user:{siti.pk}")
    assert (entry.action, entry.before, entry.after) == ("password_changed", {}, {})


def test_the_switch_of_language_is_kept_in_a_cookie_and_leads_back(client):
    answer = client.post("/bahasa/", {"language": "en", "next": "/masuk/"})

    assert (answer["Location"], answer.cookies["bahasa"].value) == ("/masuk/", "en")
    assert client.get("/masuk/").headers["Content-Language"] == "en"


def test_pages_are_indonesian_whatever_the_browser_was_set_to(client):
    assert client.get("/masuk/", headers={"Accept-Language": "en-US,en"}).headers["Content-Language"] == "id"
