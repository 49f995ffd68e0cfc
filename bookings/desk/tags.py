"""A form of a house's page says its house, wherever it is written: with the token that every form carries."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class TokenOfTheHouse(CsrfTokenNode):
    """The framework's token; on a page of a house (`request.house`) also which house that is."""

    def render(self, context: Any) -> SafeString:
        token = super().render(context)
        house = getattr(context.get("request"), "house", None)
        return token if house is None else token + format_html('<input type="hidden" name="rumah" value="{}">', house.slug)


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> TokenOfTheHouse:
    return TokenOfTheHouse()
