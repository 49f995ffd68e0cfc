"""The documents a house wants to see, and the way in for those who do not have them yet: a trial run."""

from __future__ import annotations

from bookings.rules.base import Question, Rule, Setting
from facilities.errors import ASK, REFUSE, Reason

NAMES = {
    "nib": ("NIB", "business number (NIB)"),
    "pirt": ("P-IRT", "P-IRT permit"),
    "halal": ("sertifikat halal", "halal certificate"),
    "md": ("izin BPOM MD", "BPOM MD permit"),
    "health": ("surat keterangan sehat", "health certificate"),
}


def document_missing(q: Question) -> Reason | None:
    """Every kind the house asks for is on file. Without, the first runs may be trial runs, if the house offers any."""
    missing = missing_kinds(q)
    if not missing or q.party is None:
        return None
    trial = is_trial(q)
    id_, en = ", ".join(NAMES[k][0] for k in missing), ", ".join(NAMES[k][1] for k in missing)
    return Reason(
        "document_missing",
        id=f"Belum ada {id_}." + (" Ini dicatat sebagai pemakaian percobaan dan dijawab petugas." if trial else ""),
        en=f"Not on file: {en}." + (" This counts as a trial run, and a person answers." if trial else ""),
        values={"missing": missing, "trials_left": trials_left(q)},
        overridable=True,
        way_out_id="Tulis nomornya di halaman Dokumen, atau tanyakan pendamping.",
        way_out_en="Write its number on the page of documents, or ask a companion.",
        effect=ASK if trial else REFUSE,
    )


def required_kinds(q: Question) -> list[str]:
    """Return the kinds of document that the house asks for; a halal certificate only of halal products."""
    asked = q.setting("documents_required")
    kinds = [kind for kind in asked if kind in NAMES] if isinstance(asked, list) else []
    return [kind for kind in kinds if not (kind == "halal" and q.request.line == "non_halal")]


def missing_kinds(q: Question) -> list[str]:
    """Return the kinds that are asked for and not on file at all, valid or not."""
    have = {document.kind for document in q.party.documents} if q.party else set()
    return [kind for kind in required_kinds(q) if kind not in have]


def trials_left(q: Question) -> int:
    """Return how many trial runs the house still offers this producer."""
    offered = q.number("trial_runs") or 0
    return max(0, offered - (q.party.trials if q.party else 0))


def is_trial(q: Question) -> bool:
    """Return whether this would be a trial run: documents are missing and a trial is left."""
    return q.party is not None and bool(missing_kinds(q)) and trials_left(q) > 0


RULE = Rule(
    "documents",
    150,
    document_missing,
    about_people=True,
    settings=(
        Setting(
            "documents_required", "choices", options=tuple((code, *names) for code, names in NAMES.items()),
            id="Yang memesan punya: {}.",
            en="Who books has: {}.",
        ),
        Setting(
            "trial_runs", "count", low=0, high=10, default=1,
            id="Tanpa dokumen boleh {} kali pemakaian percobaan, dijawab petugas.",
            en="Without documents, {} trial runs, answered by a person.",
        ),
    ),
)  # fmt: skip
