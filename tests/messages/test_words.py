"""What people read: every kind, both languages, complete without a link, nobody's secrets."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from bookings.messages.letters import Letter, one_line, sections_of
from bookings.messages.words import FOR_THE_HOUSE, KINDS, Facts, letter, whatsapp
from tests import build

SAID_WRONG = re.compile(r"\b(booking|slot|submit|login|cancel|error|besok|hari ini|kamu)\b", re.I)


def facts(**changes):
    values = {
        "reference": "PNT-4K7M", "start": build.at(8, day=1), "end": build.at(10, day=1),
        "zone": ZoneInfo("Asia/Pontianak"), "machine": "Segel kontinu 1", "machine_slug": "pontianak-band-1",
        "house": "Rumah Produksi Pontianak", "address": "Jalan Ahmad Yani 12, Kota Pontianak",
        "house_phone": "+628125550001", "phone_words": "0812-5550-001", "bring": ("Produk siap kemas", "Standing pouch 100 g"),
        "producer": "Keripik Siti", "product": "Keripik talas", "quantity": 1250, "grace": 15,
        "site": "https://rumah.example.id", **changes,
    }  # fmt: skip
    return Facts(**values)


def written(kind, language="id", **changes) -> Letter:
    return letter(kind, facts(**changes), language=language, name="Siti")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_says_when_where_and_which_without_opening_a_link(kind, language):
    told = written(kind, language, answer_by=build.at(12))
    day = {"id": "Selasa, 24 November 2026", "en": "Tuesday, 24 November 2026"}[language]
    hours = {"id": "08.00–10.00 WIB", "en": "08:00–10:00 WIB"}[language]
    for text in (told.text(), told.note()):
        assert all(part in text for part in (day, hours, "Segel kontinu 1", "Rumah Produksi Pontianak", "PNT-4K7M"))
    assert "https://" not in told.note() and told.subject.endswith(("08.00 WIB", "08:00 WIB"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_voice_is_that_of_the_screens(kind):
    told = written(kind, answer_by=build.at(12), reason_code="broken", reason="Elemen putus")
    said = [told.subject, *told.words, *(fact.label for fact in told.facts), *(link.words for link in told.links)]
    if kind != "given_back":  # its link names the page Hari ini
        assert not [words for words in said if SAID_WRONG.search(words)]
    sentences = re.split(r"(?<=[.?!])\s", " ".join(told.words))
    assert max(len(sentence.split()) for sentence in sentences) <= 12


def test_a_confirmation_reads_like_this():
    assert written("booked").text().split("\n\n")[:4] == [
        "Selasa, 24 November 2026\n08.00–10.00 WIB",
        "Halo Siti. Jadwal Anda tercatat.",
        "Jam Anda dijaga sampai 15 menit sesudah mulai.",
        "Pelaku usaha: Keripik Siti\nMesin: Segel kontinu 1\n"
        "Tempat: Rumah Produksi Pontianak, Jalan Ahmad Yani 12, Kota Pontianak\n"
        "Produk: Keripik talas, 1.250 kemasan\nNomor pesanan: PNT-4K7M",
    ]


def test_a_reminder_says_what_to_bring_and_how_to_give_the_time_back():
    text = written("remind_day").text()
    assert "Yang dibawa:\n- Produk siap kemas\n- Standing pouch 100 g" in text
    assert "satu ketuk:\nhttps://rumah.example.id/pesanan/PNT-4K7M/batal/" in text


def test_a_move_names_the_old_time_and_a_refusal_its_reason():
    moved = written("moved", old_start=build.at(8), old_end=build.at(9)).text()
    assert "Sebelumnya: Senin, 23 November 2026, 08.00–09.00 WIB" in moved
    assert "Alasan: Mesin rusak. Elemen putus" in written("displaced", reason_code="broken", reason="Elemen putus").text()


def test_the_time_is_the_houses_own_wherever_it_stands():
    told = written("booked", zone=ZoneInfo("Asia/Makassar"), start=build.at(6.5), end=build.at(7.5))
    assert told.when == ("Senin, 23 November 2026", "07.30–08.30 WITA")


def test_only_a_mobile_number_gets_a_whatsapp_link():
    assert whatsapp("+628125550001", "Halo & apa kabar").startswith("https://wa.me/628125550001?text=Halo%20%26")
    assert whatsapp("+62561000000", "Halo") == ""
    assert not [link for link in written("booked", house_phone="+62561000000").links if "wa.me" in link.address]


@pytest.mark.parametrize("kind", sorted(FOR_THE_HOUSE))
def test_the_house_hears_who_but_no_number_of_theirs(kind):
    text = written(kind).text()
    assert "Keripik Siti" in text and "wa.me" not in text


@given(st.text(max_size=400), st.text(max_size=400))
def test_words_that_people_type_cannot_forge_a_part_of_the_message(product, reason):
    told = written("displaced", product=product, reason=reason, reason_code="broken")
    plain = [(s.kind, len(s.facts)) for s in sections_of(told.text())]
    ordinary = [(s.kind, 7 if s.kind == "facts" else 0) for s in sections_of(written("displaced", reason_code="broken").text())]
    assert plain == ordinary
    assert one_line(reason) == one_line(one_line(reason)) and len(one_line(reason)) <= 300


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_says_what_the_text_says(kind):
    text = written(kind, reason="<b>& 'x'", answer_by=build.at(12), old_start=build.at(8), old_end=build.at(9)).text()
    html = render_to_string("emails/message.html", {"subject": "s", "language": "id", "sections": sections_of(text)})
    import html as codec

    seen = " ".join(codec.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.S)).split())
    wanted = [line.removeprefix("- ").removesuffix(":") for line in text.split("\n") if line and not line.startswith("http")]
    assert [line for line in wanted if line.replace(": ", " ", 1) not in seen and line not in seen] == []
    assert html.count('class="go"') == 1 and "src=" not in html


def test_nothing_is_said_that_a_late_reader_would_misread():
    for kind in KINDS:
        assert not re.search(r"\b(besok|tomorrow|today|kemarin)\b", written(kind, "id").note() + written(kind, "en").note())


def test_a_long_name_does_not_make_a_long_subject():
    assert len(written("to_answer", producer="K" * 300, end=build.at(8, day=1) + timedelta(hours=1)).subject) <= 150
