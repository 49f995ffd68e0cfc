"""Pages and the API on whatever the database holds: `python benchmarks/pages.py [--times 30]`.

Whole requests through every middleware, without a network. Seed first:
`RUMAH_DATA=kalbar python manage.py seed --scale kalbar`.
"""

from argparse import ArgumentParser
from datetime import timedelta

from measure import borrowed_people, measure, page, show, start, visitor

PEERS = {
    "catalogue": "",
    "availability": "Indico: 182 requests, 11 s; NEMO: 60 requests for 20 machines",
    "board": "Indico 439 ms, 11; NEMO 11.3 s, 11,724 (a week of 200 machines)",
    "report": "NEMO 271 s for 50,000 uses",
}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    times = parser.parse_args().times
    start("Pages")
    from django.utils import timezone

    from facilities.models import Machine

    with borrowed_people() as people:
        house = people["house"]
        machine = Machine.objects.filter(facility=house).order_by("pk")[0].slug
        anyone, manager, province = visitor(), visitor(people["manager"]), visitor(people["province"])
        producer, now = visitor(people["producer"]), timezone.now()
        busy = (now - timedelta(days=now.weekday() + 6)).date()
        window = f"from={_iso(now)}&to={_iso(now + timedelta(days=14))}"
        last_month = (now.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        wanted = [
            ("Catalogue", anyone, "/mesin/", ""),
            ("Catalogue, chips into standing pouches", anyone, "/mesin/?form=keripik&format=standing_pouch", ""),
            ("Houses", anyone, "/rumah/", ""),
            ("Machine page", anyone, f"/mesin/{machine}/", ""),
            ("Availability, 14 days (API)", anyone, f"/api/v1/machines/{machine}/availability?minutes=120&{window}", PEERS["availability"]),
            ("Machines (API, page of 50)", anyone, "/api/v1/machines", ""),
            ("Producer's home", producer, "/", ""),
            ("Pick a time", producer, f"/pesan/{machine}/", ""),
            ("My schedule", producer, "/jadwal-saya/", ""),
            ("Today", manager, f"/hari-ini/?rumah={house.slug}", ""),
            ("Board of a full day", manager, f"/papan/?rumah={house.slug}&hari={busy}", PEERS["board"]),
            ("Requests", manager, "/permintaan/", ""),
            ("Report of the province", province, f"/laporan/?bulan={last_month}", PEERS["report"]),
            ("Report of a house", province, f"/laporan/rumah/{house.slug}/?bulan={last_month}", ""),
            ("Report, ten years by machine (CSV)", province, "/laporan/unduh.csv?menurut=mesin", ""),
        ]
        show([measure(name, page(who, address), times=times, peer=peer) for name, who, address, peer in wanted])


def _iso(instant: object) -> str:
    return f"{instant:%Y-%m-%dT%H:%M}Z"


if __name__ == "__main__":
    main()
