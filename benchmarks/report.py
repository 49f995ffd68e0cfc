"""Sums for reports over the whole history: `python benchmarks/report.py [--times 20]`."""

from argparse import ArgumentParser
from datetime import date

from measure import borrowed_people, measure, show, start

PEER = "NEMO 271 s for 50,000 uses"
GROUPS = (("facility",), ("machine",), ("month",), ("type",), ("district",), ("producer",), ("month", "facility"))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    start("Usage over ten years, from the monthly sums")
    from django.utils import timezone

    from bookings.reports.queries import usage

    today = timezone.now().date()
    with borrowed_people() as people:
        whole = {"user": people["province"], "first": date(today.year - 10, 1, 1), "last": today}
        figures = [
            measure(
                f"by {' and '.join(group)}",
                lambda group=group: usage(whole["user"], first=whole["first"], last=whole["last"], group_by=group),
                times=times,
                peer=PEER,
            )
            for group in GROUPS
        ]
        year = {"first": date(today.year, 1, 1), "last": today}
        figures.append(
            measure("this year by facility", lambda: usage(whole["user"], group_by=("facility",), **year), times=times)
        )
    show(figures)


if __name__ == "__main__":
    main()
