from django.db import migrations, models

SUPPORT = "LBR LBF CODH CODJ METAL N2 SPIN PRNT LAM STRAP CAP IND SHRINK".split()


def mark(apps, schema_editor):
    apps.get_model("facilities", "MachineType").objects.filter(code__in=SUPPORT).update(is_support=True)


class Migration(migrations.Migration):
    dependencies = [("facilities", "0002_changeovers_operators_and_limits")]
    operations = [
        migrations.AddField(
            "machinetype",
            "is_support",
            models.BooleanField(default=False, help_text="prepares, marks or checks packs, and packs nothing"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
