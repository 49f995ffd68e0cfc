"""What somebody wants to pack, before any machine is chosen. All of it travels in an address that can be shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.fields import WEIGHT, WholeField
from accounts.voice import SpokenForm
from bookings.desk.fields import DayField
from bookings.models import Producer, Product
from bookings.packs.ledger import TypedNeed
from bookings.packs.order_address import MOST, kept_values
from bookings.packs.slips import PacksField, sure, usual_of
from bookings.packs.wanted import Wanted
from bookings.rules.weights import grams
from facilities import vocabulary
from facilities.catalogue.common_products import CommonProduct, common_products
from facilities.catalogue.wording import language
from facilities.models import District, Machine
from facilities.time.hours import local_date, local_day
from facilities.vocabulary import usual_class

USUAL_QUANTITY, TAP = 300, 50
"""What the stepper shows at first, and what one tap of it adds."""
FORTNIGHT, LONGEST = timedelta(days=14), timedelta(days=62)
LARGEST = 1_000_000
BY_HAND = ("product_name", "form", "line", "kelas")
WITH_WHOM = (
    "produk", "product_name", "form", "kelas", "line", "format", "berat", "quantity", "quantity_pasti",
    "dari", "mulai", "sampai", "ubah", "urut", "semua",
)  # fmt: skip
"""What an address keeps while somebody is asked for whom."""
TOLD = ("produk", "format", "berat", "quantity", "dari", "mulai", "sampai")


@dataclass(frozen=True, slots=True)
class Described:
    """A product as far as packing goes, wherever its words came from. `mine` is a product on the asker's file."""

    name: str
    form: str
    line: str
    cleaning_class: str
    formats: tuple[str, ...] = ()
    net_weight: int | None = None
    mine: Product | None = None


class KemasForm(SpokenForm):
    """One page: the product from a list or by hand, its pack, its weight, how many, from where, and when."""

    produk = forms.ChoiceField(label=_("Apa yang dikemas?"), required=False)
    product_name = forms.CharField(
        label=_("Nama produk"), max_length=80, required=False, widget=forms.TextInput(attrs={"data-private": "1"})
    )
    form = forms.ChoiceField(label=_("Bentuknya"), required=False)
    kelas = forms.ChoiceField(
        label=_("Apa yang tertinggal di mesin?"),
        required=False,
        help_text=_("Menentukan lama bersih-bersih. Kosong: yang biasa untuk bentuk itu."),
    )
    line = forms.ChoiceField(label=_("Halal atau nonhalal?"), required=False)
    format = forms.ChoiceField(label=_("Kemasan"), required=False)
    berat = WholeField(
        label=_("Isi bersih satu kemasan"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        units=WEIGHT,
        error_messages={"invalid": _("Tulis isi bersih dengan angka.")},
    )
    quantity = PacksField(
        label=_("Berapa kemasan?"),
        min_value=1,
        max_value=MOST,
        step=TAP,
        error_messages={"required": _("Tulis jumlahnya."), "invalid": _("Tulis jumlah dengan angka.")},
    )
    dari = forms.ChoiceField(label=_("Dari mana?"), required=False)
    mulai = DayField(label=_("Paling awal"), required=False)
    sampai = DayField(label=_("Paling akhir"), required=False)
    untuk = forms.ChoiceField(
        label=_("Untuk siapa?"),
        widget=forms.HiddenInput,
        error_messages={"required": _("Pilih dulu untuk siapa."), "invalid_choice": _("Pilih dulu untuk siapa.")},
    )

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None,
        *,
        districts: Sequence[District],
        producers: Sequence[Producer] = (),
        products: Sequence[Product] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        words = language()
        self._described: Described | None = None
        self.districts = {district.code: district for district in districts}
        self.producers = {producer.slug: producer for producer in producers}
        self.products = {str(product.pk): product for product in products}
        asked = (initial or {}).get("untuk", "") if data is None else data.get("untuk", "")
        self.whom = producers[0] if len(producers) == 1 else self.producers.get(asked)
        theirs = {pk: one for pk, one in self.products.items() if self.whom and one.producer_id == self.whom.pk}
        first = {"quantity": USUAL_QUANTITY, "line": Machine.Line.HALAL, "produk": next(iter(theirs), "")}
        home = {"dari": self.whom.district_id} if self.whom else {}
        super().__init__(data, initial={**first, **home, **(initial or {})})
        self.fields["produk"].choices = _product_choices(theirs, words)
        self.fields["form"].choices = [("", _("Pilih")), *vocabulary.form_choices(words)]
        self.fields["kelas"].choices = [("", _("Yang biasa")), *vocabulary.class_choices(words)]
        self.fields["line"].choices = [("halal", _("Halal")), ("non_halal", _("Nonhalal"))]
        self.fields["format"].choices = [("", _("Yang biasa untuk produk itu")), *vocabulary.format_choices(words)]
        self.fields["dari"].choices = [("", _("Mana saja")), *((d.code, str(d)) for d in districts)]
        self.fields["untuk"].choices = [(p.slug, p.name) for p in producers]
        if len(producers) < 2:
            del self.fields["untuk"]
        self.fields["quantity"].usual = lambda: usual_of([self.whom] if self.whom else [])

    @property
    def acts_for_several(self) -> bool:
        """Whether somebody must say for whom this is."""
        return len(self.producers) > 1

    def clean(self) -> dict[str, Any]:
        read = super().clean() or {}
        self._check_product(read)
        if "format" in read and not read["format"]:
            self._guess_format(read)
        first, last = read.get("mulai"), read.get("sampai")
        if first and last and last < first:
            self.add_error("sampai", forms.ValidationError(_("Hari terakhir tidak boleh sebelum hari pertama.")))
        return read

    def _check_product(self, read: dict[str, Any]) -> None:
        """A product from the lists, or one described by hand: its name and form."""
        self._check_owner()
        if read.get("produk") or "produk" in self.errors:
            return
        if not read.get("product_name") and not read.get("form"):
            self.add_error("produk", forms.ValidationError(_("Pilih produknya, atau isi sendiri di bawah.")))
            return
        for name, words in (("product_name", _("Tulis nama produknya.")), ("form", _("Pilih bentuk produknya."))):
            if not read.get(name) and name not in self.errors:
                self.add_error(name, forms.ValidationError(words))

    def _check_owner(self) -> None:
        """A product of another producer the asker acts for is asked back: neither choice silently wins."""
        product = self.products.get(self.data.get("produk", ""))
        if product is None or self.whom is None or product.producer_id == self.whom.pk:
            return
        names = {"product": product.name, "owner": product.producer.name, "whom": self.whom.name}
        words = _("%(product)s milik %(owner)s, bukan %(whom)s. Pilih produk lain, atau ganti untuk siapa.") % names
        self.errors.pop("produk", None)
        self.add_error("produk", forms.ValidationError(words))

    def _guess_format(self, read: dict[str, Any]) -> None:
        usual = [] if self.errors else list(self.described().formats)
        if usual:
            read["format"] = usual[0]
        elif not self.errors:
            self.add_error("format", forms.ValidationError(_("Pilih kemasannya.")))

    def described(self) -> Described:
        """Return the product: the asker's own, a common one, or as told by hand. Read once the form was judged."""
        if self._described is None:
            self._described = self._describe(self.cleaned_data)
        return self._described

    def _describe(self, read: dict[str, Any]) -> Described:
        chosen = read.get("produk", "")
        if chosen in self.products:
            return _own(self.products[chosen])
        if chosen:
            return _common(common_products()[chosen], language())
        form = read.get("form", "")
        return Described(
            " ".join(read.get("product_name", "").split()),
            form,
            read.get("line") or Machine.Line.HALAL.value,
            read.get("kelas") or usual_class(form),
        )

    def net_weight(self) -> int | None:
        return self.cleaned_data["berat"] or self.described().net_weight

    def district(self) -> District | None:
        return self.districts.get(self.cleaned_data["dari"])

    def producer(self) -> Producer | None:
        """For whom this is asked: who was chosen, or the only one there is. A product never changes that."""
        return self.whom

    def days(self, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
        """Return first and last day to look at: from today on, a fortnight unless told, never more than `LONGEST`."""
        today = local_date(now, zone)
        first = max(self.cleaned_data["mulai"] or today, today)
        return first, min(max(self.cleaned_data["sampai"] or first + FORTNIGHT, first), first + LONGEST)

    def wanted(self, now: datetime, zone: ZoneInfo) -> Wanted:
        """Return the question to search for; its days are those of `zone`."""
        first, last = self.days(now, zone)
        product, read = self.described(), self.cleaned_data
        return Wanted(
            earliest=local_day(first, zone).start,
            latest=local_day(last, zone).end,
            form=product.form,
            format=read["format"],
            cleaning_class=product.cleaning_class,
            line=product.line,
            net_weight=self.net_weight(),
            quantity=read["quantity"],
            district=read["dari"],
        )

    def asked(self) -> TypedNeed:
        """Return what the ledger of needs keeps."""
        product, read = self.described(), self.cleaned_data
        return TypedNeed(
            pack_format=read["format"],
            quantity=read["quantity"],
            form=product.form,
            cleaning_class=product.cleaning_class,
            line=product.line,
            net_weight=self.net_weight(),
            district=self.district(),
            product=product.name,
        )

    def query(self, **changes: object) -> str:
        """Return the address of these results: everything but who asks. A product on file says its own words too."""
        product, read = self.described(), self.cleaned_data
        values: dict[str, object] = {name: read.get(name) for name in TOLD} | {"berat": self.net_weight()}
        values["quantity_pasti"] = sure(read["quantity"])
        if read["produk"] not in common_products():
            values |= {
                "product_name": product.name,
                "form": product.form,
                "line": product.line,
                "kelas": product.cleaning_class,
            }
        carried = QueryDict(mutable=True)
        for name, value in {**values, **changes}.items():
            if value not in (None, ""):
                carried[name] = str(value)
        return carried.urlencode()

    def order_query(self, **values: object) -> str:
        """Return the query that carries all this on into an order, so that nothing is asked twice."""
        product, producer = self.described(), self.producer()
        told: dict[str, object] = {
            "product": product.mine.pk if product.mine else "baru",
            "producer": producer.slug if producer and self.acts_for_several else None,
            "format": self.cleaned_data["format"],
            "quantity": self.cleaned_data["quantity"],
        }
        if product.mine is None:
            told |= {
                "product_name": product.name,
                "form": product.form,
                "line": product.line,
                "kelas": product.cleaning_class,
                "berat": self.net_weight(),
            }
        told |= values
        return kept_values(**told, quantity_pasti=sure(told["quantity"]))


def _product_choices(theirs: Mapping[str, Product], words: str) -> list[Any]:
    common = [(product.code, product.word(words)) for product in common_products().values()]
    lists: list[Any] = [(_("Produk Anda"), [(pk, product.name) for pk, product in theirs.items()])] if theirs else []
    return [("", _("Pilih produk")), *lists, (_("Produk Kalimantan Barat"), common)]


def _own(product: Product) -> Described:
    known = common_products().get(product.catalogue_code)
    last = getattr(product, "last_format", None) or ""
    usual = (last,) if last else known.formats if known else ()
    cleaning_class = product.cleaning_class or usual_class(product.form)
    weight = grams(product.net_weight)
    return Described(product.name, product.form, product.line, cleaning_class, usual, weight, product)


def _common(product: CommonProduct, words: str) -> Described:
    return Described(product.word(words), product.form, product.line, product.cleaning_class, product.formats)


def told_by(data: QueryDict, products: Sequence[Product], *, is_sent: bool) -> QueryDict:
    """Return what somebody said, by hand or from a list, as one of the two.

    Who sends a name of their own means that, whatever the list still shows. In a shared address
    a product that is not on the reader's file falls back to its own words.
    """
    known = {str(product.pk) for product in products} | set(common_products())
    chosen = data.get("produk", "")
    named = bool(data.get("product_name", "").strip())
    by_hand = (named or not chosen) if is_sent else chosen not in known
    names = ("produk",) if by_hand else BY_HAND
    changed = data.copy()
    for name in names:
        changed.pop(name, None)
    return changed
