"""Whose times a new calendar address shall show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.voice import SpokenForm
from bookings.messages.feed_queries import shown_by
from bookings.models import Producer
from facilities.models import Facility

FEW = 6
"""As many choices as are shown side by side; of more one picks from a list."""


class FeedForm(SpokenForm):
    """One of the producers somebody acts for, or of the houses somebody works in."""

    shows = forms.ChoiceField(label=_("Jadwal siapa?"), error_messages={"required": _("Pilih jadwal siapa.")})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown: dict[str, Producer | Facility] = {_key(one): one for one in shown_by(user)}
        choices = [(key, str(one)) for key, one in self.shown.items()]
        field = self.fields["shows"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = forms.Select() if len(choices) > FEW else forms.RadioSelect()
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]

    def clean_shows(self) -> Producer | Facility:
        return self.shown[self.cleaned_data["shows"]]


def _key(one: Producer | Facility) -> str:
    return f"{one._meta.model_name}:{one.slug}"
