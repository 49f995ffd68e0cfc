"""The rules of time in sentences, declared as every other setting. What they do stands in the rules that read `Rules`."""

from __future__ import annotations

from bookings.rules.base import Setting
from facilities.time.bounds import BOUNDS, GRIDS


def _minutes(name: str, id_: str, en: str, *, kind: str = "minutes", per_machine: bool = True) -> Setting:
    low, high = BOUNDS[name]
    return Setting(name, kind, id=id_, en=en, low=low, high=high, per_machine=per_machine)


APPROVAL_WORDS = (
    ("automatic", "otomatis", "at once"),
    ("manual", "selalu oleh petugas", "always by a person"),
    ("below_limit", "otomatis sampai batas di bawah ini", "at once up to the limit below"),
    ("verified", "otomatis sampai batas, bagi yang terverifikasi", "at once up to the limit, for verified producers"),
)

WHEN = (
    Setting(
        "grid", "choice", options=tuple((str(n), f"{n} menit", f"{n} minutes") for n in GRIDS),
        id="Jam mulai ditawarkan tiap {}.",
        en="Starts are offered every {}.",
    ),
    _minutes("notice", "Pesan paling lambat {} sebelum mulai.", "Book at least {} before the start."),
    _minutes("horizon", "Jam bisa dipesan sampai {} ke depan.", "Times can be booked {} ahead.", kind="days"),
    _minutes("shortest", "Satu pesanan paling singkat {}.", "One booking lasts at least {}."),
    _minutes("longest", "Satu pesanan paling lama {}.", "One booking lasts at most {}."),
)  # fmt: skip

WHO_ANSWERS = (
    Setting(
        "approval", "choice", options=APPROVAL_WORDS,
        id="Permintaan disetujui {}.",
        en="Requests are approved {}.",
    ),
    _minutes("approval_limit", "Batas setuju otomatis: {}.", "The limit of approving at once: {}."),
    _minutes(
        "answer_within", "Petugas menjawab dalam {} sebelum permintaan gugur.",
        "A person answers within {} before the request lapses.", per_machine=False,
    ),
)  # fmt: skip

LATE = (
    _minutes(
        "grace", "Yang terlambat ditunggu {} sebelum jamnya dilepas.",
        "Who is late is waited for {} before the time is released.", per_machine=False,
    ),
    _minutes(
        "cancel_deadline", "Batal tanpa catatan paling lambat {} sebelum mulai.",
        "Calling off goes unrecorded until {} before the start.", per_machine=False,
    ),
)  # fmt: skip

HOLIDAYS = (
    Setting(
        "closed_on_holidays", "flag", per_machine=False,
        id="Tutup pada hari libur nasional: {}.", en="Closed on public holidays: {}.",
    ),
    Setting(
        "closed_on_joint_leave", "flag", per_machine=False,
        id="Tutup pada cuti bersama: {}.", en="Closed on joint leave: {}.",
    ),
)  # fmt: skip

TIMES: dict[str, Setting] = {one.name: one for one in (*WHEN, *WHO_ANSWERS, *LATE, *HOLIDAYS)}
"""Every rule of time by its name: a column of the house, and most of them of a machine as well."""
