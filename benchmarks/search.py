"""Ask for packs, on a thousand machines: `python benchmarks/search.py [--fill 1000000] [--times 30]`.

`--fill` first writes that many bookings into an empty database (see `search_data.py`). Goals: all machines and
fourteen days in at most 60 ms and 8 statements at any size, 34 matching machines in at most 15 ms, and a booking with
every rule on in at most 20 statements. Run at 10,000 and at 1,000,000 to see that history does not matter.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any

from booking import _take_back
from measure import Figure, measure, show, start, visitor

EVERY_RULE = {
    "documents_required": ["nib", "pirt"], "trial_runs": 3, "induction_required": True, "qualification_required": True,
    "weekly_quota": 10080, "cooperative_quota": 10080, "open_bookings": 100_000, "manual_after": 20, "pause_after": 20,
    "pause_days": 14, "forgets_after": 60, "reserved_share": 10, "reserved_opens": 30, "reserved_far": 100,
    "peak_seasons": [{"name": "Lebaran", "first_on": "2020-01-01", "last_on": "2020-02-01", "weekly_quota": 480}],
}  # fmt: skip
"""Every setting of `bookings.rules`, so generous that nobody is refused: all is read and asked."""


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--fill", type=int, default=0, metavar="BOOKINGS")
    parser.add_argument("--times", type=int, default=30)
    asked = parser.parse_args()
    if asked.fill:
        _fill(asked.fill)
    start("Ask for packs")
    show([*_searches(asked.times), *_bookings(asked.times)])


def _fill(bookings: int) -> None:
    import django

    django.setup()
    from django.utils import timezone
    from search_data import fill

    from facilities.models import Machine

    if Machine.objects.exists():
        raise SystemExit("The database is not empty: use another RUMAH_DATA.")
    began = monotonic()
    fill(bookings, now=timezone.now().replace(second=0, microsecond=0),
         say=lambda words: print(f"{monotonic() - began:6.0f} s  {words}", flush=True))  # fmt: skip


def _searches(times: int) -> Iterator[Figure]:
    from django.utils import timezone

    from bookings.packs.search import search
    from bookings.packs.wanted import Wanted

    now = timezone.now()
    ahead = {"earliest": now, "latest": now + timedelta(days=14), "district": "61.71"}
    common = {"form": "keripik", "format": "standing_pouch", "cleaning_class": "berminyak", "quantity": 300}
    wanted = [
        ("anything, two hours", Wanted(**ahead, minutes=120)),
        ("anything oily, two hours", Wanted(**ahead, minutes=120, cleaning_class="berminyak")),
        ("300 standing pouches of chips", Wanted(**ahead, **common)),
        ("100,000 of them, in sessions", Wanted(**ahead, **{**common, "quantity": 100_000})),
        ("300 flow packs", Wanted(**ahead, form="padat", format="flow_pack", cleaning_class="ikan", quantity=300)),
    ]
    for name, one in wanted:
        found = search(one, now=now)
        yield measure(f"{name}: {len(found.options)} of {len(found.options) + len(found.misfits)} machines",
                      lambda one=one: search(one, now=now), times=times)  # fmt: skip
    yield from _first_hours(now, times)
    page = "/api/v1/search?form=padat&format=flow_pack&quantity=300"
    yield measure("GET /api/v1/search, 300 flow packs", _got(page), times=times)


def _first_hours(now: datetime, times: int) -> Iterator[Figure]:
    """Find the first free hour and no more: no prices, no reasons, no ranking; on machines that producers run."""
    from facilities.models import Machine
    from facilities.occupancy.writing import with_breakdown
    from facilities.region.free_times import next_free

    machines = list(with_breakdown(Machine.objects.exclude(operator_level="operator").select_related("facility")))
    for some in (machines[:34], machines):
        yield measure(f"the first free hour of {len(some)} machines", lambda some=some: next_free(some, now=now, minutes=60),
                      times=times)  # fmt: skip


def _got(address: str) -> Callable[[], Any]:
    client = visitor()

    def fetch() -> Any:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code} {answer.content[:300]!r}")
        return answer

    return fetch


def _bookings(times: int) -> Iterator[Figure]:
    """Book over HTTP on machines that trained users run, and on those that operators do, with no rule and with all."""
    from facilities.models import Facility

    for policy, words in (({}, "no rule"), (EVERY_RULE, "every rule on")):
        Facility.objects.update(policy=policy, approval="automatic")
        for level, runner in (("terlatih", "trained"), ("operator", "operator")):
            made: list[str] = []
            try:
                yield measure(f"POST /api/v1/bookings, {words}, {runner}", _posts(level, made), times=times)
            finally:
                _take_back(made)
    Facility.objects.update(policy={})


def _posts(level: str, made: list[str]) -> Callable[[], Any]:
    from django.utils import timezone

    from accounts.services import issue_token
    from bookings.models import Membership

    owner = Membership.objects.filter(producer__cooperative__isnull=False).select_related("user", "producer").first()
    assert owner is not None
    _put_in_order(owner.producer)
    token = issue_token(user=owner.user, scopes=["bookings:write"], days=1, now=timezone.now())
    client, free, number = visitor(), _free(level, timezone.now()), count()
    product = owner.producer.products.first()

    def act() -> Any:
        slug, begin = next(free)
        body = {"machine": slug, "starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=1)).isoformat(),
                "quantity": 100, "producer": owner.producer.slug, "product": product.pk}  # fmt: skip
        answer = client.post(
            "/api/v1/bookings", json.dumps(body), content_type="application/json",
            headers={"authorization": f"Bearer {token}", "idempotency-key": f"bench-{token[:12]}-{next(number)}"},
        )  # fmt: skip
        if answer.status_code != 201:
            raise SystemExit(f"{answer.status_code} {answer.content.decode()[:600]}")
        made.append(answer.json()["reference"])
        return answer

    return act


def _put_in_order(producer: Any) -> None:
    """Give a producer every paper and lesson that any house may ask for."""
    from django.utils import timezone

    from bookings.models import Document, Qualification
    from facilities.models import Facility, MachineType

    now = timezone.now()
    if producer.documents.exists():
        return
    for kind in ("nib", "pirt"):
        Document.objects.create(producer=producer, kind=kind, number="2" * 15, made_at=now, verified_at=now)
    lessons = [None, *MachineType.objects.filter(operator_level="terlatih")]
    Qualification.objects.bulk_create(
        Qualification(producer=producer, facility=house, type=kind, given_on=now.date())
        for house in Facility.objects.all()
        for kind in lessons
    )


def _free(level: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield free hours of machines that pack what the producer makes, in the coming fortnight, where others are booked."""
    from bookings.models import Membership
    from bookings.packs.search import search
    from bookings.packs.wanted import Wanted

    owner = Membership.objects.filter(producer__cooperative__isnull=False).select_related("producer").first()
    assert owner is not None
    product = owner.producer.products.first()
    wanted = Wanted(now + timedelta(days=1), now + timedelta(days=14), form=product.form, line=product.line,
                    cleaning_class=product.cleaning_class, minutes=60)  # fmt: skip
    found = search(wanted, now=now)
    options = [option for option in found.options if option.machine.level == level]
    for nth in range(3):
        for option in options:
            if nth < len(option.starts):
                yield option.machine.slug, option.starts[nth]


if __name__ == "__main__":
    main()
