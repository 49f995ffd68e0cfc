from django.db import migrations

from facilities.facts import facts


def fill(apps, schema_editor):
    """Houses that run already get the default matrix; a new installation loads it with its first house."""
    Changeover = apps.get_model("facilities", "Changeover")
    if not apps.get_model("facilities", "Facility").objects.exists():
        return
    known = set(Changeover.objects.filter(facility__isnull=True).values_list("before", "after"))
    Changeover.objects.bulk_create(
        Changeover(
            before=row["before"],
            after=row["after"],
            minutes=int(row["minutes"]) if row["minutes"].isdigit() else None,
            is_refused=row["minutes"] == "never",
            is_example=True,
        )
        for row in facts("changeovers")
        if (row["before"], row["after"]) not in known
    )


class Migration(migrations.Migration):
    dependencies = [("facilities", "0003_support_machines")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
