"""What the figures of a report mean: sums of minutes and counts, and the shares made of them. Pure.

The definitions are part of the product: a tap on a figure shows them, and every export
carries them. Source: the provincial list of indicators (rumah produksi, v1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Sums:
    """Minutes and counts of some machine-months, added up; shares are only made here, never stored.

    `cells` is how many machine-months were counted: none at all means nobody counted,
    which reads *belum lapor*. So does a figure made of runs where hours were booked, nobody
    has said what came of them, and not one run was signed: missing is never zero.
    """

    available: int = 0
    booked: int = 0
    run: int = 0
    downtime: int = 0
    approved: int = 0
    completed: int = 0
    no_shows: int = 0
    late_cancels: int = 0
    signed: int = 0
    services: int = 0
    good: int = 0
    rejected: int = 0
    unreported: int = 0
    cells: int = 0

    def __add__(self, other: Self) -> Sums:
        return Sums(*(getattr(self, name) + getattr(other, name) for name in ALL))

    @property
    def is_counted(self) -> bool:
        """Whether anybody summed this at all."""
        return self.cells > 0

    @property
    def is_reported(self) -> bool:
        """Whether the run log says anything: not when it is owed runs and not one was signed."""
        says_something = self.run or self.services or self.signed
        return self.is_counted and bool(says_something or not (self.completed or self.unreported))

    @property
    def run_minutes(self) -> int | None:
        return self.run if self.is_reported else None

    @property
    def served(self) -> int | None:
        """Services, or None where nobody reported."""
        return self.services if self.is_reported else None

    @property
    def utilisation(self) -> float | None:
        return _share(self.run, self.available) if self.is_reported else None

    @property
    def beyond_hours(self) -> int:
        """Minutes that machines can only have run outside opening hours: more than they were available."""
        return max(0, self.run - self.available) if self.is_reported else 0

    @property
    def occupancy(self) -> float | None:
        return _share(self.booked, self.available) if self.is_counted else None

    @property
    def wasted(self) -> int | None:
        """Minutes booked and reported on, less those run: negative where the machines ran longer than was booked."""
        return self.booked - self.unreported - self.run if self.is_reported else None

    @property
    def wasted_share(self) -> float | None:
        return None if self.wasted is None else _share(self.wasted, self.available)

    @property
    def unreported_share(self) -> float | None:
        return _share(self.unreported, self.available) if self.is_counted else None

    @property
    def no_show_share(self) -> float | None:
        return _share(self.no_shows, self.approved)

    @property
    def late_cancel_share(self) -> float | None:
        return _share(self.late_cancels, self.approved)

    @property
    def reject_share(self) -> float | None:
        return _share(self.rejected, self.good + self.rejected) if self.is_reported else None

    @property
    def completeness(self) -> float | None:
        return _share(self.signed, self.completed)


COLUMNS = tuple(one.name for one in fields(Sums) if one.name != "cells")
"""The sums that are stored, in the order of `Sums`."""

ALL = (*COLUMNS, "cells")


def _share(part: int, whole: int) -> float | None:
    """Return part ÷ whole; None, not zero, where there is no whole."""
    return part / whole if whole else None


def median(values: list[int]) -> float | None:
    """Return the middle value, the mean of the two middle ones of an even number, None of none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def figure(key: str, sums: Sums, producers: int | None = None) -> float | int | None:
    """Return an indicator's value by its key: minutes, a share between 0 and 1, or a count.

    None where it is missing (see `is_missing`) or where there is no whole to share.
    """
    if is_missing(key, sums):
        return None
    if key == "producers":
        return producers
    value: float | int | None = getattr(sums, key)
    return value


def is_missing(key: str, sums: Sums) -> bool:
    """Return whether a figure reads *belum lapor*: nobody counted, or it is made of runs and none was signed."""
    return not sums.is_counted or (key in OF_RUNS and not sums.is_reported)


OF_RUNS = frozenset({"run", "utilisation", "wasted", "services", "producers", "good", "rejected", "reject_share"})
"""Figures that only a signed run log can give."""
OF_MACHINES = frozenset({"available", "utilisation", "occupancy", "downtime"})
"""Figures of machines, which no producer has a share of."""
NOT_BEGUN, NOT_COUNTED, NOT_REPORTED = "not_begun", "not_counted", "not_reported"
NOT_BY_PRODUCER, NO_WHOLE = "not_by_producer", "no_whole"
NOTHING_TO_SAY = frozenset({NOT_BY_PRODUCER, NO_WHOLE})
"""Why there can be no figure; all other reasons read *belum lapor*."""


def why_missing(key: str, sums: Sums, *, has_begun: bool = True, of_producer: bool = False) -> str | None:
    """Return the code of why a figure has no value, None when it has one.

    `not_begun`: its months are still to come. `not_counted`: before the house opened or the system recorded, or
    not summed yet. `not_reported`: made of runs, and none was signed. `not_by_producer`: a figure of machines,
    asked by producer. `no_whole`: a share of nothing, as of no approved booking.
    """
    if of_producer and key in OF_MACHINES:
        return NOT_BY_PRODUCER
    if not sums.is_counted:
        return NOT_COUNTED if has_begun else NOT_BEGUN
    if is_missing(key, sums):
        return NOT_REPORTED
    return NO_WHOLE if key != "producers" and getattr(sums, key) is None else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure's name and definition in both languages. `unit`: hours, share, count, days or minutes."""

    key: str
    unit: str
    name_id: str
    name_en: str
    definition_id: str
    definition_en: str

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_id

    def definition(self, language: str) -> str:
        return self.definition_en if language.startswith("en") else self.definition_id


INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        Indicator(
            "available", "hours", "Jam tersedia", "Available hours",
            "Jam buka, dikurangi hari tutup dan perawatan terencana, dijumlah per mesin.",
            "Opening hours less closures and planned maintenance, added up per machine.",
        ),
        Indicator(
            "run", "hours", "Jam terpakai", "Run hours",
            "Jam mesin benar-benar jalan, menurut catatan pemakaian yang ditandatangani.",
            "Hours the machines really ran, by the signed run log.",
        ),
        Indicator(
            "utilisation", "share", "Utilisasi", "Utilisation",
            "Jam terpakai dibagi jam tersedia.",
            "Run hours divided by available hours.",
        ),
        Indicator(
            "booked", "hours", "Jam dipesan", "Booked hours",
            "Jam pesanan yang disetujui, termasuk yang tidak hadir, tanpa persiapan dan bersih-bersih. "
            "Pesanan batal tidak dihitung.",
            "Hours of approved bookings, no-shows included, without setup and cleaning. "
            "Cancelled bookings are not counted.",
        ),
        Indicator(
            "occupancy", "share", "Okupansi", "Occupancy rate",
            "Jam dipesan dibagi jam tersedia. Selisihnya dengan utilisasi adalah jam yang terbuang dan jam yang belum lapor.",
            "Booked hours divided by available hours. What exceeds utilisation is wasted or not reported yet.",
        ),
        Indicator(
            "wasted", "hours", "Jam terbuang", "Wasted hours",
            "Jam dipesan dikurangi jam belum lapor dan jam terpakai. Di bawah nol bila mesin jalan lebih lama dari yang "
            "dipesan.",
            "Booked hours less hours not reported yet and run hours. Below zero where machines ran longer than booked.",
        ),
        Indicator(
            "unreported", "hours", "Jam belum lapor", "Hours not reported",
            "Jam dipesan yang pemakaiannya belum ditandatangani. Yang tidak hadir sudah diketahui, jadi tidak termasuk.",
            "Booked hours whose run nobody has signed yet. No-shows are known, so they are not among them.",
        ),
        Indicator(
            "services", "count", "Layanan", "Services",
            "Jumlah pemakaian yang ditandatangani, dihitung pada bulan mulainya.",
            "Signed runs, counted in the month in which they began.",
        ),
        Indicator(
            "producers", "count", "Pelaku usaha", "Producers served",
            "Pelaku usaha dengan pemakaian, masing-masing dihitung satu kali. Anggota koperasi dihitung sendiri-sendiri.",
            "Producers with a run, each counted once. Members of a cooperative count as themselves.",
        ),
        Indicator(
            "no_show_share", "share", "Tidak hadir", "No-shows",
            "Pesanan disetujui yang tidak pernah datang, dibagi semua pesanan disetujui.",
            "Approved bookings that never arrived, divided by all approved bookings.",
        ),
        Indicator(
            "late_cancel_share", "share", "Batal terlambat", "Late cancellations",
            "Pesanan disetujui yang batal sesudah batas waktu, dibagi semua pesanan disetujui.",
            "Approved bookings cancelled after the deadline, divided by all approved bookings.",
        ),
        Indicator(
            "waiting", "minutes", "Menunggu jawaban", "Waiting for an answer",
            "Nilai tengah dari permintaan sampai keputusan petugas. Yang tidak dijawab ikut dihitung, sampai kedaluwarsa "
            "atau sampai sekarang. Yang disetujui otomatis tidak menunggu, yang dibatalkan pemohon sebelum dijawab tidak "
            "dihitung. Permintaan dihitung pada bulan mulainya jam yang diminta.",
            "Median from request to the decision of a person. Requests that nobody answered count too, until they "
            "lapsed or until now. What is approved automatically does not wait; what its producer withdrew before an "
            "answer is not counted. A request belongs to the month in which the hours asked for begin.",
        ),
        Indicator(
            "idle", "days", "Menganggur", "Idle",
            "Hari sejak pemakaian terakhir: 14, 30, 90, atau belum pernah. Mesin rusak dihitung terpisah.",
            "Days since the last run: 14, 30, 90, or never. Broken machines are counted apart.",
        ),
        Indicator(
            "downtime", "hours", "Jam henti", "Downtime",
            "Jam mesin rusak di dalam jam tersedia.",
            "Hours broken down within the available hours.",
        ),
        Indicator(
            "good", "count", "Kemasan baik", "Good packs",
            "Kemasan baik menurut catatan pemakaian.",
            "Good packs by the run log.",
        ),
        Indicator(
            "rejected", "count", "Kemasan gagal", "Rejected packs",
            "Kemasan yang gagal menurut catatan pemakaian.",
            "Rejected packs by the run log.",
        ),
        Indicator(
            "reject_share", "share", "Persentase gagal", "Reject rate",
            "Kemasan gagal dibagi semua kemasan.",
            "Rejected packs divided by all packs.",
        ),
        Indicator(
            "completeness", "share", "Kelengkapan catatan", "Data completeness",
            "Pesanan selesai yang pemakaiannya ditandatangani, dibagi semua pesanan selesai. "
            "Yang tidak ada tertulis belum lapor, bukan nol.",
            "Completed bookings with a signed run, divided by all completed bookings. "
            "What is missing reads not reported, never zero.",
        ),
        Indicator(
            "needs", "count", "Kebutuhan", "Needs",
            "Yang dicari pelaku usaha yang dikenal sebelum memilih mesin. Dikenal: pernah datang ke rumah produksi, atau "
            "diverifikasi petugas. Dihitung satu kali per pelaku usaha, produk, bentuk kemasan, dan bulan. "
            "Selalu terlayani, belum terlayani, atau masih ditunggu.",
            "What known producers looked for before choosing a machine. Known: they came to a house once, or staff "
            "verified them. Counted once per producer, product, pack format and month. "
            "Always served, unmet, or still open.",
        ),
        Indicator(
            "unmet_needs", "count", "Kebutuhan belum terlayani", "Unmet needs",
            "Kebutuhan tanpa pesanan yang melayaninya, yang pencariannya berakhir tanpa mesin yang cocok "
            "atau yang sudah 30 hari sejak pelaku usaha pertama memintanya. Ditutup begitu pesanan melayaninya.",
            "Needs that no booking serves, whose search ended without a machine that fits "
            "or that a producer first asked 30 days ago or more. Closed once a booking serves them.",
        ),
        Indicator(
            "unmet_unknown", "count", "Dari yang belum dikenal", "By those not known yet",
            "Kebutuhan belum terlayani yang dicari tanpa akun, atau dengan akun yang belum pernah datang dan belum "
            "diverifikasi petugas. Dihitung terpisah dan tidak masuk angka lain, karena siapa pun bisa mengirimnya. "
            "Tanpa akun: satu kali per perangkat, produk, bentuk kemasan, dan hari, dan hanya bila tidak ada mesin "
            "yang cocok, karena tidak diketahui apakah mereka lalu memesan.",
            "Unmet needs looked for without an account, or by an account that never came and that no staff verified. "
            "Counted apart and in no other figure, since anybody can send them. Without an account: once per device, "
            "product, pack format and day, and only where nothing fitted, since nobody knows whether they booked.",
        ),
        Indicator(
            "needs_nothing_fits", "count", "Tanpa mesin yang cocok", "Nothing fitted",
            "Kebutuhan belum terlayani yang pencariannya berakhir tanpa mesin atau jam yang cocok.",
            "Unmet needs whose search ended without a machine or a time that fits.",
        ),
        Indicator(
            "needs_without_booking", "count", "Tanpa pesanan 30 hari", "No booking in 30 days",
            "Kebutuhan yang 30 hari sejak pertama diminta masih tanpa pesanan. "
            "Bisa juga terhitung pada tanpa mesin yang cocok.",
            "Needs without a booking 30 days after they were first asked. May also count under nothing fitted.",
        ),
        Indicator(
            "needs_served", "count", "Kebutuhan terlayani", "Needs served",
            "Kebutuhan yang kemudian mendapat pesanan dari pelaku usaha dan bentuk kemasan yang sama.",
            "Needs that later got a booking of the same producer and pack format.",
        ),
        Indicator(
            "needs_open", "count", "Masih ditunggu", "Still open",
            "Kebutuhan yang menemukan mesin, belum dipesan, dan belum 30 hari.",
            "Needs that found a machine, are not booked yet, and are not 30 days old.",
        ),
        Indicator(
            "unmet_packs", "count", "Kemasan belum terlayani", "Unmet packs",
            "Jumlah kemasan dari kebutuhan belum terlayani, menurut permintaan terakhir. Satu kebutuhan dihitung paling "
            "banyak sebesar yang dikerjakan mesin tercepat yang cocok dalam sebulan (173 jam); tanpa mesin yang cocok, "
            "600 kemasan per jam.",
            "Packs of unmet needs, as last asked. One need counts at most what the fastest machine that fits does "
            "in a month (173 hours); where none fits, at 600 packs an hour.",
        ),
        Indicator(
            "unknown_packs", "count", "Kemasan dari yang belum dikenal", "Packs of those not known yet",
            "Jumlah kemasan dari kebutuhan belum terlayani yang belum dikenal, dengan batas yang sama per kebutuhan.",
            "Packs of the unmet needs by those not known yet, each need limited in the same way.",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedSums:
    """Needs of a group, counted. `needs` = `unmet_needs` + `needs_served` + `needs_open`.

    `needs_nothing_fits` and `needs_without_booking` are the two ways to be unmet and may overlap. These, `producers`
    (each once) and `unmet_packs` are of known producers; `needs_unknown`, `unmet_unknown` and `unknown_packs` of
    everybody else. `askers` counts, for each figure, the producers it is made of.
    """

    needs: int = 0
    unmet_needs: int = 0
    needs_nothing_fits: int = 0
    needs_without_booking: int = 0
    needs_served: int = 0
    needs_open: int = 0
    unmet_packs: int = 0
    producers: int = 0
    needs_unknown: int = 0
    unmet_unknown: int = 0
    unknown_packs: int = 0
    askers: Mapping[str, int] = field(default_factory=dict)


LEAST_TOLD = 5
"""Figures of fewer producers could point at somebody: who may not read the rows is told *fewer than five*."""
ONLY_EXACTLY = frozenset({"unmet_packs", "producers", "needs_unknown", "unmet_unknown", "unknown_packs"})
"""Figures that are told exactly or not at all: anybody could move them, and read others' share from the step."""


def told(count: int, *, by: int, exactly: bool) -> int | None:
    """Return a count as a reader may know it: as it is, or to the nearest five; None where fewer than five are behind it.

    `by` is how many known producers are: one who asks for ten things is one. Rounding the rest keeps the small
    ones from being worked out as a difference.
    """
    if exactly or count == 0:
        return count
    return None if by < LEAST_TOLD else (count + LEAST_TOLD // 2) // LEAST_TOLD * LEAST_TOLD


def need_told(key: str, sums: NeedSums, *, exactly: bool) -> int | None:
    """Return a figure of needs as a reader may know it: see `told`."""
    if key in ONLY_EXACTLY and not exactly:
        return None
    return told(getattr(sums, key), by=sums.askers.get(key, 0), exactly=exactly)
