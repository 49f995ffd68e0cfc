"""Alive and ready: what a monitor is told, and when it must be told the bad news."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import Heartbeat
from tests.q2 import drain

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_a_site_without_a_worker_is_not_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "migrations": "ok", "worker": "never seen"}


def test_the_worker_shows_life_by_its_own_schedule(client):
    drain(schedules=True)

    assert Heartbeat.objects.get().name == "worker"
    assert client.get("/readyz").status_code == 200


def test_a_silent_worker_is_noticed_after_three_minutes(client):
    services.beat(name="worker", now=timezone.now() - timedelta(minutes=4))

    assert client.get("/readyz").json()["checks"]["worker"] == "silent for 4 minutes"


def test_the_page_about_the_state_says_it_in_words(client):
    services.beat(name="worker", now=timezone.now())

    assert "Semua berjalan" in client.get("/status/").content.decode()
    services.beat(name="worker", now=timezone.now() - timedelta(hours=1))
    assert client.get("/status/").status_code == 503
