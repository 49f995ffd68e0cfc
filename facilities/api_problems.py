"""A refusal as JSON: every reason with its sentence, and the alternatives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from facilities.errors import Refusal


def refusal_document(refusal: Refusal, language: str) -> dict[str, Any]:
    """Return the problem document (RFC 9457) that answers a refusal with 409."""
    reasons = [
        {
            "code": reason.code,
            "detail": reason.sentence(language),
            "way_out": reason.way_out(language),
            "values": _plain(reason.values),
        }
        for reason in refusal.reasons
    ]
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


def _alternative(option: Any) -> dict[str, str]:
    machine, starts_at, ends_at = option
    zone = machine.facility.zone
    return {
        "machine": machine.slug,
        "starts_at": starts_at.astimezone(zone).isoformat(),
        "ends_at": ends_at.astimezone(zone).isoformat(),
    }


def _plain(values: Mapping[str, object]) -> Any:
    return json.loads(json.dumps(dict(values), default=_text))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
