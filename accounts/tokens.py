"""What a bearer token may do, and how it is kept. Pure."""

from __future__ import annotations

import hashlib

SCOPES = ("catalogue:read", "bookings:read", "bookings:write", "runs:write", "facility:write", "reports:read")


def digest_of(raw: str) -> str:
    """Return what is stored of a token. It is long and random, so one plain hash is enough."""
    return hashlib.sha256(raw.encode()).hexdigest()
