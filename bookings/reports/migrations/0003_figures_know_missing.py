"""Booked hours that nobody has reported yet are a sum of their own; the worker fills it within minutes."""

from django.db import migrations, models


def sum_again(apps, schema_editor):
    """Mark the cells whose hours may be unreported: those that were booked."""
    cells = apps.get_model("reports", "UsageMonth").objects.filter(booked__gt=0)
    mark = apps.get_model("facilities", "StaleMonth")
    pairs = cells.values_list("machine_id", "month").iterator(chunk_size=2000)
    mark.objects.bulk_create((mark(machine_id=machine, month=month) for machine, month in pairs), batch_size=2000)


HELP = "booked minutes of which nobody has said what came of them"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_a_producers_month"),
        ("facilities", "0001_initial"),
    ]

    operations = [
        migrations.AddField("producermonth", "unreported", models.PositiveIntegerField(default=0, help_text=HELP)),
        migrations.AddField("usagemonth", "unreported", models.PositiveIntegerField(default=0, help_text=HELP)),
        migrations.RunPython(sum_again, migrations.RunPython.noop),
    ]
