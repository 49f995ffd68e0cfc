"""“Free for two hours within fourteen days?” for many machines at once: `python benchmarks/free.py [--times 20]`."""

from argparse import ArgumentParser
from datetime import timedelta

from measure import measure, show, start

PEER = "Indico 182 requests, 11 s; NEMO 60 requests for 20 machines"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    start("Free for two hours within fourteen days")
    from django.utils import timezone

    from facilities.models import Machine
    from facilities.occupancy.reading import calendars
    from facilities.occupancy.writing import with_breakdown
    from facilities.region.free_times import next_free
    from facilities.time.spans import Span

    now = timezone.now()
    all_of_them = list(with_breakdown(Machine.objects.select_related("facility").order_by("pk")))
    figures = []
    for count in sorted({12, 34, min(165, len(all_of_them)), len(all_of_them)}):
        some = all_of_them[:count]
        window = Span(now, now + timedelta(days=14))
        figures += [
            measure(f"calendars of {count} machines", lambda some=some, window=window: calendars(some, window), times=times),
            measure(f"next free of {count} machines", lambda some=some: next_free(some, now=now, minutes=120),
                    times=times, peer=PEER),
        ]  # fmt: skip
    show(figures)


if __name__ == "__main__":
    main()
