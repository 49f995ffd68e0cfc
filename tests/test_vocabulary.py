"""Words for the codes of the catalogue."""

import csv
from pathlib import Path

from facilities import vocabulary

DATA = Path(__file__).parent.parent / "facilities" / "data"


def _codes(file: str, column: str) -> set[str]:
    with (DATA / file).open(newline="", encoding="utf-8") as rows:
        return {code for row in csv.DictReader(rows) for code in row[column].split("|")} - {"semua", "-"}


def test_every_form_and_format_of_the_facts_has_a_word():
    assert _codes("machine_types.csv", "product_forms") | _codes("products.csv", "product_form") <= set(vocabulary.FORMS)
    assert _codes("machine_types.csv", "pack_formats") | _codes("products.csv", "pack_formats") <= set(vocabulary.FORMATS)


def test_every_operator_level_has_a_word():
    assert _codes("machine_types.csv", "operator_level") == set(vocabulary.LEVELS)


def test_words_follow_the_language_and_an_unknown_code_stays_itself():
    assert vocabulary.form_word("bubuk") == "Bubuk"
    assert vocabulary.form_word("bubuk", "en") == "Powder"
    assert vocabulary.format_word("semua") == "Semua kemasan"
    assert vocabulary.format_word("ember") == "ember"
