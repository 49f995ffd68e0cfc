"""The rules of the house that a machine can keep: who imports whom, who writes, how long things grow."""

from __future__ import annotations

import ast
import re
import sys

import pytest

from tests import code
from tests.code import APPS, dotted, lines_of, modules, words_of

FLOORS = ["accounts", "facilities", "bookings", "reports"]
PURE = {
    "accounts.phones", "accounts.words",
    "facilities.errors", "facilities.spans", "facilities.hours", "facilities.availability", "facilities.calendars",
    "facilities.changeover", "facilities.bounds", "facilities.cells", "facilities.instants", "facilities.limits",
    "facilities.vocabulary",
    "bookings.rules", "bookings.decision", "bookings.lifecycle", "bookings.estimate", "bookings.references",
    "bookings.paper_numbers",
    "bookings.reports.indicators", "bookings.reports.rollup", "bookings.reports.heat", "bookings.reports.charts",
    "bookings.reports.naming", "bookings.reports.savings",
}  # fmt: skip
MAY_KNOW_REPORTS = {"bookings.urls", "bookings.tasks"}
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
PURE_MODULES = [module for module in OURS if module.name in PURE or module.name.startswith("bookings.rules.")]
EDGES = [module for module in OURS if module.is_edge]
INSIDE = [module for module in OURS if not module.is_edge]


def floor_of(name: str) -> str | None:
    if name.startswith("bookings.reports"):
        return "reports"
    first = name.split(".")[0]
    return first if first in FLOORS else None


def test_no_floor_imports_a_floor_above_it():
    wrong = [
        f"{module.name} imports {name}"
        for module in OURS
        for name in module.imports()
        if (above := floor_of(name)) and FLOORS.index(above) > FLOORS.index(module.floor)
        if not (above == "reports" and module.name in MAY_KNOW_REPORTS)
    ]
    assert not wrong


@pytest.mark.parametrize("module", PURE_MODULES, ids=lambda m: m.name)
def test_a_pure_module_imports_the_standard_library_and_pure_modules_only(module):
    def is_pure(name: str) -> bool:
        return name.split(".")[0] in sys.stdlib_module_names or any(name == p or name.startswith(f"{p}.") for p in PURE)

    assert [name for name in module.imports() if not is_pure(name) and name != module.floor] == []


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


def test_every_public_promise_is_written_down():
    rooms = re.compile(r"(services|queries)(\.|$)")
    wrong = [
        f"{module.name}.{node.name}"
        for module in OURS
        if module in PURE_MODULES or rooms.search(module.name)
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
