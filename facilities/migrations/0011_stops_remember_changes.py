"""Maintenance and breakdowns remember their last change; of old ones the audit trail knows it."""

from django.db import migrations, models


def read_the_trail(apps, schema_editor):
    trail = apps.get_model("accounts", "AuditEntry").objects
    for name in ("maintenance", "breakdown"):
        stops, label = apps.get_model("facilities", name).objects, f"facilities.{name}:"
        for pk in list(stops.values_list("pk", flat=True)):
            changes = list(trail.filter(target=f"{label}{pk}").order_by("at").values_list("at", flat=True))
            if changes:
                stops.filter(pk=pk).update(changed_at=changes[-1], version=len(changes))


class Migration(migrations.Migration):
    dependencies = [("facilities", "0010_stops_can_be_corrected"), ("accounts", "0003_folded_names")]

    operations = [
        *(
            migrations.AddField(name, field, column)
            for name in ("maintenance", "breakdown")
            for field, column in (
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
            )
        ),
        migrations.RunPython(read_the_trail, migrations.RunPython.noop),
    ]
