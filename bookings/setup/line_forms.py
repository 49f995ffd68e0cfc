"""What a manager types to ask for a change of line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm


class LineForm(SpokenForm):
    evidence = forms.CharField(
        label=_("Bukti"), max_length=300, min_length=10, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Apa yang dilakukan pada mesin, oleh siapa, dan nomor suratnya."),
    )  # fmt: skip
