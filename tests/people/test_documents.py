"""Documents and lessons: numbers as people write them, who checks them, and who reads them."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import AuditEntry
from bookings.models import Document, Producer, Qualification
from bookings.people import document_services as documents
from bookings.people.document_numbers import clean_number, masked, spaced
from facilities.errors import BadInput
from tests import build, clock

TODAY = date(2026, 11, 23)
PIRT = "2062171010001-29"
NOW = build.at(9)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, NOW)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def siti():
    return build.siti()


@pytest.fixture
def producer(siti):
    return build.producer_of(siti)


@pytest.fixture
def cahya(house):
    return build.cahya(house)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def document(producer, kind="pirt", number=PIRT, expires_on=date(2029, 12, 31), **how):
    return documents.add_document(
        producer=producer, kind=kind, number=number, expires_on=expires_on, actor=None, now=NOW, today=TODAY, **how
    )


@pytest.mark.parametrize(
    "kind, written, kept",
    [
        ("nib", "0220 1012 3456 7", "0220101234567"),
        ("pirt", "P-IRT No. 2062171010001-29", "206217101000129"),
        ("pirt", "206217101000129", "206217101000129"),
        ("halal", "id 3511 0000 1234 50920", "ID35110000123450920"),
        ("md", "MD 867010012345", "MD867010012345"),
        ("md", "md867010012345678", "MD867010012345678"),
        ("health", "  445/ 12 /PKM ", "445/ 12 /PKM"),
    ],
)
def test_a_number_is_kept_in_one_form(kind, written, kept):
    assert clean_number(kind, written) == kept


@pytest.mark.parametrize(
    "kind, written",
    [
        ("nib", "022010123456"), ("nib", "02201012345678"), ("nib", "O220101234567"), ("nib", "٠٢٢٠١٠١٢٣٤٥٦٧"),
        ("pirt", "20621710100012"), ("pirt", "2062171010001290"), ("halal", "ID35110000123"), ("halal", "KH-3511-0000"),
        ("halal", "ID" + "1" * 21), ("md", "MD86701001234"), ("md", "ML867010012345"), ("md", "MD" + "1" * 16),
        ("health", " x "), ("health", "x" * 41),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_named(kind, written):
    with pytest.raises(BadInput) as bad:
        clean_number(kind, written)
    assert bad.value.field == "number"


def test_numbers_are_shown_as_on_paper_or_masked():
    assert spaced("pirt", "206217101000129") == PIRT and spaced("halal", "ID3511") == "ID 3511"
    assert masked("0220101234567") == "•••• 4567" and masked("12") == "••••"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how, field",
    [
        ({"kind": "akta"}, "kind"),
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": date(2026, 11, 22)}, "expires_on"),
        ({"expires_on": date(2076, 1, 1)}, "expires_on"),
        ({"number": "123"}, "number"),
    ],
)
def test_what_cannot_be_on_file_is_named(producer, how, field):
    with pytest.raises(BadInput) as bad:
        document(producer, **how)
    assert bad.value.field == field and not Document.objects.exists()


@pytest.mark.django_db
def test_the_same_number_is_on_file_once_and_the_trail_holds_no_number(producer):
    document(producer)
    with pytest.raises(BadInput) as bad:
        document(producer, number="206217101000129")
    assert bad.value.code == "known_number"
    assert "2062171" not in str(list(AuditEntry.objects.values()))


@pytest.mark.django_db
def test_a_renewal_keeps_the_old_paper_and_must_be_checked_anew(producer, cahya):
    old = document(producer)
    documents.check_document(document=old, actor=cahya, now=NOW)
    new = documents.renew_document(
        document=old, number=PIRT, expires_on=date(2031, 1, 1), actor=cahya, now=NOW, today=TODAY
    )
    old.refresh_from_db()
    assert old.withdrawn_at == NOW and old.verified_by == cahya and new.verified_at is None


@pytest.mark.django_db
def test_siti_writes_renews_and_withdraws_her_own(client, siti, producer):
    client.force_login(siti)
    typed = {"kind": "pirt", "number": PIRT, "expires_on": "2027-01-10"}
    answer = client.post("/dokumen/", typed)
    assert answer.status_code == 302 and "2062171" not in answer["Location"]
    page = text(client.get("/dokumen/"))
    assert PIRT in page and "Belum diperiksa" in page and "Segera habis" in page
    number = Document.objects.get().pk
    assert client.post(f"/dokumen/{number}/", {"number": PIRT, "expires_on": "2031-01-10"}).status_code == 302
    assert "Segera habis" not in text(client.get("/dokumen/"))
    newest = Document.objects.latest("pk")
    client.post(f"/dokumen/{newest.pk}/tarik/")
    assert not Document.objects.filter(withdrawn_at=None).exists() and "Yang lama" in text(client.get("/dokumen/"))


@pytest.mark.django_db
def test_what_was_typed_wrong_stays_and_is_explained(client, siti):
    client.force_login(siti)
    answer = client.post("/dokumen/", {"kind": "nib", "number": "12345", "expires_on": ""})
    assert answer.status_code == 422 and "13 angka" in text(answer) and 'value="12345"' in text(answer)


@pytest.mark.django_db
def test_the_documents_of_others_do_not_exist(client, producer):
    filed = document(producer)
    client.force_login(build.budi())
    assert client.get(f"/dokumen/?usaha={producer.slug}").status_code == 404
    for address in (f"/dokumen/{filed.pk}/", f"/dokumen/{filed.pk}/tarik/"):
        assert client.post(address, {"number": PIRT}).status_code == 404


@pytest.mark.django_db
def test_rosa_writes_for_a_member(client):
    client.force_login(build.rosa())
    member = Producer.objects.get(name="Anggota Mandau")
    assert client.post(f"/dokumen/?usaha={member.slug}", {"kind": "nib", "number": "0" * 13}).status_code == 302
    assert Document.objects.get().producer == member


@pytest.mark.django_db
def test_cahya_checks_documents_records_lessons_and_verifies(client, house, cahya, siti, producer):
    build.make_booking(build.make_machine(house), by=siti)
    filed = document(producer)
    client.force_login(cahya)
    at = f"/produsen/{producer.slug}/"
    client.post(f"{at}berkas/dokumen/{filed.pk}/", {"sudah": "ya"})
    client.post(
        f"{at}berkas/pelatihan/", {"ajar-type": "", "ajar-given_on": "2026-11-20", "ajar-expires_on": "2026-12-20"}
    )
    client.post(f"{at}dikenal/", {"dikenal": "ya"})
    page = text(client.get(f"{at}berkas/"))
    assert PIRT in page and "Diperiksa" in page and "Terverifikasi" in page and "Segera habis" in page
    filed.refresh_from_db()
    producer.refresh_from_db()
    assert filed.verified_by == cahya and producer.is_verified and Qualification.objects.get().given_by == cahya
    assert "Terverifikasi" in text(client.get(at))


@pytest.mark.django_db
def test_every_step_can_be_taken_back_once(client, house, cahya, siti, producer):
    build.make_booking(build.make_machine(house), by=siti)
    filed = document(producer)
    lesson = documents.give_qualification(producer=producer, facility=house, type=None, person="Siti", given_on=TODAY,
                                       expires_on=None, actor=cahya, now=NOW, today=TODAY)  # fmt: skip
    client.force_login(cahya)
    at = f"/produsen/{producer.slug}/"
    for seen in ("ya", "tidak", "tidak"):
        client.post(f"{at}berkas/dokumen/{filed.pk}/", {"sudah": seen})
    assert client.post(f"{at}berkas/pelatihan/{lesson.pk}/").status_code == 302
    assert client.post(f"{at}berkas/pelatihan/{lesson.pk}/").status_code == 404
    filed.refresh_from_db()
    assert filed.verified_at is None and "Belum ada yang tercatat" in text(client.get(f"{at}berkas/"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "how, field",
    [
        ({"given_on": date(2026, 11, 24)}, "given_on"),
        ({"expires_on": date(2026, 1, 1)}, "expires_on"),
        ({"type": "RETORT"}, "type"),
    ],
)
def test_a_lesson_that_cannot_be_is_named(house, producer, cahya, how, field):
    how = {**how, "type": build.make_type("RETORT")} if "type" in how else how
    asked = {"type": None, "person": "", "given_on": TODAY, "expires_on": None, **how}
    with pytest.raises(BadInput) as bad:
        documents.give_qualification(producer=producer, facility=house, actor=cahya, now=NOW, today=TODAY, **asked)
    assert bad.value.field == field


@pytest.mark.django_db
def test_numbers_are_whole_only_where_the_producer_has_booked(client, house, producer, siti):
    elsewhere = build.make_facility("sintang")
    build.make_booking(build.make_machine(elsewhere), by=siti)
    document(producer)
    both = build.cahya(house)
    build.Duty.objects.create(user=both, kind="manager", facility=elsewhere)
    client.force_login(both)
    assert PIRT in text(client.get(f"/produsen/{producer.slug}/berkas/?rumah=sintang"))
    here = text(client.get(f"/produsen/{producer.slug}/berkas/?rumah=pontianak"))
    assert PIRT not in here and "•••• 0129" in here


@pytest.mark.django_db
def test_an_operator_reads_but_does_not_check(client, house, producer, siti):
    build.make_booking(build.make_machine(house), by=siti)
    filed = document(producer)
    client.force_login(build.dewi(house))
    assert client.get(f"/produsen/{producer.slug}/berkas/").status_code == 200
    assert client.post(f"/produsen/{producer.slug}/berkas/dokumen/{filed.pk}/").status_code == 403


@pytest.mark.django_db
def test_the_file_takes_the_same_statements_for_any_number(
    client, house, cahya, siti, producer, django_assert_max_num_queries
):
    build.make_booking(build.make_machine(house), by=siti)
    for n in range(8):
        documents.check_document(document=document(producer, kind="nib", number=f"{n:013}"), actor=cahya, now=NOW)
    client.force_login(cahya)
    client.get("/produsen/")
    with django_assert_max_num_queries(12):
        client.get(f"/produsen/{producer.slug}/berkas/")
