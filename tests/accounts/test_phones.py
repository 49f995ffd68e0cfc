import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.writing.phones import masked, normalised, normalised_office, whole_number
from tests.cases.reading import rows_of


def typed(cell: str) -> str:
    """Return a cell as it was typed: ‹U+200B› is that sign, ‹spasi› a blank at an end."""
    return re.sub("‹U\\+([0-9A-F]{4})›", lambda sign: chr(int(sign[1], 16)), cell).replace("‹spasi›", " ")


CASES = rows_of(
    (Path(__file__).parent / "nomor-hp.md").read_text(), ["Cara menulis", "Ditulis", "Jawaban"], "nomor-hp.md"
)
WRITTEN = {name: (typed(cell), answer) for name, cell, answer in CASES}


@pytest.mark.parametrize(("written", "answer"), WRITTEN.values(), ids=WRITTEN.keys())
def test_a_number_is_read_as_the_table_says(written, answer):
    assert (whole_number(written) or "ditolak") == answer


def test_the_table_has_forty_ways_to_write_a_number():
    assert len({written for written, _ in WRITTEN.values()}) == len(WRITTEN) >= 40


def test_an_office_may_have_a_landline_written_as_freely():
    assert {normalised_office(w) for w in ("(0561) 732\u2011000", "+62\u200b561 732000", "0561\u2013732000")} == {
        "+62561732000"
    }
    for wrong in ("", "0", "12", "0561732000123456", "abc"):
        with pytest.raises(ValueError, match="Indonesian number"):
            normalised_office(wrong)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused_and_a_number_stays_itself(written):
    try:
        number = normalised(written)
    except ValueError:
        return
    assert normalised(number) == number


def test_a_masked_number_shows_its_ends_only():
    assert masked("+6281234567890") == "0812-••••-••90"
