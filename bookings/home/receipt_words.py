"""A booking in words for its producer: what its state means, what comes next, what happened so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import formats
from bookings.messages.bringing import brought_to
from bookings.messages.reasons import AT_REQUEST, REASONS
from bookings.models import Booking, BookingEvent, Membership
from bookings.packs.estimate import ARRIVE_EARLY
from bookings.trail.acting import capacities
from bookings.trail.answering import is_promised
from bookings.trail.lifecycle import APPROVED, REQUESTED
from facilities.catalogue import wording
from facilities.catalogue.bringing import Brought

TAKEN_BY_BOTH = {"reserve", "move", "ask_to_move", "cancel"}
"""Steps of the producer's people and of the house alike: here it must be said who took them."""
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


def capacities_in(booking: Booking) -> Mapping[int, str]:
    """Return as what the people of a booking's history act for its producer; who is missing is of the house."""
    return capacities(booking.producer, {event.actor_id for event in booking.events.all() if event.actor_id})


def is_called_off_by_house(booking: Booking, known: Mapping[int, str]) -> bool:
    """Return whether it was the house that cancelled. `known` is of `capacities_in`."""
    ends = [event for event in booking.events.all() if event.action == "cancel"]
    return bool(ends) and ends[-1].actor_id is not None and ends[-1].actor_id not in known


def subline(booking: Booking, *, by_house: bool = False) -> str:
    """One more sentence under the headline: what is certain, and what to do. `by_house`: the house cancelled it."""
    zone = booking.facility.zone
    if booking.status == REQUESTED and booking.expires_at:
        if not is_promised(booking.expires_at, booking.starts_at):
            return _("Jamnya kami simpan. Belum tentu dijawab sebelum jam itu. Telepon rumah produksi.")
        return _("Jamnya kami simpan. Dijawab paling lambat %(when)s.") % {
            "when": f"{formats.short_date(booking.expires_at, zone)}, {formats.clock(booking.expires_at, zone)}"
        }
    if by_house:
        return _by_house(booking)
    return {
        "declined": _("Jamnya sudah kami lepas. Anda bisa memilih jam lain."),
        "expired": _("Jamnya sudah kami lepas. Maaf, silakan pesan lagi."),
        "cancelled": _("Terima kasih, jam Anda kini bisa dipakai orang lain."),
        "no_show": _("Jamnya sudah kami lepas untuk orang lain."),
        "displaced": _("Mesin tidak bisa dipakai pada jam Anda. Maaf. Pilih jam baru di bawah."),
    }.get(booking.status, "")


def _by_house(booking: Booking) -> str:
    if booking.reason_code == AT_REQUEST:
        return _("Rumah produksi membatalkannya untuk Anda, sesuai permintaan.")
    return _("Maaf, rumah produksi membatalkan pesanan ini. Anda bisa memilih jam lain.")


def reason_words(booking: Booking | BookingEvent) -> str:
    """Return why, in words: the chosen reason, and what was typed beside it."""
    pair = REASONS.get(booking.reason_code)
    chosen = pair[1 if wording.language() == "en" else 0] if pair else ""
    return ". ".join(part for part in (chosen, booking.reason) if part)


def bring_list(booking: Booking) -> list[Brought]:
    """Return what to bring as (icon, strong words, the rest)."""
    return brought_to(booking, booking.machines.all()[0].machine)


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
        _("Untuk %(name)s") % {"name": booking.producer.name},
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


def happened(booking: Booking, known: Mapping[int, str], *, for_house: bool = False) -> list[dict[str, object]]:
    """Return the booking's history in words, the latest first. Only the house reads which of its people it was."""
    steps = reversed(list(booking.events.all()))
    return [_event(event, booking) | {"by": _by(event, booking, known, for_house=for_house)} for event in steps]


def _by(event: BookingEvent, booking: Booking, known: Mapping[int, str], *, for_house: bool) -> str:
    """Return `oleh Rosa (pengurus)`: who took a step that the producer's people and the house both take."""
    if event.action not in TAKEN_BY_BOTH and not for_house or event.actor is None:
        return ""
    at_counter = event.action == "reserve" and booking.is_walk_in
    name, kind = event.actor.get_short_name(), "" if at_counter else known.get(event.actor.pk, "")
    if not kind:
        return _("oleh %(name)s (petugas)") % {"name": name} if for_house else _("oleh petugas")
    words = {
        Membership.Kind.OFFICER: _("oleh %(name)s (pengurus)"),
        Membership.Kind.COMPANION: _("oleh %(name)s (pendamping)"),
    }
    return words.get(Membership.Kind(kind), _("oleh %(name)s")) % {"name": name}


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
    return {
        "at": event.at,
        "words": words.get(event.action, event.action),
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
