"""Addresses made when their secrets were still kept go on working; the way back is open too."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import build

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "0010_feeds_keep_only_a_digest"
BEFORE = import_module(f"bookings.migrations.{NAME}").Migration.dependencies


def migrate(targets):
    """Bring the database to these migrations and return its models then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return (
        MigrationExecutor(connection).loader.project_state(targets).apps.get_model("bookings", "CalendarFeed").objects
    )


@pytest.fixture
def newest():
    yield MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_an_address_made_when_secrets_were_kept_goes_on_working(newest, client):
    machine, siti, token = build.make_machine(), build.siti(), "t" * 43
    feeds = migrate(BEFORE)
    feeds.create(token=token, user_id=siti.pk, machine_id=machine.pk, made_at=build.EARLY)
    migrate(newest)
    assert client.get(f"/api/v1/calendar/{token}.ics").status_code == 200
    assert migrate(BEFORE).exclude(token=token).count() == 1
