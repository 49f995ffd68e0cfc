"""What a producer has on file: documents they write down and staff check, and what their people were taught.

Numbers stay in their row: the trail says that a document was added or checked, never its number.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.models import User
from bookings.models import Document, Producer, Qualification
from bookings.people.document_numbers import clean_number
from facilities.audit import audit
from facilities.errors import BadInput, WrongState
from facilities.models import Facility, MachineType
from facilities.transactions import in_one_transaction

MOST_OF_A_KIND = 20
FURTHEST = timedelta(days=366 * 20)
ALWAYS_EXPIRES = ("pirt",)
"""A P-IRT number is valid for five years, and its document says until when (facts §5)."""


@in_one_transaction
def add_document(
    *, producer: Producer, kind: str, number: str, expires_on: date | None, actor: User, now: datetime, today: date
) -> Document:
    """Write down a document of a producer; somebody at a house checks it later. `today` is the reader's date.

    Raises `BadInput` naming `kind`, `number` or `expires_on`.
    """
    kept = _checked(kind, number, expires_on, today)
    mine = Document.objects.filter(producer=producer, kind=kind, withdrawn_at__isnull=True)
    if mine.filter(number=kept).exists():
        raise BadInput("number", "known_number", "Nomor ini sudah tercatat.", "This number is on file already.")
    if mine.count() >= MOST_OF_A_KIND:
        raise BadInput("kind", "too_many", "Tarik dulu dokumen yang lama.", "Withdraw old documents first.")
    document = Document.objects.create(
        producer=producer, kind=kind, number=kept, expires_on=expires_on, made_by=actor, made_at=now
    )
    audit(action="add_document", target=document, actor=actor, now=now, after=_plain(document))
    return document


@in_one_transaction
def renew_document(
    *, document: Document, number: str, expires_on: date | None, actor: User, now: datetime, today: date
) -> Document:
    """Put a new document in the place of an old one, which stays as history. The new one must be checked anew.

    The same number with a later date is a renewal too. Raises `BadInput`, `WrongState`.
    """
    withdraw_document(document=document, actor=actor, now=now)
    return add_document(producer=document.producer, kind=document.kind, number=number, expires_on=expires_on,
                        actor=actor, now=now, today=today)  # fmt: skip


@in_one_transaction
def withdraw_document(*, document: Document, actor: User, now: datetime) -> None:
    """Take a document off the list; it stays as history. Raises `WrongState` when it is off already."""
    if not Document.objects.filter(pk=document.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise WrongState(action="withdraw_document", status="withdrawn")
    audit(action="withdraw_document", target=document, actor=actor, now=now, before=_plain(document))


@in_one_transaction
def check_document(*, document: Document, actor: User, now: datetime, checked: bool = True) -> None:
    """Say that somebody saw the document itself; or, with `checked=False`, that this was a mistake. Raises `WrongState`."""
    rows = Document.objects.filter(pk=document.pk, withdrawn_at__isnull=True, verified_at__isnull=checked)
    if not rows.update(verified_at=now if checked else None, verified_by=actor if checked else None):
        raise WrongState(action="check_document", status="checked" if checked else "unchecked")
    audit(action="check_document" if checked else "uncheck_document", target=document, actor=actor, now=now,
          after=_plain(document))  # fmt: skip


@in_one_transaction
def verify_producer(*, producer: Producer, verified: bool, actor: User, now: datetime) -> None:
    """Say that a house knows who this is, or take that back. Raises `WrongState` when it is so already."""
    if not Producer.objects.filter(pk=producer.pk, is_verified=not verified).update(is_verified=verified):
        raise WrongState(action="verify_producer", status="verified" if verified else "unverified")
    audit(action="verify_producer", target=producer, actor=actor, now=now,
          before={"is_verified": not verified}, after={"is_verified": verified})  # fmt: skip


@in_one_transaction
def give_qualification(
    *,
    producer: Producer,
    facility: Facility,
    type: MachineType | None,
    person: str,
    given_on: date,
    expires_on: date | None,
    actor: User,
    now: datetime,
    today: date,
) -> Qualification:
    """Record that a producer's people had the induction of a house, or were taught a type of machine there.

    Raises `BadInput` for a day to come, an end before the start, or a type the house does not have.
    """
    if given_on > today:
        raise BadInput("given_on", "in_the_future", "Hari itu belum tiba.", "That day has not come yet.")
    if expires_on is not None and not given_on <= expires_on <= today + FURTHEST:
        raise BadInput("expires_on", "wrong_expiry", "Periksa tanggal berlakunya.", "Check until when it counts.")
    if type is not None and not facility.machines.filter(type=type).exists():
        raise BadInput("type", "unknown_type", "Jenis itu tidak ada di rumah ini.", "This house has no such type.")
    taught = Qualification.objects.create(
        producer=producer, facility=facility, type=type, person=" ".join(person.split()), given_on=given_on,
        expires_on=expires_on, given_by=actor,
    )  # fmt: skip
    audit(action="give_qualification", target=taught, actor=actor, now=now, after=_lesson(taught))
    return taught


@in_one_transaction
def withdraw_qualification(*, qualification: Qualification, actor: User, now: datetime) -> None:
    """Say that a qualification counts no more; it stays as history. Raises `WrongState`."""
    if not Qualification.objects.filter(pk=qualification.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise WrongState(action="withdraw_qualification", status="withdrawn")
    audit(action="withdraw_qualification", target=qualification, actor=actor, now=now, before=_lesson(qualification))


def _checked(kind: str, number: str, expires_on: date | None, today: date) -> str:
    if kind not in Document.Kind.values:
        raise BadInput("kind", "unknown_kind", "Pilih jenis dokumennya.", "Choose the kind of document.")
    if expires_on is None and kind in ALWAYS_EXPIRES:
        raise BadInput("expires_on", "no_expiry", "Tulis berlaku sampai kapan.", "Write until when it is valid.")
    if expires_on is not None and expires_on < today:
        raise BadInput("expires_on", "expired", "Dokumen ini sudah tidak berlaku.", "This document is no longer valid.")
    if expires_on is not None and expires_on > today + FURTHEST:
        raise BadInput("expires_on", "wrong_expiry", "Periksa tahunnya.", "Check the year.")
    return clean_number(kind, number)


def _plain(document: Document) -> dict[str, object]:
    until = document.expires_on.isoformat() if document.expires_on else None
    return {"kind": document.kind, "producer": document.producer_id, "expires_on": until}


def _lesson(taught: Qualification) -> dict[str, object]:
    until = taught.expires_on.isoformat() if taught.expires_on else None
    return {"producer": taught.producer_id, "type": taught.type_id, "expires_on": until}
