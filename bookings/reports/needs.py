"""The report of needs put together, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext

from accounts import formats
from bookings.reports import charts
from bookings.reports.indicators import LEAST_TOLD, NeedSums, need_told
from bookings.reports.queries.needs import (
    DISTRICTS,
    NOWHERE,
    NeedFilter,
    NeedGroup,
    NeedScope,
    need_sums,
    reasons_of_needs,
)
from bookings.reports.queries.pace import packs_that_count
from bookings.reports.report import MONTHS_SHOWN, back
from facilities import vocabulary
from facilities.catalogue import wording
from facilities.models import District

NEED_GROUPS: Mapping[str, str] = {
    "kemasan": "pack_format", "produk": "form", "asal": "producer_district", "bulan": "month"
}  # fmt: skip
BARS_SHOWN = 8
OLDER_WORDS = {"wilayah": "asal"}
"""Words of addresses that people kept. Needs have no house: a district is where whoever asks is from."""
FILTERS = {"pack_format": "kemasan", "form": "produk", "producer_district": "asal", "month": "bulan"}
"""The word of an address by which each dimension is filtered."""


@dataclass(frozen=True, slots=True)
class NeedsAsked:
    """What a page of needs was asked for: a filter, and the address query that asks it again."""

    wanted: NeedFilter

    @property
    def month(self) -> date:
        return self.wanted.last

    @property
    def query(self) -> str:
        return self.query_of()

    def query_of(self, **more: str) -> str:
        """Return the query with more or other words: `query_of(kemasan="botol")`."""
        wanted = self.wanted
        values = {"bulan": f"{wanted.last:%Y-%m}", "kemasan": wanted.pack_format, "produk": wanted.form}
        values |= {"asal": wanted.district, **more}
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class NeedBar:
    """A named count with its bar; `figure` is as the reader may know it. `query` lists its needs."""

    label: str
    figure: str
    bar: charts.Bar
    query: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A row of the table: `query` filters by it, `rows` lists its needs."""

    label: str
    sums: NeedSums
    query: str


@dataclass(frozen=True, slots=True)
class NeedReport:
    """A month of needs: figures, the month before, bars by pack format and by reason, and the table's rows."""

    total: NeedSums
    before: NeedSums | None
    formats: Sequence[NeedBar]
    reasons: Sequence[NeedBar]
    lines: Sequence[NeedLine]
    is_exact: bool

    @property
    def headline_count(self) -> int:
        """The number that decides between singular and plural: not more exact than what is shown."""
        count = need_told("unmet_needs", self.total, exactly=self.is_exact)
        return LEAST_TOLD if count is None else count

    @property
    def unmet(self) -> str:
        """The count that begins the headline: 7, `sekitar 10`, `kurang dari 5`."""
        count = self.total.unmet_needs
        if self.is_exact or count == 0:
            return formats.number(count)
        shown = need_told("unmet_needs", self.total, exactly=False)
        if shown is None:
            return gettext("Kurang dari %(n)s") % {"n": LEAST_TOLD}
        return gettext("Sekitar %(n)s") % {"n": formats.number(shown)}

    @property
    def has_unknown(self) -> bool:
        """Whether anything was asked for by those nobody knows yet, for a reader who is told so."""
        return self.is_exact and self.total.needs_unknown > 0

    @property
    def most(self) -> str:
        """The pack format that most unmet needs ask for, or the two that do; nothing where no finding can be told."""
        return _leaders(self.formats)

    @property
    def main_reason(self) -> str:
        """What stood against most needs, in the same way."""
        return _leaders(self.reasons)


def _leaders(bars: Sequence[NeedBar]) -> str:
    names = [one.label for one in bars if one.bar.is_leading]
    if len(names) != 2:
        return names[0] if len(names) == 1 else ""
    second = names[1][:1].lower() + names[1][1:]
    return gettext("%(first)s dan %(second)s") % {"first": names[0], "second": second}


def figure_words(shown: int | None) -> str:
    """Return a count that has been told: 1.250, or `<5`."""
    return f"<{LEAST_TOLD}" if shown is None else formats.number(shown)


def compose_needs(
    scope: NeedScope, asked: NeedsAsked, *, group: str, now: datetime, districts: Mapping[str, District]
) -> NeedReport:
    """Return the report of a month of needs: at most five statements, whatever the number of needs and groups."""
    wanted, packs = asked.wanted, packs_that_count()
    since = replace(wanted, first=back(wanted.last, MONTHS_SHOWN - 1 if group == "bulan" else 1))
    months = need_sums(scope, since, group_by=["month"], now=now, packs=packs)
    by_format = need_sums(scope, wanted, group_by=["pack_format"], now=now, packs=packs)
    if group == "bulan":
        table = sorted(months, key=lambda one: one.keys["month"], reverse=True)
    elif group == "kemasan":
        table = by_format
    else:
        table = need_sums(scope, wanted, group_by=[NEED_GROUPS[group]], now=now, packs=packs)
    return NeedReport(
        total=_of_month(months, wanted.last),
        before=_of_month(months, back(wanted.last, 1)),
        formats=_format_bars(by_format, asked, exactly=scope.is_exact),
        reasons=_reason_bars(reasons_of_needs(scope, wanted, now=now), asked),
        lines=[_line(one, asked, NEED_GROUPS[group], districts) for one in table],
        is_exact=scope.is_exact,
    )


def _of_month(months: Sequence[NeedGroup], month: date) -> NeedSums:
    return next((one.sums for one in months if one.keys["month"] == f"{month:%Y-%m}"), NeedSums())


def _format_bars(groups: Sequence[NeedGroup], asked: NeedsAsked, *, exactly: bool) -> list[NeedBar]:
    return _bars(
        [
            (
                wording.format_words([one.keys["pack_format"]]),
                asked.query_of(kemasan=one.keys["pack_format"], isi="belum-terlayani"),
                need_told("unmet_needs", one.sums, exactly=exactly),
            )
            for one in groups
            if one.sums.unmet_needs
        ]
    )


def _reason_bars(reasons: Sequence[tuple[str, int | None]], asked: NeedsAsked) -> list[NeedBar]:
    return _bars([(reason_words(code), asked.query_of(isi="tanpa-mesin", alasan=code), n) for code, n in reasons])


def _bars(named: Sequence[tuple[str, str, int | None]]) -> list[NeedBar]:
    """Return the first bars as they come, most first; a count too small to tell is drawn at half of five."""
    first, small = named[:BARS_SHOWN], LEAST_TOLD / 2
    lengths = [shown for _, _, shown in first]
    leading = {place for place, length in enumerate(lengths) if length and length == lengths[0]}
    drawn = charts.bars([small if length is None else length for length in lengths], average=None, leading=leading)
    return [
        NeedBar(label, figure_words(shown), bar, query)
        for (label, query, shown), bar in zip(first, drawn.bars, strict=True)
    ]


def _line(group: NeedGroup, asked: NeedsAsked, dimension: str, districts: Mapping[str, District]) -> NeedLine:
    key = group.keys[dimension]
    query = asked.query_of(**{FILTERS[dimension]: key}) if key else ""
    return NeedLine(label_of(dimension, key, districts), group.sums, query)


def label_of(dimension: str, key: str, districts: Mapping[str, District]) -> str:
    """Return a group's name in the language of the page."""
    if key in ("", NOWHERE):
        return gettext("Tidak disebut")
    if dimension in DISTRICTS:
        return str(districts.get(key, key))
    if dimension == "month":
        return formats.month_name(date.fromisoformat(f"{key}-01"))
    return wording.form_words([key]) if dimension == "form" else wording.format_words([key])


def labels_of(keys: Mapping[str, str], districts: Mapping[str, District]) -> dict[str, str]:
    """Return a group's names by dimension."""
    return {name: label_of(name, key, districts) for name, key in keys.items()}


def reason_words(code: str) -> str:
    """Return why nothing fitted, in a few words; a code without words reads as itself."""
    return _reason_words().get(code, code.replace("_", " "))


def _reason_words() -> dict[str, str]:
    return {
        "no_such_machine": gettext("Belum ada mesin untuk produk dan kemasan ini"),
        "taken": gettext("Jamnya sudah terisi"),
        "closed": gettext("Rumah tutup"),
        "holiday": gettext("Hari libur"),
        "maintenance": gettext("Mesin dirawat"),
        "broken": gettext("Mesin rusak"),
        "in_the_past": gettext("Jamnya sudah lewat"),
        "too_soon": gettext("Terlalu mendadak"),
        "too_far": gettext("Terlalu jauh hari"),
        "too_short": gettext("Terlalu singkat"),
        "too_long": gettext("Terlalu lama untuk satu kali"),
        "off_grid": gettext("Di luar langkah jam"),
        "not_enough_cleaning_time": gettext("Waktu bersih-bersih kurang"),
        "products_never_mix": gettext("Produk tidak boleh bertemu"),
        "wrong_line": gettext("Lini halal tidak sesuai"),
        "does_not_fit_machine": gettext("Mesin tidak cocok"),
        "no_operator": gettext("Operator tidak tersedia"),
        "not_qualified": gettext("Belum dilatih"),
        "document_missing": gettext("Dokumen belum ada"),
        "document_expired": gettext("Dokumen kedaluwarsa"),
        "pirt_pack_type": gettext("Jenis kemasan P-IRT lain"),
        "same_time": gettext("Pelaku usaha juga memesan mesin lain"),
        "quota_used": gettext("Kuota habis"),
        "kept_for_others": gettext("Jam disisihkan bagi yang lain"),
        "producer_suspended": gettext("Pemesanan dijeda"),
        "needs_manager": gettext("Perlu persetujuan petugas"),
    }


def pack_words(net_weight: int | None, form: str) -> str:
    """Return a pack's content: 100 g, 250 ml; nothing where nobody said."""
    if net_weight is None:
        return ""
    return f"{formats.number(net_weight)}\u00a0{'ml' if form == 'cair' else 'g'}"


def state_words() -> dict[str, str]:
    """Return what became of a need, in words."""
    return {
        "terlayani": gettext("Terlayani"),
        "belum-terlayani": gettext("Belum terlayani"),
        "ditunggu": gettext("Masih ditunggu"),
    }


def kind_titles() -> dict[str, str]:
    """Return what each list of needs is called."""
    return {
        "diminta": gettext("Kebutuhan yang dicari"),
        "belum-terlayani": gettext("Kebutuhan belum terlayani"),
        "tanpa-mesin": gettext("Kebutuhan tanpa mesin yang cocok"),
        "tanpa-pesanan": gettext("Kebutuhan tanpa pesanan 30 hari"),
        "terlayani": gettext("Kebutuhan terlayani"),
        "ditunggu": gettext("Kebutuhan yang masih ditunggu"),
        "belum-dikenal": gettext("Kebutuhan belum terlayani dari yang belum dikenal"),
    }


def form_options() -> list[tuple[str, str]]:
    return vocabulary.form_choices(wording.language())


def format_options() -> list[tuple[str, str]]:
    return vocabulary.format_choices(wording.language())
