"""Two different products are two needs: the product joins what a need is counted by."""

from django.db import migrations, models
from django.db.models import F, Q


def make_one_of_like_needs(apps, schema_editor):
    """Going back: needs that differ only in their product become one, with the latest words and all the counts."""
    Need = apps.get_model("bookings", "Need")
    for whose, one_of in (
        (Need.objects.filter(producer__isnull=False), ("producer_id", "pack_format", "month")),
        (Need.objects.filter(producer__isnull=True), ("asker", "pack_format", "asked_on")),
    ):
        kept = {}
        for need in whose.order_by("-last_asked_at", "-pk").iterator():
            latest = kept.setdefault(tuple(getattr(need, name) for name in one_of), need)
            if latest is need:
                continue
            Need.objects.filter(pk=latest.pk).update(
                times=F("times") + need.times,
                first_asked_at=min(latest.first_asked_at, need.first_asked_at),
                asked_on=min(latest.asked_on, need.asked_on),
                ended_in_nothing=latest.ended_in_nothing or need.ended_in_nothing,
            )
            latest.refresh_from_db()
            need.delete()


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_folded_names")]
    operations = [
        migrations.AddField("need", "product", models.CharField(blank=True, default="", max_length=80)),
        migrations.RemoveConstraint("need", "one_need_per_producer_format_and_month"),
        migrations.RemoveConstraint("need", "one_need_per_asker_format_and_day"),
        migrations.AddConstraint(
            "need",
            models.UniqueConstraint(
                fields=["producer", "product", "form", "pack_format", "month"],
                condition=Q(producer__isnull=False),
                name="one_need_per_producer_product_and_month",
            ),
        ),
        migrations.AddConstraint(
            "need",
            models.UniqueConstraint(
                fields=["asker", "product", "form", "pack_format", "asked_on"],
                condition=Q(producer__isnull=True),
                name="one_need_per_asker_product_and_day",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, make_one_of_like_needs),
    ]
