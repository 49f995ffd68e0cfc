"""Stops from before they remembered their last change: the audit trail knows it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from facilities.models import Breakdown, Maintenance
from facilities.upkeep import services as stopped
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [
    to
    for to in import_module("facilities.migrations.0011_stops_remember_changes").Migration.dependencies
    if to[0] == "facilities"
]


def migrate(targets=None):
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())


def test_stops_of_earlier_versions_know_their_last_change_from_the_trail():
    machine = build.make_machine()
    asked = {"machine": machine, "actor": build.cahya(machine.facility), "now": build.EARLY}
    span = stopped.Span(build.at(8), build.at(10))
    work = stopped.schedule_maintenance(span=span, title="Oli", **asked)
    later = build.EARLY + timedelta(hours=1)
    stopped.cancel_maintenance(maintenance_id=work.pk, actor=asked["actor"], now=later)
    stop = stopped.report_breakdown(span=span, reason="Motor", **asked)
    try:
        migrate(BEFORE)
    finally:
        migrate()
    found = [(one.version, one.changed_at) for one in (Maintenance.objects.get(), Breakdown.objects.get(pk=stop.pk))]
    assert found == [(2, later), (1, build.EARLY)]
