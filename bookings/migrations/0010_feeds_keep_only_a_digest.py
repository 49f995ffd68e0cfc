"""Feeds keep a digest of their secret, and when they were last read. Addresses that phones know go on working."""

import hashlib

from django.db import migrations, models


def digest(apps, schema_editor):
    feeds = apps.get_model("bookings", "CalendarFeed").objects
    for pk, token in list(feeds.values_list("pk", "token")):
        feeds.filter(pk=pk).update(digest=hashlib.sha256(token.encode()).hexdigest())


def forget(apps, schema_editor):
    # Nobody can turn a digest back: addresses made before have to be made again, and nobody knows these.
    feeds = apps.get_model("bookings", "CalendarFeed").objects
    for pk, kept in list(feeds.values_list("pk", "digest")):
        feeds.filter(pk=pk).update(token=kept[:43])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0009_runs_are_asked_back")]

    operations = [
        migrations.AddField("calendarfeed", "last_read_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("calendarfeed", "digest", models.CharField(max_length=64, null=True)),
        migrations.AlterField("calendarfeed", "token", models.CharField(max_length=43, null=True)),
        migrations.RunPython(digest, forget),
        migrations.AlterField("calendarfeed", "digest", models.CharField(max_length=64, unique=True)),
        migrations.RemoveField("calendarfeed", "token"),
    ]
