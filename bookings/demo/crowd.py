"""Thousands of producers, cooperatives and their products, in bulk. Names are invented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from bookings.demo.people import SLUG_LETTERS, Offer
from bookings.demo.rows import Rows
from bookings.models import Membership, Producer, Product
from facilities.facts import facts
from facilities.models import Facility
from facilities.vocabulary import usual_class

FIRST = "Siti Budi Rini Yanti Ida Agus Dedi Lina Maria Usman Wati Hendra Tijah Lusia Jupri Darius Marta Afui Ratna Yusuf".split()
LAST = "Jaya Mandiri Berkah Lestari Makmur Sejahtera Khatulistiwa Borneo Kapuas Enggang Tengkawang Sentosa".split()
TRADES = {
    "keripik": "Keripik",
    "bubuk": "Bubuk",
    "granul": "Hasil Tani",
    "cair": "Minuman",
    "pasta": "Sambal",
    "padat": "Olahan",
}
UNUSABLE = "!"
"""A password nobody can type: these people exist only in the history."""


class Crowd:
    """Makes producers and remembers what each house could be asked to pack."""

    def __init__(
        self,
        rows: Rows,
        houses: Sequence[Facility],
        *,
        now: datetime,
        years: int,
        random: Random,
        first_phone: int = 10_000_000,
    ) -> None:
        self._rows, self._random, self._now = rows, random, now
        self._first = now - timedelta(days=365 * years + 90)
        self._houses: dict[str, list[Facility]] = defaultdict(list)
        for house in houses:
            self._houses[house.district_id].append(house)
        self._all = list(houses)
        self._catalogue = [_product(row) for row in facts("products")]
        self._districts = [row["code"] for row in facts("districts")]
        self._phone = first_phone
        self.offers: dict[int, list[Offer]] = defaultdict(list)

    def gather(self, *, producers: int, cooperatives: int) -> None:
        """Write cooperatives, of which most are only on file, then producers, of which some are members."""
        active = []
        for number in range(cooperatives):
            key = self._producer(f"Koperasi {self._random.choice(LAST)} {number + 1}", "cooperative", None)
            if number % 40 == 0:
                active.append(key)
        for number in range(producers):
            member = active and self._random.random() < 0.12
            self._packer(number, self._random.choice(active) if member else None)

    def _packer(self, number: int, cooperative: int | None) -> None:
        product = self._random.choice(self._catalogue)
        district = self._random.choice(product["districts"]) if self._random.random() < 0.7 else None
        name = f"{TRADES[product['forms'][0]]} {self._random.choice(FIRST)} {number + 1}"
        key = self._producer(name, "umkm", district, cooperative)
        owner = self._owner(key, name)
        # A few come every week, most a few times a year.
        weight = self._random.paretovariate(1.2)
        house = self._house_of(self._last_district)
        for form in product["forms"]:
            self._offer(key, owner, name, product, form, house, weight)

    def _producer(self, name: str, kind: str, district: str | None, cooperative: int | None = None) -> int:
        self._phone += 1
        self._last_district = district or self._random.choice(self._districts)
        return self._rows.add(
            Producer,
            slug="".join(self._random.choices(SLUG_LETTERS, k=12)),
            kind=kind,
            name=name,
            contact_name=name.split()[-2],
            phone=f"+62813{self._phone}",
            district_id=self._last_district,
            scale=self._random.choices(["micro", "small", "medium"], [91, 8, 1])[0] if kind == "umkm" else "",
            cooperative_id=cooperative,
            is_verified=True,
            is_example=True,
            registered_at=self._first,
        )

    def _owner(self, producer: int, name: str) -> int:
        person = name.split()[-2]
        user = self._rows.add(
            User, phone=f"+62813{self._phone}", name=person, password=UNUSABLE, language="id", joined_at=self._first
        )
        self._rows.add(Membership, user_id=user, producer_id=producer, kind="owner")
        return user

    def _offer(
        self,
        producer: int,
        owner: int,
        name: str,
        product: Mapping[str, list[str]],
        form: str,
        house: Facility,
        weight: float,
    ) -> None:
        leaves = usual_class(form, product["allergens"])
        line, title = product["line"][0], f"{product['name'][0]} {form}"
        key = self._rows.add(
            Product, producer_id=producer, name=title, form=form, line=line, catalogue_code=product["code"][0],
            cleaning_class=leaves, net_weight=product["weights"][0],
        )  # fmt: skip
        formats = frozenset(product["formats"])
        offer = Offer(producer, key, title, form, line, formats, house.slug, weight, owner, False, name, leaves)
        self.offers[house.pk].append(offer)

    def _house_of(self, district: str) -> Facility:
        near = self._houses.get(district)
        return self._random.choice(near if near and self._random.random() < 0.8 else self._all)


def _product(row: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        "code": [row["code"]],
        "name": [row["name_id"].split("/")[0]],
        "forms": row["product_form"].split("|"),
        "formats": row["pack_formats"].split("|"),
        "districts": row["district_codes"].split("|"),
        "line": [row["halal_line"]],
        "weights": row["net_weights"].split("|"),
        "allergens": row["allergens"].split("|"),
    }
