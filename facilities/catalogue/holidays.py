"""National holidays from the facts: newer ones are brought in, and what people have set is left alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from facilities.audit import mark_months
from facilities.facts import facts
from facilities.models import Closure, Machine, RemovedHoliday
from facilities.transactions import in_one_transaction

Fact = Mapping[str, str]
GONE = "removed"


@in_one_transaction
def load_holidays(rows: Iterable[Fact] | None = None, *, today: date | None = None) -> list[Closure]:
    """Load national holidays and joint leave; dates without a decree are marked as estimates.

    Of a calendar loaded before: a moved date, a decree for an estimate and a new holiday are taken over; what people
    set, moved or removed stays theirs, and what is over `today` stays as it was. Returns what was changed or added.
    """
    known = list(Closure.objects.select_for_update().filter(facility__isnull=True))
    past = today if known and today else date.min
    removed = RemovedHoliday.objects.values_list("fact", flat=True)
    held = {**dict.fromkeys(removed), **{one.fact: one for one in known if one.fact}}
    changed = []
    for fact, found in _paired(facts("holidays") if rows is None else rows, held):
        if found is None and fact["first_on"] >= past.isoformat():
            changed.append(_brought(Closure(), fact))
        elif isinstance(found, Closure) and _is_newer(found, fact, past):
            mark_months(Machine.objects.all(), found.first_on, found.last_on)
            changed.append(_brought(found, fact))
    for one in changed:
        mark_months(Machine.objects.all(), one.first_on, one.last_on)
    return changed


def _paired(rows: Iterable[Fact], held: Mapping[str, Closure | None]) -> Iterator[tuple[Fact, Closure | str | None]]:
    """Yield each fact with the holiday it speaks of, `GONE` for one that was removed, None for a new one.

    The same name may stand twice in a year: who has the very date is it, and the others follow in order of date.
    """
    left: dict[str, list[str]] = defaultdict(list)
    keys = {f"{row['kind']}|{row['reason']}|{row['first_on']}": row for row in rows}
    for key in sorted(set(held) - set(keys)):
        left[_name_and_year(key)].append(key)
    for key, row in keys.items():
        rest = left[_name_and_year(key)]
        match = key if key in held else rest.pop(0) if rest else None
        yield row, None if match is None else held[match] or GONE


def _name_and_year(fact: str) -> str:
    return fact.rsplit("-", 2)[0]


def _is_newer(holiday: Closure, fact: Fact, past: date) -> bool:
    """Return whether a fact says something else of a holiday that nobody has set, and that lies ahead, now and then."""
    if holiday.is_set_by_people or min(holiday.first_on, date.fromisoformat(fact["first_on"])) < past:
        return False
    return any(getattr(holiday, name) != value for name, value in _values(fact).items())


def _brought(holiday: Closure, fact: Fact) -> Closure:
    for name, value in _values(fact).items():
        setattr(holiday, name, value)
    holiday.fact = holiday.known_by
    if holiday.pk:
        holiday.version += 1
    holiday.save()
    return holiday


def _values(fact: Fact) -> dict[str, object]:
    return {
        "first_on": date.fromisoformat(fact["first_on"]),
        "last_on": date.fromisoformat(fact["last_on"]),
        "kind": fact["kind"],
        "reason": fact["reason"],
        "is_estimate": fact["is_estimate"] == "1",
        "source": fact["source"],
    }
