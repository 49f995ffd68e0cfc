"""The rules of the house that a machine can keep: who imports whom, who writes, how long things grow."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter

import pytest

from tests import code
from tests.code import APPS, dotted, lines_of, modules, words_of

BOOKINGS = [
    "urls", "api", "tasks", "management", "apps",
    "reports", "demo", "setup", "day", "upkeep", "runs", "people", "ordering", "home", "messages", "roster", "packs",
    "rules", "desk", "trail", "models",
]  # fmt: skip
"""The rooms of `bookings` from top to bottom: each may know those below it. Before them what opens the doors."""
FACILITIES = [
    "tasks", "management", "apps",
    "catalogue", "setup", "upkeep", "roster", "region", "occupancy",
    "audit", "past", "access", "models", "transactions", "database", "time", "facts", "api_problems", "vocabulary", "errors",
]  # fmt: skip
"""The rooms of `facilities` from top to bottom, and the loose modules that all use."""
HOUSE = [*(f"bookings.{room}" for room in BOOKINGS), *(f"facilities.{room}" for room in FACILITIES), "accounts"]
WRITER = "facilities.transactions.in_one_transaction"
"""What a module of verbs imports."""
MOST_FILES, MOST_LOOSE = 20, 10
WITH_SUB_ROOMS = {"reports", "rules", "demo"}
PURE = {
    "accounts.writing.numbers", "accounts.writing.phones", "accounts.writing.texts", "accounts.words",
    "facilities.errors", "facilities.time", "facilities.vocabulary",
    "bookings.rules.base", "bookings.rules.decision", "bookings.rules.sentences", "bookings.rules.time_settings",
    "bookings.rules.values", "bookings.rules.weights", "bookings.rules.time", "bookings.rules.fit", "bookings.rules.people",
    "bookings.trail.answering", "bookings.trail.lifecycle", "bookings.trail.references", "bookings.packs.estimate", "bookings.people.document_numbers",
    "bookings.reports.indicators", "bookings.reports.rollup", "bookings.reports.heat", "bookings.reports.charts",
    "bookings.reports.naming", "bookings.reports.savings",
}  # fmt: skip
PURE_PACKAGES = PURE | {"bookings.rules"}
"""What pure modules may import: `bookings.rules` itself only gathers the rules."""


def is_in(name: str, package: str) -> bool:
    """Return whether a dotted name is a package or lies in it."""
    return name == package or name.startswith(f"{package}.")


CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_ON_ROWS = {"update", "delete"}
FORBIDDEN_NAMES = {
    "resource", "resources", "equipment", "reservation", "reservations", "appointment", "appointments", "timeslot",
    "slot", "slots", "customer", "customers", "outage", "invoice", "invoices", "blackout", "padding", "worker_shift",
}  # fmt: skip
FORBIDDEN_WORDS = re.compile(
    r"\b(booking|slot|submit|login|log in|cancel|error|klik di sini|terjadi kesalahan)\b", re.I
)

OURS = modules(*APPS)
PURE_MODULES = [m for m in OURS if m.name == "bookings.rules" or any(is_in(m.name, pure) for pure in PURE)]
EDGES = [module for module in OURS if module.is_edge]
INSIDE = [module for module in OURS if not module.is_edge]


def room_of(name: str) -> str | None:
    """Return the room a dotted name belongs to, None for an app itself and for what is not ours."""
    first, *rest = name.split(".")
    if first == "accounts":
        return first
    return f"{first}.{rest[0]}" if first in ("facilities", "bookings") and rest else None


def climbs(name: str, imported: str) -> bool:
    """Return whether an import goes up: to a room that stands above, or to one that is not in the list."""
    here, there = room_of(name), room_of(imported)
    if here is None or there is None:
        return False
    return there not in HOUSE or HOUSE.index(there) < HOUSE.index(here)


def test_every_room_has_its_place():
    assert {room for module in OURS if (room := room_of(module.name))} - set(HOUSE) == set()
    assert set(HOUSE) - {room for module in OURS if (room := room_of(module.name))} == set()


def test_no_room_imports_a_room_above_it():
    wrong = [f"{m.name} imports {name}" for m in OURS for name in m.imports() if climbs(m.name, name)]
    assert not wrong


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("bookings/packs/search.py", "from bookings.ordering.services import reserve"),
        ("bookings/trail/events.py", "from ..messages import services"),
        ("bookings/rules/people/standing.py", "import bookings.people.queries"),
        ("bookings/day/board.py", "def later():\n    from bookings import reports"),
        ("facilities/time/spans.py", "from facilities.models import Machine"),
        ("facilities/region/places.py", "from bookings.models import Booking"),
        ("accounts/services.py", "from facilities.audit import audit"),
        ("bookings/models/bookings.py", "from bookings.corridor import something"),
    ],
)
def test_a_planted_import_upwards_is_found(file, planted):
    module = code.Module(code.ROOT / file, planted)
    assert [name for name in module.imports() if climbs(module.name, name)]


def test_rooms_stay_small():
    counts = Counter(m.path.parent for m in OURS)
    full = {path: n for path, n in counts.items() if n > MOST_FILES}
    whole = Counter(room for m in OURS if (room := room_of(m.name)) and room.split(".")[-1] not in WITH_SUB_ROOMS)
    assert (full, {room: n for room, n in whole.items() if n > MOST_FILES and room != "accounts"}) == ({}, {})


@pytest.mark.parametrize("app", ["bookings", "facilities"])
def test_few_modules_lie_loose(app):
    loose = [path.name for path in (code.ROOT / app).glob("*.py") if path.name != "__init__.py"]
    assert len(loose) <= MOST_LOOSE


def test_every_room_says_what_lives_there():
    wrong = [
        m.name
        for m in OURS
        if m.path.name == "__init__.py" and m.name.count(".") == 1 and m.path.parent.name not in ("management", "models")
        if not 1 <= len((ast.get_docstring(m.tree) or "").splitlines()) <= 5 and m.name != "bookings.rules"
        if m.name.split(".")[0] != "accounts"
    ]
    assert not wrong


def test_templates_and_tests_lie_in_rooms_too():
    """`templates/<room>/` and `tests/<room>/` mirror the rooms; beside them stands what belongs to none."""
    rooms = {room.split(".")[-1] for room in HOUSE}
    shared = {"accounts", "components", "emails", "errors", "pages"}
    across = {"accounts", "api", "browser", "cases", "config", "faults", "journeys", "races"}
    assert {path.parent.name for path in code.templates() if path.parent.name != "templates"} <= rooms | shared
    assert {path.name for path in (code.ROOT / "tests").iterdir() if (path / "__init__.py").exists()} <= rooms | across


@pytest.mark.parametrize("module", PURE_MODULES, ids=lambda m: m.name)
def test_a_pure_module_imports_the_standard_library_and_pure_modules_only(module):
    def is_pure(name: str) -> bool:
        return name.split(".")[0] in sys.stdlib_module_names or any(is_in(name, pure) for pure in PURE_PACKAGES)

    assert [name for name in module.imports() if not is_pure(name)] == []


def test_only_edges_look_at_the_clock():
    wrong = [
        f"{module.path.relative_to(code.ROOT)}:{node.lineno}"
        for module in INSIDE
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and any(dotted(node.func).endswith(clock) for clock in CLOCKS)
    ]
    assert not wrong


def test_edges_never_write_through_the_orm():
    wrong = [
        f"{module.path.relative_to(code.ROOT)}:{node.lineno} {dotted(node.func)}"
        for module in EDGES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and writes(node.func)
    ]
    assert not wrong


def writes(called: ast.expr) -> bool:
    name = dotted(called)
    verb = name.rsplit(".", 1)[-1]
    if "objects" in name:
        return verb in WRITES | WRITES_ON_ROWS
    return isinstance(called, ast.Attribute) and verb in WRITES - {"create"} or name.endswith("_set.create")


def test_nothing_is_steered_by_signals():
    wrong = [m.name for m in OURS for name in m.imports() if re.search(r"signals|\.receiver$", name)]
    assert not wrong


@pytest.mark.parametrize(("folders", "most"), [((*APPS, "config", "benchmarks"), 40), (("tests",), 25)])
def test_functions_stay_short(folders, most):
    wrong = [
        f"{module.path.relative_to(code.ROOT)}:{function.lineno} {function.name} has {lines_of(function)} lines"
        for module in modules(*folders)
        for function in module.functions()
        if lines_of(function) > most and (folders != ("tests",) or function.name.startswith("test"))
    ]
    assert not wrong


def test_files_stay_short():
    lengths = {m.path: len(m.path.read_text().splitlines()) for m in modules(*APPS, "config", "tests", "benchmarks")}
    assert [f"{path.relative_to(code.ROOT)} has {n} lines" for path, n in lengths.items() if n > 400] == []


def test_settings_fit_on_a_few_screens():
    assert len((code.ROOT / "config/settings.py").read_text().splitlines()) <= 200


def test_templates_stay_short():
    lengths = {path: len(path.read_text().splitlines()) for path in code.templates()}
    assert [f"{path.name} has {n} lines" for path, n in lengths.items() if n > 100] == []


INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<base\b"
    r"|<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"']https?:",
    re.I,
)


@pytest.mark.parametrize("path", [p for p in code.templates() if "emails" not in p.parts], ids=lambda p: p.name)
def test_a_template_holds_no_inline_script_or_style_and_loads_nothing_from_elsewhere(path):
    without_comments = re.sub(r"{% comment.*?endcomment %}", "", path.read_text(), flags=re.S)
    assert INLINE.findall(without_comments) == []


def test_one_word_per_thing_in_the_code():
    wrong = [
        f"{module.name}: {node.name}"
        for module in OURS
        for node in ast.walk(module.tree)
        if isinstance(node, (*code.FUNCTIONS, ast.ClassDef)) and words_of(node.name) & FORBIDDEN_NAMES
    ]
    assert not wrong


def test_screens_speak_indonesian_words():
    said = re.compile(r"{% translate \"([^\"]+)\"|{% blocktranslate[^%]*%}(.*?){% endblocktranslate", re.S)
    wrong = [
        f"{path.name}: {sentence.strip()}"
        for path in code.templates()
        for pair in said.findall(path.read_text())
        if FORBIDDEN_WORDS.search(sentence := re.sub(r"{{.*?}}", "", "".join(pair)))
    ]
    assert not wrong


RIGHT_TERMS = {
    "tidak datang": "tidak hadir",
    "jam rusak": "jam henti",
    "kemasan rusak": "kemasan gagal",
    "bagian rusak": "persentase gagal",
    "dilanggar": "dikecualikan",
    "tanpa masuk": "tanpa akun",
    "yang belum masuk": "tanpa akun",
    "produk sejenis": "tanpa bersih-bersih",
    "bungkus ÷": "kemasan",
    "yang belum dicatat\"": "belum dicatat petugas",
    "bahan untuk mesin ini": "yang perlu dibawa",
}
"""What people said on the screen, and the field's term for it."""


@pytest.mark.parametrize("wrong", RIGHT_TERMS)
def test_the_screen_uses_the_terms_of_the_field(wrong):
    said = [path for path in (*code.templates(), *(module.path for module in OURS)) if wrong in path.read_text().lower()]
    assert said == [], f"say {RIGHT_TERMS[wrong]}"


def test_every_public_promise_is_written_down():
    rooms = re.compile(r"(services|queries)$")
    wrong = [
        f"{module.name}.{node.name}"
        for module in OURS
        if module in PURE_MODULES or rooms.search(module.name) or WRITER in module.imports()
        for node in module.tree.body
        if isinstance(node, code.FUNCTIONS) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not wrong


def test_no_file_mentions_an_unfinished_thing():
    wrong = [
        module.name
        for module in modules(*APPS, "config")
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", module.path.read_text())
    ]
    assert not wrong
