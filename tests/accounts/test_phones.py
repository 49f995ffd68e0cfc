import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.phones import masked, normalised


@pytest.mark.parametrize(
    "written",
    ["081234567890", "0812-3456-7890", "+62 812-3456-7890", "6281234567890", "81234567890", "(0812) 3456.7890",
     "00628 1234567890", "+62 0812 3456 7890", " 0812‑3456‑7890 "],
)  # fmt: skip
def test_every_usual_way_of_writing_is_one_number(written):
    assert normalised(written) == "+6281234567890"


@pytest.mark.parametrize(
    "written",
    ["", "0", "08", "0561732000", "+65 8123 4567", "0812345678901234", "0812x4567890", "٠٨١٢٣٤٥٦٧٨٩٠", "0012"],
)
def test_what_is_no_indonesian_mobile_number_is_refused(written):
    with pytest.raises(ValueError, match="mobile number"):
        normalised(written)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused_and_a_number_stays_itself(written):
    try:
        number = normalised(written)
    except ValueError:
        return
    assert normalised(number) == number


def test_a_masked_number_shows_its_ends_only():
    assert masked("+6281234567890") == "0812-••••-••90"
