"""Names are stored without invisible marks, sort as people do, and are found however they are spelled."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from pydantic import ValidationError

from accounts import services
from accounts.models import User
from accounts.schemas import In, one_line, paragraphs, some_words
from accounts.voice import SpokenForm
from accounts.writing.texts import folded, visible
from bookings.models import Producer, Product
from bookings.ordering.products import keep_product
from bookings.people.queries import candidates, found, producer_list
from facilities.models import Facility, Machine
from tests import build

HIDDEN = [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Élan  Kopi", "elan kopi"), ("E\u0301lan", "élan"), ("DAPUR", "dapur"), ("Straße", "STRASSE"), ("ＤＡＰＵＲ", "dapur"),
     ("ﬁlm", "film"), ("Da\u200bpur", "Dapur"), ("İzmir", "izmir"), ("Dapur\u00a0Ani ", "dapur ani"), ("Ångström", "angstrom")],
)  # fmt: skip
def test_what_people_take_for_one_name_has_one_key(one, other):
    assert folded(one) == folded(other) == folded(folded(one))


@pytest.mark.parametrize("mark", HIDDEN, ids=lambda mark: f"{mark:04X}")
def test_a_mark_that_nobody_sees_is_left_out(mark):
    assert visible(f"Da{chr(mark)}pur") == "Dapur" and folded(chr(mark)) == ""


@pytest.mark.django_db
def test_producers_sort_as_people_do():
    for name in ("Gula Aren", "dupe", "Élan Kopi", "Dapur Ani", "Zaitun"):
        build.make_producer(name)
    sorted_names = ["Dapur Ani", "dupe", "Élan Kopi", "Gula Aren", "Zaitun"]
    assert [one.name for one in producer_list(build.fitri(), "")] == sorted_names
    assert [one.name for one in Producer.objects.all()] == sorted_names


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["élan", "ELAN", "Elan kopi", "e\u0301lan", "é\u200blan", "kopi elan", "MARÍA"])
def test_a_name_is_found_however_it_is_spelled(words):
    build.make_producer("Élan Kopi", contact_name="Maria")
    cahya = build.cahya(build.make_facility())
    assert [one.name for one in candidates(cahya, words)] == ["Élan Kopi"]
    assert candidates(cahya, "\u0301") == [] == candidates(cahya, "100%")


@pytest.mark.django_db
def test_a_machine_is_found_on_every_page_however_it_is_spelled(client):
    machine = build.make_machine(name="Pengéring Élan")
    assert [one.pk for one in found(build.fitri(), "PENGERING elan", on=build.MONDAY_8).machines] == [machine.pk]
    assert "Pengéring Élan" in client.get("/mesin/", {"q": "elan"}).content.decode()


@pytest.mark.django_db
def test_a_key_follows_its_name_whichever_way_that_is_written():
    user, house = build.make_user("Siti"), build.make_facility(name="Lama")
    services.change_profile(user=user, name="\u202eÉva", email="", language="id")
    Facility.objects.filter(pk=house.pk).update(name="Rumah\u200b Élok")
    machine = build.make_machine(house)
    Machine.objects.bulk_create([Machine(**{f.attname: getattr(machine, f.attname) for f in Machine._meta.concrete_fields}
                                         | {"id": None, "slug": "dua", "name": "\ufeffÉ"})])  # fmt: skip
    user.refresh_from_db()
    house.refresh_from_db()
    assert [(one.name, one.name_key) for one in (user, house, Machine.objects.get(slug="dua"))] == [
        ("Éva", "eva"), ("Rumah Élok", "rumah elok"), ("É", "e"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_one_product_has_one_name_however_it_is_typed():
    asked = {"producer": build.make_producer(), "form": "kering", "line": "halal", "now": build.EARLY}
    first = keep_product(name="Kopi Élan", **asked)
    assert keep_product(name="kopi  elan", **asked) == keep_product(name="KOPI\u200b ÉLAN", **asked) == first


@pytest.mark.django_db
def test_a_command_stores_a_name_without_marks():
    call_command("add_person", "\u202a+62 0813\u20115550 1234\u202c", "\u202eSiti", stdout=open("/dev/null", "w"))  # noqa: SIM115
    assert User.objects.get(phone="+6281355501234").name == "Siti"


@pytest.mark.django_db
def test_rows_of_an_earlier_version_get_their_keys_and_lose_their_marks():
    producer = build.make_producer("Élan Kopi")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_producer SET name = %s, name_key = '', contact_key = ''", ["\u202eÉlan\u200b Kopi"])
    step = importlib.import_module("bookings.migrations.0006_folded_names").Migration.operations[-1]
    step.code(apps, None)
    producer.refresh_from_db()
    assert (producer.name, producer.name_key) == ("Élan Kopi", "elan kopi")
    assert producer.contact_key == folded(producer.contact_name)


@pytest.mark.django_db
def test_two_products_that_differed_by_a_mark_keep_two_names():
    siti = build.make_producer()
    _, marked = (Product.objects.create(producer=siti, name=name, form="keripik") for name in ("Abon", "Kopi"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_product SET name = %s WHERE id = %s", ["Ab\u200bon", marked.pk])
    importlib.import_module("bookings.migrations.0006_folded_names").Migration.operations[-1].code(apps, None)
    assert list(Product.objects.order_by("pk").values_list("name", "name_key")) == [("Abon", "abon"), ("Abon 2", "abon 2")]


SORTS = {"sorted", "sort", "min", "max"}
NO_NAMES_OF_PEOPLE = {"bookings/rules/__init__.py", "bookings/demo/scale.py"}
"""Rules are called in code, districts of the benchmark are ours."""


def test_nothing_is_sorted_in_python_by_a_name_as_it_is_written():
    found = []
    for path in (path for app in ("accounts", "facilities", "bookings") for path in Path(app).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            keys = [one.value for one in call.keywords if one.arg == "key"] if called in SORTS else []
            asked = [node for key in keys for node in ast.walk(key) if isinstance(node, ast.Attribute) and node.attr == "name"]
            folds = any(isinstance(node, ast.Name) and node.id == "folded" for key in keys for node in ast.walk(key))
            found += [f"{path}:{call.lineno}"] if asked and not folds and path.as_posix() not in NO_NAMES_OF_PEOPLE else []
    assert found == []


UNSEEN = ["\u202eDapur", "Da\u2066pur\u2069", "\u200bDapur\u200e", "\ufeffDapur", "Dap\u00adur"]


class EveryText(SpokenForm):
    """One field of each kind that people type words into."""

    line = forms.CharField(label="nama usaha")
    note = forms.CharField(label="catatan", widget=forms.Textarea)
    secret = forms.CharField(label="kata sandi", widget=forms.PasswordInput)


@pytest.mark.parametrize("typed", UNSEEN)
def test_a_form_reads_what_people_see(typed):
    form = EveryText({"line": typed, "note": f"Baris satu\n{typed}", "secret": typed})
    assert form.is_valid() and form.cleaned_data["line"] == "Dapur" and form.cleaned_data["secret"] == typed
    assert not set(form.cleaned_data["note"]) & set("\u202e\u2066\u2069\u200e")


@pytest.mark.parametrize("typed", ["\u200b", " \u202e ", "\ufeff\u2060", "\u3164"])
def test_a_text_of_which_nobody_sees_anything_is_missing(typed):
    form = EveryText({"line": typed, "note": typed, "secret": "x"})
    assert form.errors == {"line": ["Tulis nama usaha."], "note": ["Tulis catatan."]}


class Words(In):
    """One text of each kind that scripts send."""

    line: one_line(20)  # type: ignore[valid-type]
    name: some_words(20)  # type: ignore[valid-type]
    note: paragraphs(60)  # type: ignore[valid-type]


@pytest.mark.parametrize("typed", UNSEEN)
def test_scripts_are_read_as_people_are(typed):
    said = Words(line=typed, name=typed, note=f"👩\u200d🍳 {typed}")
    assert said.line == said.name == "Dapur" and said.note.startswith("👩\u200d🍳") and "\u202e" not in said.note
    with pytest.raises(ValidationError):
        Words(line="", name="\u200b\u202e", note="")
