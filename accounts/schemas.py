"""Shapes of the API that every app shares."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field


class FieldProblem(Schema):
    field: str
    code: str
    message: str


class ReasonOut(Schema):
    code: str
    detail: str
    values: dict[str, Any] = {}


class AlternativeOut(Schema):
    machine: str
    starts_at: str
    ends_at: str


class Problem(Schema):
    """An RFC 9457 problem document (`application/problem+json`)."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []
    reasons: list[ReasonOut] = Field(default=[], description="why not: every reason at once; only with 409")
    alternatives: list[AlternativeOut] = Field(default=[], description="what is still free; only with 409")
