"""The map of the house names only what is there."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from tests import code

MAP = (code.ROOT / "docs/house.md").read_text()
NAMES = sorted({name for name in re.findall(r"`([^`]+)`", MAP) if "<" not in name})
DOTTED = re.compile(r"(accounts|facilities|bookings)(\.\w+)+")
ROOMS = ("bookings", "facilities", "bookings/runs", "bookings/day")
"""Where a short path of the map may begin: a room in its app, a file as every room has one."""


@pytest.mark.parametrize("name", [name for name in NAMES if DOTTED.fullmatch(name)])
def test_a_name_of_the_map_exists(name):
    """The longest part that is a module is imported, the rest are attributes."""
    parts = name.split(".")
    modules = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    module = next(m for m in modules if any((code.ROOT / f"{m.replace('.', '/')}{end}").exists() for end in (".py", "/__init__.py")))
    thing = import_module(module)
    for attribute in parts[module.count(".") + 1 :]:
        thing = getattr(thing, attribute)


@pytest.mark.parametrize("name", [name for name in NAMES if not DOTTED.fullmatch(name)])
def test_a_path_of_the_map_exists(name):
    assert any((code.ROOT / where / name).exists() for where in ("", *ROOMS))


def test_every_room_is_on_the_map():
    rooms = {m.path.parent.relative_to(code.ROOT) for m in code.modules("bookings", "facilities")}
    named = {room.parts[1] for room in rooms if len(room.parts) == 2} - {"management"}
    assert {room for room in named if f"`{room}/`" not in MAP} == set()


def test_the_map_answers_what_people_want():
    wishes = MAP.split("## I want to …")[1].split("\n| ")[3:]
    assert len(wishes) >= 15 and all(re.search(r"\| .*`", wish) for wish in wishes)
    walk = re.findall(r"^\d+\. .*`", MAP, re.M)
    assert len(walk) >= 10
