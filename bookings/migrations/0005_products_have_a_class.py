from django.db import migrations

USUAL = {"keripik": "berminyak", "pasta": "basah", "cair": "basah"}


def describe(apps, schema_editor):
    """Products on file get the class that products of their form usually have; people may change it."""
    Product = apps.get_model("bookings", "Product")
    for form in Product.objects.filter(cleaning_class="").exclude(form="").values_list("form", flat=True).distinct():
        Product.objects.filter(form=form, cleaning_class="").update(cleaning_class=USUAL.get(form, "kering"))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_needs_documents_and_classes")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
