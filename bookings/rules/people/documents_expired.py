"""A document must still be valid on the day of the run."""

from __future__ import annotations

from datetime import date

from accounts import words
from bookings.rules.base import FiledDocument, Question, Rule
from bookings.rules.people.documents import NAMES, required_kinds
from facilities.errors import Reason


def document_expired(q: Question) -> Reason | None:
    """Of each kind the house asks for, one document on file is valid on the day of the run."""
    if q.party is None:
        return None
    over = [(kind, last) for kind in required_kinds(q) if (last := _expired_on(kind, q.party.documents, q.day))]
    if not over:
        return None
    kind, last = over[0]
    name, name_en = NAMES[kind]
    return Reason(
        "document_expired",
        id=f"{name[:1].upper()}{name[1:]} berlaku sampai {words.long_date(last)}, sebelum hari pemakaian.",
        en=f"The {name_en} is valid until {words.long_date(last, 'en')}, before the day of the run.",
        values={"expired": [kind for kind, _ in over], "last_on": last.isoformat()},
        overridable=True,
        way_out_id="Perbarui dokumen, lalu tulis nomor barunya.",
        way_out_en="Renew it, then write down the new number.",
    )


def _expired_on(kind: str, documents: object, day: date) -> date | None:
    """Return the last day of the newest document of a kind where none is valid on `day`; None where one is, or none exists."""
    known = [document for document in documents if isinstance(document, FiledDocument) and document.kind == kind]  # type: ignore[attr-defined]
    if not known or any(document.expires_on is None or document.expires_on >= day for document in known):
        return None
    return max(document.expires_on for document in known if document.expires_on is not None)


RULE = Rule("documents_expired", 155, document_expired, about_people=True)
