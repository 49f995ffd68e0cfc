"""The worker's own heartbeat, and the clearing of sessions nobody can use any more."""

from django.db import migrations

SCHEDULES = [
    {"name": "heartbeat", "func": "accounts.tasks.beat", "schedule_type": "I", "minutes": 1},
    {"name": "clear-sessions", "func": "accounts.tasks.clear_expired_sessions", "schedule_type": "D"},
]


def make(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    for schedule in SCHEDULES:
        Schedule.objects.update_or_create(name=schedule["name"], defaults={**schedule, "repeats": -1})


def remove(apps, schema_editor):
    names = [schedule["name"] for schedule in SCHEDULES]
    apps.get_model("django_q", "Schedule").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]
    operations = [migrations.RunPython(make, remove)]
