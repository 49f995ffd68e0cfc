"""Whoever looks for a page finds its name whole: no navigation leaves the screen or hides behind its edge.

The strip of days is no navigation: it is moved with a finger, and its edge shows that it goes on.
"""

from __future__ import annotations

import pytest

from tests import build

pytestmark = pytest.mark.django_db(transaction=True)
OUTSIDE = """() => {
  const clips = (box, edge) => {
    const seen = box.getBoundingClientRect();
    return getComputedStyle(box).overflowX !== "visible" && (edge.left < seen.left - 1 || edge.right > seen.right + 1);
  };
  return [...document.querySelectorAll("nav:not(.days) a")].filter((link) => {
    const edge = link.getBoundingClientRect();
    if (!edge.width) return false;
    for (let box = link.parentElement; box; box = box.parentElement) if (clips(box, edge)) return true;
    return edge.left < -1 || edge.right > innerWidth + 1 || link.scrollWidth > link.clientWidth + 1;
  }).map((link) => link.textContent.trim());
}"""
PAGES = {
    "cahya": ["/hari-ini/", "/papan/", "/permintaan/", "/pengaturan/", "/pengaturan/giliran/", "/produsen/", "/perawatan/"],
    "fitri": ["/laporan/", "/laporan/kebutuhan/", "/pengaturan/provinsi/ganti-produk/"],
    "siti": ["/", "/mesin/", "/pesan/pontianak-1/"],
}


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize("width", [320, 360, 412, 768])
def test_every_word_of_a_navigation_is_on_the_screen(visit, now, picture, who, width):
    house = build.make_facility("pontianak", name="Rumah Produksi Pontianak")
    build.make_machine(house, slug="pontianak-1")
    user = {"cahya": lambda: build.cahya(house), "fitri": build.fitri, "siti": build.siti}[who]()
    page = visit("about:blank", by=user, width=width, scripts=True)
    for path in PAGES[who]:
        answer = page.goto(path)
        assert answer.status == 200, path
        picture(page, f"nav-{who}-{width}-{path.strip('/').replace('/', '-')}")
        assert page.evaluate(OUTSIDE) == [], path
