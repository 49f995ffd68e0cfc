from datetime import date, timedelta

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LONG_AGO = date(1900, 1, 1)


def put_corrected_ones_aside(apps, schema_editor):
    """Going back, where one tariff a day is all there may be: give the corrected ones a day of their own, long ago."""
    Tariff = apps.get_model("facilities", "Tariff")
    for number, one in enumerate(Tariff.objects.filter(corrected_at__isnull=False).order_by("pk")):
        day = LONG_AGO + timedelta(days=number)
        Tariff.objects.filter(pk=one.pk).update(valid_from=day, valid_until=day)


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0008_holidays_kept_by_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='tariff',
            options={'ordering': ['-valid_from', '-pk']},
        ),
        migrations.RemoveConstraint(
            model_name='tariff',
            name='one_tariff_per_machine_and_day',
        ),
        migrations.AddField(
            model_name='tariff',
            name='corrected_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tariff',
            name='corrected_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tariff',
            name='reason',
            field=models.CharField(blank=True, help_text='why it was corrected', max_length=160),
        ),
        migrations.RunPython(migrations.RunPython.noop, put_corrected_ones_aside),
        migrations.AddConstraint(
            model_name='tariff',
            constraint=models.UniqueConstraint(condition=models.Q(('corrected_at__isnull', True)), fields=('machine', 'valid_from'), name='one_tariff_per_machine_and_day'),
        ),
    ]
