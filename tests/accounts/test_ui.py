"""The template words: every drawing, icon and state that a page may ask for exists."""

import csv
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from accounts.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
SYMBOLS = {
    name: set(re.findall(r'<symbol id="([a-z0-9-]+)"', (ROOT / "static/img" / f"{name}.svg").read_text()))
    for name in ("icons", "machines")
}


class Pack(forms.Form):
    quantity = forms.IntegerField(label="Jumlah kemasan", help_text="Tanpa titik.", min_value=1)
    shared = forms.BooleanField(label="HP bersama", required=False)


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_every_machine_type_has_a_drawing_of_its_own() -> None:
    with (ROOT / "facilities/data/machine_types.csv").open(newline="") as rows:
        codes = [row["code"] for row in csv.DictReader(rows)]
    drawn = [ui.drawings()[code] for code in codes]
    assert len(set(drawn)) == len(codes)
    assert {f"m-{symbol}" for symbol in drawn} <= SYMBOLS["machines"]


def test_an_unknown_type_gets_the_plain_machine() -> None:
    assert "#m-mesin" in render('{% machine_drawing "BARU" %}')


def test_a_drawing_is_found_by_code_or_symbol() -> None:
    assert "#m-segel-gas" in render('{% machine_drawing "BANDGAS" size="sm" %}')
    assert "#m-segel-gas" in render('{% machine_drawing "segel-gas" %}')


@pytest.mark.parametrize("status", ui.STATUSES)
def test_every_state_has_a_class_an_icon_and_a_word(status: str) -> None:
    css, name, word = ui.STATUSES[status]
    assert f".chip.{css} " in (ROOT / "static/css/app.css").read_text()
    assert f"i-{name}" in SYMBOLS["icons"]
    assert str(word) in render("{% status_chip status %}", status=status)


def test_every_icon_named_in_a_template_exists() -> None:
    pages = [*(ROOT / "templates").rglob("*.html")]
    named = {name for page in pages for name in re.findall(r'{% icon "([^"]+)"', page.read_text())}
    assert {f"i-{name}" for name in named} <= SYMBOLS["icons"]


def test_words_in_a_chip_are_escaped() -> None:
    assert "<b>" not in render('{% status_chip "free" words %}', words="<b>")


def test_a_page_knows_where_it_is() -> None:
    request = RequestFactory().get("/mesin/pontianak-band-1/")
    assert 'aria-current="page"' in render('{% current "/mesin/" %}', request=request)
    assert render('{% current "/rumah/" %}{% current "/" %}', request=request) == ""


def test_a_query_is_kept_when_one_value_changes() -> None:
    request = RequestFactory().get("/mesin/?form=keripik&page=1")
    assert render("{% with_query page=2 %}", request=request) == "form=keripik&amp;page=2"


def test_a_refused_field_tells_its_error_to_screen_readers() -> None:
    html = render('{% include "components/field.html" %}', field=Pack({"quantity": "0"})["quantity"])
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_quantity_helptext id_quantity_error"' in html
    assert 'id="id_quantity_error"' in html and 'id="id_quantity_helptext"' in html


def test_the_summary_of_errors_leads_to_the_field() -> None:
    html = render('{% include "components/form_errors.html" %}', form=Pack({"quantity": "0"}))
    assert 'href="#id_quantity"' in html


def test_a_qr_code_is_drawn_as_one_path_with_a_label() -> None:
    html = render('{% qr_code "https://rumah.example/pesanan/PTK-4K7M/" "Kode QR" %}')
    assert html.count("<path") == 2 and 'aria-label="Kode QR"' in html


def test_nothing_reads_as_nothing() -> None:
    assert render("{{ none|rupiah }}{{ none|tanggal }}{{ none|durasi }}", none=None) == ""
