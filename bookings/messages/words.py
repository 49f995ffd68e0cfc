"""What people are told, word for word, in Indonesian and English. Pure.

The voice is that of the screens: Anda, verbs first, short, nobody blamed. Every
message can be read without opening a link, and names nobody but its reader and,
to the house, the producer. Dates stand in full and never as *besok*: a message may
be read a day late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from accounts import words
from accounts.writing import phones
from bookings.messages.letters import Fact, Letter, Link, one_line, subject_line
from bookings.messages.reasons import AT_REQUEST, REASONS
from bookings.trail.answering import is_promised


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message may say about one booking. Times are instants; `zone` is the house's."""

    reference: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    machine: str
    machine_slug: str
    house: str
    address: str
    house_phone: str
    phone_words: str
    bring: tuple[str, ...]
    producer: str
    product: str
    quantity: int | None
    grace: int
    site: str
    by_house: bool = False
    reason_code: str = ""
    reason: str = ""
    answer_by: datetime | None = None
    bring_en: tuple[str, ...] = ()
    old_start: datetime | None = None
    old_end: datetime | None = None
    good: int | None = None
    rejected: int | None = None
    ran: int | None = None


class Voice:
    """One reader: picks the language, and says times, places and links the same way in every message."""

    def __init__(self, facts: Facts, *, language: str, name: str) -> None:
        self.facts, self.language, self.name = facts, language, one_line(name, 40).replace(":", "")

    def say(self, indonesian: str, english: str) -> str:
        return english if self.language.startswith("en") else indonesian

    def day(self, instant: datetime) -> str:
        return words.long_date(instant.astimezone(self.facts.zone).date(), self.language)

    def hours(self, start: datetime, end: datetime) -> str:
        span = words.clock_span(start, end, self.facts.zone, self.language)
        return f"{span} {words.zone_name(start, self.facts.zone)}"

    def brief(self) -> str:
        """`Sel 24 Nov, 08.00 WIB`, for a subject."""
        start, zone = self.facts.start, self.facts.zone
        day = words.short_date(start.astimezone(zone).date(), self.language)
        return f"{day}, {words.clock(start, zone, self.language)} {words.zone_name(start, zone)}"

    def moment(self, instant: datetime) -> str:
        return words.moment(instant, self.facts.zone, self.language).replace(words.NBSP, " ")

    def hello(self, indonesian: str, english: str) -> str:
        return self.say(f"Halo {self.name}. {indonesian}", f"Hello {self.name}. {english}")

    def brings(self) -> tuple[str, ...]:
        english = self.language.startswith("en") and self.facts.bring_en
        return self.facts.bring_en if english else self.facts.bring

    def why(self) -> tuple[Fact, ...]:
        """The reason in words: what was tapped, then what was typed."""
        said = self.say(*REASONS.get(self.facts.reason_code, ("", "")))
        given = ". ".join(part for part in (said, one_line(self.facts.reason)) if part)
        return (Fact(self.say("Alasan", "Reason"), given),) if given else ()

    def slip(self, *, for_house: bool = False) -> tuple[Fact, ...]:
        """Machine, place, number and what is packed. The house knows where it is; the producer knows who they are."""
        facts = self.facts
        packs = words.number(facts.quantity, self.language) if facts.quantity else ""
        packed = ", ".join(
            part for part in (one_line(facts.product), packs and f"{packs} {self.say('kemasan', 'packs')}") if part
        )
        place = facts.house if for_house else f"{facts.house}, {one_line(facts.address)}"
        rows = [
            (self.say("Pelaku usaha", "Producer"), one_line(facts.producer)),
            (self.say("Mesin", "Machine"), one_line(facts.machine)),
            (self.say("Tempat", "Place"), place),
            (self.say("Produk", "Product"), packed),
            (self.say("Nomor pesanan", "Booking number"), facts.reference),
        ]
        return tuple(Fact(label, value) for label, value in rows if value)

    def page(self, indonesian: str, english: str, path: str = "") -> Link:
        return Link(self.say(indonesian, english), f"{self.facts.site}/pesanan/{self.facts.reference}/{path}")

    def open_it(self) -> Link:
        return self.page("Buka pesanan", "Open the booking")

    def give_back(self) -> Link:
        return self.page("Tidak jadi? Batalkan dengan satu ketuk", "Not coming? Cancel with one tap", "batal/")

    def other_time(self) -> Link:
        return Link(self.say("Pilih jam lain", "Choose another time"), self.book_here())

    def book_here(self) -> str:
        return f"{self.facts.site}/pesan/{self.facts.machine_slug}/"

    def ask_the_house(self) -> tuple[Link, ...]:
        """A WhatsApp link to the house, where its number is a mobile one."""
        about = self.say("Halo, saya mau bertanya tentang pesanan", "Hello, I have a question about booking")
        address = whatsapp(self.facts.house_phone, f"{about} {self.facts.reference}.")
        return (
            (Link(self.say("Tanya petugas lewat WhatsApp", "Ask the house on WhatsApp"), address),) if address else ()
        )


def whatsapp(phone: str, text: str) -> str:
    """Return a `wa.me` address that opens a chat with `text` typed in, or nothing for a landline."""
    try:
        number = phones.normalised(phone)
    except ValueError:
        return ""
    return f"https://wa.me/{number.removeprefix('+')}?text={quote(text)}"


def letter(kind: str, facts: Facts, *, language: str, name: str) -> Letter:
    """Return the message of one kind for one reader. `KINDS` lists them."""
    voice = Voice(facts, language=language, name=name)
    made = KINDS[kind](voice)
    day, hours = voice.day(facts.start), voice.hours(facts.start, facts.end)
    for_house, holds = kind in FOR_THE_HOUSE, kind not in TIME_IS_LOST
    time = () if holds else (Fact(voice.say("Waktu", "Time"), f"{day}, {hours}"),)
    return Letter(
        subject=subject_line(f"{made.subject}: {voice.brief()}"),
        when=(day, hours) if holds else None,
        words=made.words,
        facts=(*made.facts, *time, *voice.slip(for_house=for_house)),
        items_title=voice.say("Yang dibawa", "What to bring") if made.brings else "",
        items=tuple(map(one_line, voice.brings())) if made.brings else (),
        links=made.links if for_house else (*made.links, *voice.ask_the_house()),
        sender=(facts.house, voice.say("Telepon", "Phone") + f" {facts.phone_words}"),
        small_print=voice.say(
            f"E-mail ini otomatis. Tidak mau lagi? Kosongkan alamat e-mail Anda di {facts.site}/akun/",
            f"This e-mail is automatic. To stop them, empty your e-mail address at {facts.site}/akun/",
        ),
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """What one kind says beyond what all say."""

    subject: str
    words: tuple[str, ...]
    links: tuple[Link, ...]
    facts: tuple[Fact, ...] = ()
    brings: bool = False


def booked(v: Voice) -> Draft:
    kept = v.say(
        f"Jam Anda dijaga sampai {v.facts.grace} menit sesudah mulai.",
        f"Your time is kept until {v.facts.grace} minutes after it starts.",
    )
    return Draft(
        v.say("Jadwal Anda tercatat", "Your time is booked"),
        (v.hello("Jadwal Anda tercatat.", "Your time is booked."), kept),
        (v.open_it(), v.give_back()),
        brings=True,
    )


def _answer(v: Voice) -> str:
    """Until when it is answered, where that is known; where the house does not open before the job, that it may not be."""
    by = v.facts.answer_by
    if by is None:
        return ""
    if is_promised(by, v.facts.start):
        return v.say(f" Dijawab paling lambat {v.moment(by)}.", f" Answered by {v.moment(by)} at the latest.")
    return v.say(
        " Belum tentu dijawab sebelum jam itu. Telepon rumah produksi.",
        " An answer before that time is not certain. Phone the house.",
    )


def requested(v: Voice) -> Draft:
    return Draft(
        v.say("Permintaan terkirim", "Request sent"),
        (
            v.hello(
                "Permintaan Anda terkirim. Jam ini sudah dijaga untuk Anda.",
                "Your request is sent. This time is held for you.",
            ),
            v.say("Menunggu petugas.", "The house will answer.") + _answer(v),
        ),
        (v.open_it(), v.give_back()),
    )


def approved(v: Voice) -> Draft:
    draft = booked(v)
    said = v.hello("Permintaan Anda disetujui.", "Your request is approved.")
    return Draft(v.say("Disetujui", "Approved"), (said, *draft.words[1:]), draft.links, brings=True)


def declined(v: Voice) -> Draft:
    return Draft(
        v.say("Belum bisa disetujui", "Not approved"),
        (v.hello("Permintaan Anda belum bisa disetujui.", "Your request could not be approved."),),
        (v.other_time(), v.open_it()),
        facts=v.why(),
    )


def expired(v: Voice) -> Draft:
    return Draft(
        v.say("Belum terjawab", "Not answered"),
        (
            v.hello("Maaf, permintaan Anda belum terjawab.", "Sorry, your request was not answered."),
            v.say(
                "Jam ini sudah dilepas. Pilih jam lain, atau tanya petugas.",
                "This time is free again. Choose another, or ask the house.",
            ),
        ),
        (v.other_time(), v.open_it()),
    )


def cancelled(v: Voice) -> Draft:
    if v.facts.by_house and v.facts.reason_code == AT_REQUEST:
        said = v.hello("Pesanan Anda dibatalkan, sesuai permintaan.", "Your booking is cancelled, as you asked.")
        return Draft(v.say("Pesanan dibatalkan", "Booking cancelled"), (said,), (v.other_time(), v.open_it()), v.why())
    if v.facts.by_house:
        said = v.hello("Maaf, rumah produksi membatalkan pesanan Anda.", "Sorry, the house has cancelled your booking.")
        return Draft(v.say("Pesanan dibatalkan", "Booking cancelled"), (said,), (v.other_time(), v.open_it()), v.why())
    said = v.hello("Pesanan Anda dibatalkan.", "Your booking is cancelled.")
    thanks = v.say(
        "Terima kasih, jam Anda kini bisa dipakai orang lain.", "Thank you: somebody else can use your time now."
    )
    return Draft(v.say("Pesanan dibatalkan", "Booking cancelled"), (said, thanks), (v.other_time(),))


def moved(v: Voice) -> Draft:
    if (v.facts.old_start, v.facts.old_end) == (v.facts.start, v.facts.end):  # a stop is over sooner than was feared
        again = v.hello("Mesin sudah siap. Jam Anda semula berlaku lagi.", "The machine is ready. Your old time holds again.")
        return Draft(v.say("Jam Anda berlaku lagi", "Your time holds again"), (again,), (v.open_it(), v.give_back()), brings=True)
    said = (
        v.hello("Rumah produksi memindahkan jadwal Anda.", "The house has moved your booking.")
        if v.facts.by_house
        else v.hello("Jadwal Anda sudah dipindah.", "Your booking is moved.")
    )
    return Draft(
        v.say("Jadwal baru Anda", "Your new time"), (said,), (v.open_it(), v.give_back()), facts=_before(v), brings=True
    )


def _before(v: Voice) -> tuple[Fact, ...]:
    start, end = v.facts.old_start, v.facts.old_end
    if start is None or end is None:
        return ()
    return (Fact(v.say("Sebelumnya", "Before"), f"{v.day(start)}, {v.hours(start, end)}"),)


def displaced(v: Voice) -> Draft:
    return Draft(
        v.say("Pilih jam baru", "Choose a new time"),
        (
            v.hello("Maaf, jam Anda tidak bisa dipakai lagi.", "Sorry, your time can no longer be kept."),
            v.say("Pilih jam baru. Persetujuan Anda tetap berlaku.", "Choose a new time. Your approval still stands."),
        ),
        (v.page("Pilih jam baru", "Choose a new time", "pindah/"), v.open_it()),
        facts=v.why(),
    )


def no_show(v: Voice) -> Draft:
    return Draft(
        v.say("Tercatat tidak hadir", "Recorded as not here"),
        (
            v.hello(
                "Jam Anda dilepas karena belum ada yang hadir.", "Your time was released because nobody had arrived."
            ),
            v.say("Ada yang keliru? Hubungi petugas.", "Is this wrong? Call the house."),
        ),
        (v.other_time(), v.open_it()),
    )


def completed(v: Voice) -> Draft:
    facts = v.facts
    result = []
    if facts.good is not None:
        good, bad = words.number(facts.good, v.language), words.number(facts.rejected or 0, v.language)
        result.append(
            Fact(
                v.say("Hasil", "Result"),
                v.say(f"{good} kemasan bagus, {bad} rusak", f"{good} good packs, {bad} rejected"),
            )
        )
    if facts.ran:
        result.append(Fact(v.say("Lama", "Took"), words.duration(facts.ran, v.language).replace(words.NBSP, " ")))
    thanks = v.hello("Pekerjaan Anda selesai. Terima kasih sudah datang.", "Your job is done. Thank you for coming.")
    again = Link(v.say("Pesan lagi", "Book again"), v.book_here())
    return Draft(v.say("Selesai", "Done"), (thanks,), (again, v.open_it()), facts=tuple(result))


def unmanned(v: Voice) -> Draft:
    said = v.hello("Operator mesin Anda berhalangan.", "The operator of your machine cannot come.")
    then = v.say(
        "Jam Anda tetap dijaga. Petugas mencari pengganti dan mengabari Anda.",
        "Your time is still held. The house looks for somebody else and tells you.",
    )
    return Draft(v.say("Operator berhalangan", "Operator cannot come"), (said, then), (v.open_it(), v.other_time()))


def manned(v: Voice) -> Draft:
    said = v.hello("Operator pengganti sudah ada. Jadwal Anda tetap.", "Somebody else will run it. Your time stands.")
    return Draft(v.say("Operator sudah ada", "An operator is found"), (said,), (v.open_it(),))


def remind_day(v: Voice) -> Draft:
    said = v.hello("Ini pengingat jadwal Anda.", "This is a reminder of your booking.")
    early = v.say(
        "Siapkan bahan dan kemasan, lalu datang sebelum jam mulai.",
        "Prepare material and packs, and come before it starts.",
    )
    return Draft(v.say("Pengingat", "Reminder"), (said, early), (v.give_back(), v.open_it()), brings=True)


def remind_soon(v: Voice) -> Draft:
    said = v.hello("Jadwal Anda sebentar lagi mulai.", "Your booking starts soon.")
    return Draft(v.say("Sebentar lagi", "Starting soon"), (said,), (v.open_it(), v.give_back()), brings=True)


def to_answer(v: Voice) -> Draft:
    by = v.facts.answer_by
    said = v.hello("Ada permintaan yang menunggu jawaban.", "A request waits for your answer.")
    answer = v.say(f"Jawab paling lambat {v.moment(by)}.", f"Answer by {v.moment(by)}.") if by else ""
    link = Link(v.say("Buka permintaan", "Open the requests"), f"{v.facts.site}/permintaan/")
    return Draft(
        v.say("Permintaan baru", "New request"), tuple(filter(None, (said, answer))), (link,), facts=_before(v)
    )


def given_back(v: Voice) -> Draft:
    said = v.hello("Satu pesanan dibatalkan. Jamnya kosong lagi.", "A booking was cancelled. Its time is free again.")
    link = Link(v.say("Buka hari ini", "Open today"), f"{v.facts.site}/hari-ini/")
    return Draft(v.say("Jam kosong lagi", "Time is free again"), (said,), (link,), facts=v.why())


def lapsed(v: Voice) -> Draft:
    said = v.hello(
        "Satu permintaan tidak terjawab dan sudah dilepas.", "A request was not answered in time and has lapsed."
    )
    return Draft(v.say("Tidak terjawab", "Not answered"), (said,), (v.open_it(),))


FOR_THE_HOUSE = {"to_answer", "given_back", "lapsed"}
REMINDERS = {"remind_day", "remind_soon"}
TIME_IS_LOST = {"declined", "expired", "cancelled", "displaced", "no_show", "lapsed"}
"""Here the time is a line of the slip: shown large, it would be read as an invitation."""

KINDS: dict[str, Callable[[Voice], Draft]] = {
    made.__name__: made
    for made in (
        booked, requested, approved, declined, expired, cancelled, moved, displaced, no_show, completed, unmanned, manned,
        remind_day, remind_soon, to_answer, given_back, lapsed,
    )
}  # fmt: skip
"""Every kind of message, by the name kept in `Message.kind`."""
