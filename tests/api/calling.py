"""How the tests call the API: as somebody, with a token, in JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import SCOPES, issue_token

API = "/api/v1"
WIB = ZoneInfo("Asia/Pontianak")


def coming(hour: float, *, day: int = 0) -> datetime:
    """Return `hour` o'clock WIB on the Wednesday after next weekend, or `day` days later: always ahead, always open."""
    today = timezone.now().astimezone(WIB)
    wednesday = today + timedelta(days=9 - today.weekday() + day)
    return wednesday.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)


class Caller:
    """One person's script: `siti.post("/bookings", {...})`."""

    def __init__(self, user: User | None = None, *scopes: str, client: Client | None = None) -> None:
        self.user = user
        self.client = client or Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if user is not None:
            token = issue_token(user=user, scopes=scopes or SCOPES, days=1, now=timezone.now())
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(API + path, query or {}, headers={**self.headers, **headers})

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = partial(self.client.generic, method.upper(), API + path, headers={**self.headers, **headers})
        return send() if body is None else send(self.client._encode_json(body, "application/json"), "application/json")

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)


def asking(machine: Any, start: float = 8, end: float = 10, *, day: int = 0, **more: Any) -> dict[str, Any]:
    """Return the body that asks for a machine."""
    times = {"starts_at": coming(start, day=day).isoformat(), "ends_at": coming(end, day=day).isoformat()}
    return {"machine": machine.slug, **times, **more}


def codes(answer: Any) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]


def fields(answer: Any) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]
