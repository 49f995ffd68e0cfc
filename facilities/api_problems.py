"""A refusal as JSON: every reason with its sentence, and the alternatives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from facilities.errors import Reason, Refusal


def refusal_document(refusal: Refusal, language: str) -> dict[str, Any]:
    """Return the problem document (RFC 9457) that answers a refusal with 409."""
    reasons = reasons_document(refusal.reasons, language)
    return {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": refusal.code,
        "detail": " ".join(reason["detail"] for reason in reasons),
        "errors": [],
        "reasons": reasons,
        "alternatives": [_alternative(option) for option in refusal.alternatives],
    }


def reasons_document(reasons: Iterable[Reason], language: str) -> list[dict[str, Any]]:
    """Return reasons as JSON holds them, in the order given."""
    return [
        {
            "code": reason.code,
            "detail": reason.sentence(language),
            "way_out": reason.way_out(language),
            "overridable": reason.overridable,
            "values": _plain(reason.values),
        }
        for reason in reasons
    ]


def _alternative(option: Any) -> dict[str, str | int | None]:
    """Return a way that is open: a tuple of machine, start and end, or a near miss that also has a `kind` and its `packs`."""
    machine, starts_at, ends_at = option
    house = machine.facility
    return {
        "kind": getattr(option, "kind", None),
        "machine": machine.slug,
        "facility": house.slug,
        "starts_at": starts_at.astimezone(house.zone).isoformat(),
        "ends_at": ends_at.astimezone(house.zone).isoformat(),
        "packs": getattr(option, "packs", None),
    }


PLAIN = (str, int, float, bool, type(None))


def _plain(values: Mapping[str, object]) -> Any:
    if all(isinstance(value, PLAIN) for value in values.values()):
        return dict(values)
    return json.loads(json.dumps(dict(values), default=_text))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
