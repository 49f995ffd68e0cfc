"""Two people write the same setting: the second one sees both writings side by side, and loses none of theirs.

A form carries what its writer saw as `version`: of a row that counts its changes as a field, else as `seen` on the form
(`facilities.setup.versions`), which `components/form_errors.html` writes into it. There too the two stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import formats

VERSION = "version"
STALE = 412
LONGEST = 32
"""Longer than any version."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One field of which two people think differently: what was typed, and what is stored by now, in words."""

    label: str
    typed: str
    stored: str


def version_seen(request: HttpRequest) -> str:
    """Return what the writer of a form says to have seen; nothing where it says nothing, which is never what is stored."""
    return request.POST.get(VERSION, "")[:LONGEST]


def carried(form: forms.Form, stored: str) -> str:
    """Return what a form is to carry on the page that is shown: what its writer said to have seen.

    That stays so while they mend a fault or look at what a setting does to bookings, for all they know nothing of what
    others write meanwhile. Only a form that is opened now, or was told so (`beaten`), carries what is `stored`.
    """
    if not form.is_bound or hasattr(form, "beside"):
        return stored
    return str(form.data.get(VERSION, ""))[:LONGEST]


def beaten(form: forms.Form, present: forms.Form) -> int:
    """Put what is stored now beside what was typed, let the form be sent anew as it is, and return the status.

    `present` is the form as somebody would find it who opens the page now; `form` has been read, and is valid.
    """
    form.beside = list(_differences(form, present))  # type: ignore[attr-defined]
    if VERSION in form.fields:
        data: Any = form.data.copy()
        data[form.add_prefix(VERSION)] = present.get_initial_for_field(present.fields[VERSION], VERSION)
        form.data = data
    return STALE


def say_beaten(request: HttpRequest) -> int:
    """Say the same where nothing was typed but a button pressed; the page then shows what is stored now."""
    messages.error(request, _("Sudah diubah sejak Anda membukanya. Periksa yang sekarang tersimpan, lalu pilih lagi."))
    return STALE


def _differences(form: forms.Form, present: forms.Form) -> Iterator[Beside]:
    for bound in form.visible_fields():
        name, field = bound.name, bound.field
        if bound.html_name not in form.data and not isinstance(field, forms.BooleanField | forms.MultipleChoiceField):
            continue  # not on the page that was sent, as of a table of which one row was shown
        typed = _words(field, form.cleaned_data.get(name))
        known = present.fields.get(name)
        stored = _words(known, present.get_initial_for_field(known, name)) if known else _words(field, None)
        if typed != stored:
            yield Beside(str(getattr(field, "whole_label", field.label)), typed, stored)


def _words(field: forms.Field, value: Any) -> str:
    """Return a value as a person reads it, whether it was typed or is stored; a field may have words of its own."""
    in_words = getattr(field, "in_words", None)
    if in_words is not None:
        return str(in_words(value))
    if isinstance(field, forms.BooleanField):
        return _("ya") if value else _("tidak")
    if isinstance(field, forms.DateField | forms.DateTimeField):
        value = field.to_python(value)
    value = field.prepare_value(value) if not isinstance(value, date | datetime) else value
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    if choices:
        several = value if isinstance(value, list | tuple | set) else [value]
        value = ", ".join(choices.get(str(one), str(one)) for one in several if one not in (None, ""))
    if isinstance(value, datetime):
        return f"{formats.short_date(value)} {formats.clock(value)}"
    if isinstance(value, date):
        return formats.plain_date(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return formats.number(value)
    return str(value or "").strip() or "—"
