"""Every number that people type is read in one way; the table beside this file says which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms

from accounts.fields import MINUTES, WEIGHT, WholeField
from accounts.writing import numbers
from bookings.rules.weights import grams
from bookings.setup.rule_fields import MinutesField
from facilities.errors import BadInput
from facilities.time.cells import read as read_cell
from facilities.time.lengths import allowed_length
from facilities.time.limits import Limits
from tests.cases.reading import rows_of
from tests.code import APPS, modules

TABLE = Path(__file__).parent / "angka.md"
ROWS = list(rows_of(TABLE.read_text(), ["Diketik", "Angka bulat", "Angka pecahan"], TABLE.name))
CASES = [(row[0], reader, wanted) for row in ROWS for reader, wanted in zip(("whole", "decimal"), row[1:], strict=True)]


def typed(text: str) -> str:
    return re.sub("⟨(.+?)⟩", lambda name: unicodedata.lookup(name[1]), text)


def said(reader: str, text: str) -> str:
    try:
        found = getattr(numbers, reader)(text)
    except numbers.Unclear as error:
        return "tanya: {} atau {}".format(*map(numbers.written, error.readings))
    except numbers.Unreadable:
        return "bukan"
    return f"{found:f}".rstrip("0").rstrip(".") if "." in f"{found:f}" else f"{found:f}"


@pytest.mark.parametrize(("text", "reader", "wanted"), CASES)
def test_a_number_is_read_as_the_table_says(text, reader, wanted):
    assert said(reader, typed(text)) == wanted


def test_the_table_has_at_least_forty_ways():
    assert len({row[0] for row in ROWS}) >= 40


@pytest.mark.parametrize(
    ("text", "units", "wanted"),
    [("2,5 jam", MINUTES, 150), ("90 menit", MINUTES, 90), ("1,5 kg", WEIGHT, 1500), ("1.500 g", WEIGHT, 1500)],
)
def test_a_unit_may_follow_a_number(text, units, wanted):
    assert WholeField(units=units).clean(text) == wanted


def test_an_unclear_number_is_asked_back_with_both_readings():
    with pytest.raises(forms.ValidationError, match=r"1\.000 atau 1\?"):
        WholeField().clean("1,000")
    with pytest.raises(forms.ValidationError, match=r"1\.500 atau 1,5\?"):
        WholeField().clean("1.5")


def test_rules_addresses_weights_and_cells_read_the_same_numbers():
    assert MinutesField(low=0, high=100_000).clean(["1.000", "1"]) == 1000
    assert MinutesField(low=0, high=100_000).clean(["2,5", "60"]) == 150
    assert MinutesField(low=0, high=100_000).clean(["2,5 jam", "1"]) == 150
    assert (grams("1.500 g"), grams("1,5 kg"), grams("1,000 kg")) == (1500, 1500, None)
    assert (read_cell("٢٠", "x"), read_cell(" 2 jam ", "x")) == (20, 120)
    assert allowed_length(Limits(15, 60, 60, 30, 1440, "auto", 0), "1.000") == 1005
    with pytest.raises(BadInput) as bad:
        read_cell("1,5", "x")
    assert "1.500 atau 1,5?" in str(vars(bad.value))


def form_classes() -> Iterator[type[forms.BaseForm]]:
    for module in modules(*APPS):
        if "forms" in module.name or "fields" in module.name:
            found = vars(import_module(module.name)).values()
            yield from (one for one in found if isinstance(one, type) and issubclass(one, forms.BaseForm))


def test_no_form_reads_a_number_in_another_way():
    numeric = (forms.IntegerField, forms.FloatField)  # DecimalField is an IntegerField
    wrong = [
        f"{form.__name__}.{name}"
        for form in form_classes()
        for name, field in form.base_fields.items()
        if isinstance(field, numeric) and not isinstance(field, WholeField) and not field.widget.is_hidden
    ]
    assert not wrong


def test_no_edge_makes_a_field_that_reads_numbers_its_own_way():
    """Forms that make their fields as they go are not seen in `base_fields`: their text is."""
    own = re.compile(
        r"forms\.(NumberInput|DecimalField|FloatField)|forms\.IntegerField\((?!.*HiddenInput)|type=\"number\""
    )
    wrong = [
        f"{path.name}: {found[0]}"
        for folder in (*APPS, "templates")
        for path in Path(folder).rglob("*.*")
        if path.suffix in (".py", ".html") and path.name != "fields.py" or path.match("bookings/*/fields.py")
        for found in own.finditer(path.read_text())
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("9223372036854775807", 2**63 - 1), ("9223372036854775808", None), ("9" * 5000, None), ("²", None),
     ("٣", None), ("１", None), ("1.0", None), ("-1", None), (" 1", None), ("", None), ("1e3", None)],
)  # fmt: skip
def test_an_address_says_plain_digits_and_nothing_else(text, number):
    assert numbers.plain(text) == number
