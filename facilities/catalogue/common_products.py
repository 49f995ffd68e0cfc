"""The common products of West Kalimantan, so that most people choose theirs from a list and type nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from accounts.writing.texts import folded
from facilities.catalogue.services import facts
from facilities.vocabulary import FORMATS, form_word, usual_class


@dataclass(frozen=True, slots=True)
class CommonProduct:
    """A product of the facts file in one of its forms: line, usual class and packs, the commonest pack first."""

    code: str
    name: str
    name_en: str
    form: str
    line: str
    cleaning_class: str
    formats: tuple[str, ...]

    def word(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name


@cache
def common_products() -> dict[str, CommonProduct]:
    """Return the products by code, in order of their names. One that is made in two forms stands there twice."""
    found = [product for row in facts("products") for product in _products(row)]
    return {product.code: product for product in sorted(found, key=lambda product: folded(product.name))}


def _products(row: dict[str, str]) -> list[CommonProduct]:
    forms, packs = row["product_form"].split("|"), row["pack_formats"].split("|")
    return [
        CommonProduct(
            code=row["code"] if number == 0 else f"{row['code']}-{form}",
            name=row["name_id"] if len(forms) == 1 else f"{row['name_id']} ({form_word(form).lower()})",
            name_en=row["name_en"] if len(forms) == 1 else f"{row['name_en']} ({form_word(form, 'en').lower()})",
            form=form,
            line=row["halal_line"],
            cleaning_class=usual_class(form, row["allergens"].split("|")),
            formats=tuple(pack for pack in packs if pack in FORMATS),
        )
        for number, form in enumerate(forms)
    ]
