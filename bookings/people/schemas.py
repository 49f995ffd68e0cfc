"""Who the asker is, whom they act for, and what those pack."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from accounts.models import User
from accounts.schemas import In, PageIn, integer, one_line, slug_type, some_words
from bookings.models import Producer, Product
from bookings.packs.schemas import MOST_WEIGHT, Form, Line
from bookings.rules.weights import grams
from facilities.access import duties_of
from facilities.catalogue.schemas import CleaningClass

Slug = slug_type(60)


class DutyOut(Schema):
    manages: list[str] = Field(description="slugs of houses")
    operates: list[str] = Field(description="slugs of houses")
    districts: list[str] = Field(description="Kemendagri codes")
    province: bool
    inspector: bool
    admin: bool


class ProducerOut(Schema):
    slug: str
    name: str
    kind: str
    district: str
    cooperative: str | None


class MeOut(Schema):
    name: str
    phone: str
    language: str
    duties: DutyOut
    producers: list[ProducerOut]


class ProductFilter(PageIn):
    producer: one_line(60) = ""  # type: ignore[valid-type]


class ProductIn(In):
    producer: Slug | None = Field(None, description="slug; needed when you act for several")  # type: ignore[valid-type]
    name: some_words(80)  # type: ignore[valid-type]
    form: Form
    line: Line
    class_: CleaningClass = Field("", alias="class", description="cleaning class; else what the form usually leaves")
    net_weight: integer(1, MOST_WEIGHT) | None = Field(None, description="grams or millilitres in a pack")  # type: ignore[valid-type]


class ProductOut(Schema):
    id: int
    producer: str
    name: str
    form: str
    line: str
    cleaning_class: str
    net_weight: int | None = Field(description="grams or millilitres in a pack")


def producer_out(producer: Producer) -> ProducerOut:
    return ProducerOut(
        slug=producer.slug,
        name=producer.name,
        kind=producer.kind,
        district=producer.district_id,
        cooperative=producer.cooperative.slug if producer.cooperative else None,
    )


def me_out(user: User, *, houses: dict[int, str], producers: list[Producer]) -> MeOut:
    """Return the asker's own card; `houses` names the houses of their duties."""
    duties = duties_of(user)
    return MeOut(
        name=user.name,
        phone=user.phone,
        language=user.language,
        duties=DutyOut(
            manages=sorted(houses[pk] for pk in duties.manages),
            operates=sorted(houses[pk] for pk in duties.operates),
            districts=sorted(duties.districts),
            province=duties.province,
            inspector=duties.inspector,
            admin=duties.admin,
        ),
        producers=[producer_out(producer) for producer in producers],
    )


def product_out(product: Product) -> ProductOut:
    return ProductOut(
        id=product.pk,
        producer=product.producer.slug,
        name=product.name,
        form=product.form,
        line=product.line,
        cleaning_class=product.cleaning_class,
        net_weight=grams(product.net_weight),
    )


