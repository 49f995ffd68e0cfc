"""What the worker does by the clock. `next_run` is left to the default, so a new house begins at once."""

from datetime import datetime, timedelta, timezone

from django.db import migrations

EVERY_MINUTE = {"schedule_type": "I", "minutes": 1}
SCHEDULES = {
    "send-messages": {"func": "bookings.tasks.send_queued", **EVERY_MINUTE},
    "remind": {"func": "bookings.tasks.remind", **EVERY_MINUTE},
    "release-no-shows": {"func": "bookings.tasks.release_no_shows", **EVERY_MINUTE},
    "expire-requests": {"func": "bookings.tasks.expire_requests", **EVERY_MINUTE},
    "sum-changed-months": {"func": "bookings.reports.tasks.recompute_stale", **EVERY_MINUTE},
    "follow-up-forgotten": {"func": "bookings.tasks.follow_up_forgotten", "schedule_type": "I", "minutes": 5},
    "photo-sizes": {"func": "facilities.tasks.make_waiting_photos", "schedule_type": "I", "minutes": 10},
    "sum-recent-months": {"func": "bookings.reports.tasks.recompute_nightly", "schedule_type": "D", "at": (17, 15)},
    "prune": {"func": "bookings.tasks.prune", "schedule_type": "D", "at": (18, 15)},
}
"""Hours are UTC: 17.15 is 00.15 in Pontianak and past midnight everywhere in Indonesia."""


def make(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    for name, schedule in SCHEDULES.items():
        values = {"repeats": -1, **schedule}
        if at := values.pop("at", None):
            values["next_run"] = _next(*at)
        Schedule.objects.update_or_create(name=name, defaults=values)


def _next(hour, minute):
    now = datetime.now(timezone.utc)
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return due if due > now else due + timedelta(days=1)


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name__in=SCHEDULES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_follow_up"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]
    operations = [migrations.RunPython(make, remove)]
