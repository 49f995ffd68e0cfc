"""What a producer's page weighs on a first visit over 3G: everything it loads, compressed."""

from __future__ import annotations

import gzip

import pytest

from tests import build
from tests.browser.test_siti import PUBLIC, story

pytestmark = pytest.mark.django_db(transaction=True)
KB = 1024


@pytest.fixture
def machine(now):
    return build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1")


def weight(page, path: str) -> list[tuple[str, int]]:
    """Return (kind, compressed bytes) of all that a device without a cache loads for a page."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    return [(answer.request.resource_type, len(gzip.compress(answer.body()))) for answer in answers if answer.ok]


def assert_light(loaded: list[tuple[str, int]], path: str) -> None:
    total, html = sum(size for _, size in loaded), sum(size for kind, size in loaded if kind == "document")
    scripts = sum(size for kind, size in loaded if kind == "script")
    assert total <= 60 * KB and html <= 14 * KB and scripts <= 15 * KB, (path, total, html, scripts)
    assert len(loaded) <= 10, (path, loaded)


def test_public_pages_are_light(visit, machine):
    for _ in range(14):
        build.make_machine(machine.facility)
    for path in [*PUBLIC.values(), f"/mesin/{machine.slug}/"]:
        if path != "/mesin/?form=besi":
            assert_light(weight(visit("about:blank", scripts=True), path), path)


def test_her_own_pages_are_light(visit, machine):
    siti, own = story(machine)
    for name, path in own.items():
        if name not in {"isi-salah", "diambil"}:
            assert_light(weight(visit("about:blank", by=siti, scripts=True), path), path)
