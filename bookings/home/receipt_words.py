"""A booking in words for its producer: what its state means, what comes next, what happened so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import formats
from bookings.messages.words import REASONS
from bookings.models import Booking, BookingEvent
from bookings.packs.estimate import ARRIVE_EARLY, packs_to_bring
from bookings.trail.answering import is_promised
from bookings.trail.lifecycle import APPROVED, REQUESTED
from facilities.catalogue import wording

REMIND_AT = 16
"""O'clock on the day before, at the house: when the reminder goes out."""


def address_of(booking: Booking) -> str:
    """Return the booking's full address."""
    return f"{settings.PUBLIC_URL}/pesanan/{booking.reference}/"


def headline(booking: Booking) -> str:
    """What the state means to the producer, as a sentence."""
    return {
        "requested": _("Menunggu petugas"),
        "approved": _("Jadwal Anda tercatat"),
        "checked_in": _("Anda sudah tercatat hadir"),
        "completed": _("Selesai. Terima kasih."),
        "declined": _("Belum bisa disetujui"),
        "expired": _("Petugas tidak sempat menjawab"),
        "cancelled": _("Pesanan dibatalkan"),
        "no_show": _("Tercatat tidak hadir"),
        "displaced": _("Perlu jam baru"),
    }[booking.status]


def subline(booking: Booking) -> str:
    """One more sentence under the headline: what is certain, and what to do."""
    zone = booking.facility.zone
    if booking.status == REQUESTED and booking.expires_at:
        if not is_promised(booking.expires_at, booking.starts_at):
            return _("Jamnya kami simpan. Belum tentu dijawab sebelum jam itu. Telepon rumah produksi.")
        return _("Jamnya kami simpan. Dijawab paling lambat %(when)s.") % {
            "when": f"{formats.short_date(booking.expires_at, zone)}, {formats.clock(booking.expires_at, zone)}"
        }
    return {
        "declined": _("Jamnya sudah kami lepas. Anda bisa memilih jam lain."),
        "expired": _("Jamnya sudah kami lepas. Maaf, silakan pesan lagi."),
        "cancelled": _("Terima kasih, jam Anda kini bisa dipakai orang lain."),
        "no_show": _("Jamnya sudah kami lepas untuk orang lain."),
        "displaced": _("Mesin tidak bisa dipakai pada jam Anda. Maaf. Pilih jam baru di bawah."),
    }.get(booking.status, "")


def reason_words(booking: Booking | BookingEvent) -> str:
    """Return why, in words: the chosen reason, and what was typed beside it."""
    pair = REASONS.get(booking.reason_code)
    chosen = pair[1 if wording.language() == "en" else 0] if pair else ""
    return ". ".join(part for part in (chosen, booking.reason) if part)


def pack_words(booking: Booking) -> str:
    return wording.format_words([booking.pack_format]).lower() if booking.pack_format else _("kemasan")


def bring_list(booking: Booking) -> list[tuple[str, str, str]]:
    """Return what to bring as (icon, strong words, the rest)."""
    items = []
    if booking.quantity:
        number = formats.number(packs_to_bring(booking.quantity))
        items.append(("kemasan", f"{number}\u00a0{pack_words(booking)}", _("dengan cadangan")))
    if booking.product_name:
        items.append(("bawa", booking.product_name, _("siap kemas")))
    items += [("bawa", "", line) for line in wording.lines(booking.facility.what_to_bring)]
    return items


def arrive_at(booking: Booking) -> datetime:
    return booking.starts_at - timedelta(minutes=ARRIVE_EARLY)


def next_steps(booking: Booking, *, now: datetime) -> list[tuple[str, str]]:
    """Return what happens next as (when, what)."""
    zone = booking.facility.zone
    steps = []
    if booking.status == REQUESTED and booking.expires_at and is_promised(booking.expires_at, booking.starts_at):
        when = f"{formats.short_date(booking.expires_at, zone)}, {formats.clock(booking.expires_at, zone)}"
        steps.append((when, _("Paling lambat dijawab petugas")))
    if booking.status in (REQUESTED, APPROVED):
        local = booking.starts_at.astimezone(zone)
        remind = local.replace(hour=REMIND_AT, minute=0, second=0, microsecond=0) - timedelta(days=1)
        if remind > now:
            steps.append((f"{formats.short_date(remind, zone)}, {formats.clock(remind, zone)}", _("Kami ingatkan")))
        arrive = arrive_at(booking)
        steps.append((f"{formats.short_date(arrive, zone)}, {formats.clock(arrive, zone)}", _("Datang, tunjukkan kode QR")))
        after = _("Sesudah %(when)s") % {"when": formats.clock(booking.ends_at, zone)}
        steps.append((after, _pay(booking)))
    return steps


def _pay(booking: Booking) -> str:
    if booking.price:
        return _("Bayar sekitar %(price)s di petugas") % {"price": formats.rupiah(booking.price)}
    return _("Petugas mencatat hasilnya")


def cancel_deadline(booking: Booking) -> datetime:
    return booking.starts_at - timedelta(minutes=booking.facility.cancel_deadline)


def share_address(booking: Booking, machine: str) -> str:
    """Return a WhatsApp link with everything in the message, readable without opening anything."""
    house, zone = booking.facility, booking.facility.zone
    state = _("menunggu petugas") if booking.status == REQUESTED else _("disetujui")
    lines = [
        _("Pesanan %(reference)s, %(state)s") % {"reference": booking.reference, "state": state},
        f"{formats.long_date(booking.starts_at, zone)}",
        f"{formats.clock_span(booking.starts_at, booking.ends_at, zone)} {formats.zone_name(zone)}",
        f"{machine}, {house.name}",
        house.address,
        *(_("Bawa: %(things)s") % {"things": words} for words in [_brings(booking)] if words),
        address_of(booking),
    ]
    return f"https://wa.me/?text={quote(chr(10).join(lines).replace(chr(160), ' '))}"


def _brings(booking: Booking) -> str:
    return ", ".join(strong for _icon, strong, _rest in bring_list(booking) if strong)


def happened(booking: Booking) -> list[dict[str, object]]:
    """Return the booking's history in words, the latest first."""
    return [_event(event, booking) for event in reversed(list(booking.events.all()))]


def _event(event: BookingEvent, booking: Booking) -> dict[str, object]:
    words = {
        "reserve": _("Dipesan"),
        "approve": _("Disetujui petugas"),
        "decline": _("Ditolak petugas"),
        "expire": _("Lewat batas jawab"),
        "cancel": _("Dibatalkan"),
        "move": _("Dipindahkan"),
        "ask_to_move": _("Minta pindah"),
        "displace": _("Jam dilepas karena mesin"),
        "strand": _("Operator berhalangan"),
        "unassign": _("Operator berhalangan"),
        "reassign": _("Operator ditugaskan"),
        "restore": _("Operator ditugaskan"),
        "check_in": _("Hadir"),
        "undo_check_in": _("Catatan hadir ditarik"),
        "mark_no_show": _("Tercatat tidak hadir"),
        "start_run": _("Mesin dijalankan"),
        "stop_run": _("Mesin dihentikan"),
        "record_run": _("Hasil dicatat"),
        "correct_run": _("Hasil dibetulkan"),
        "complete": _("Selesai"),
        "enter_past_work": _("Dicatat susulan"),
    }
    by = _("oleh petugas") if event.on_behalf else ""
    return {
        "at": event.at,
        "words": " ".join(filter(None, [words.get(event.action, event.action), by])),
        "detail": _moved(event, booking) or reason_words(event),
    }


def _moved(event: BookingEvent, booking: Booking) -> str:
    """Return `Sel 24 Nov, 08.00 → Rab 25 Nov, 10.00` for a move."""
    before, after = event.details.get("starts_at_before"), event.details.get("starts_at")
    if not (before and after):
        return ""
    zone = booking.facility.zone
    times = [datetime.fromisoformat(text) for text in (before, after)]
    return " → ".join(f"{formats.short_date(t, zone)}, {formats.clock(t, zone)}" for t in times)
