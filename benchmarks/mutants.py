"""Change the pure modules one small thing at a time and count how many changes the fast tests notice.

    .venv/bin/python benchmarks/mutants.py                      every pure module
    .venv/bin/python benchmarks/mutants.py facilities.changeover -v    one of them, and the survivors

Each change is tried in a process of its own, forked when the tests are gathered. Words for people
(sentences, ways out, docstrings) are left alone: nothing decides by them.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300
"""Seconds the tests of a module may take as it is; a change that makes them take thrice as long counts as noticed."""
PURE = [
    *(f"facilities.time.{n}" for n in ("changeover", "calendars", "availability", "spans", "hours", "limits", "instants")),
    "bookings.rules.decision", "bookings.packs.estimate", "bookings.trail.lifecycle", "bookings.rules.base",
]  # fmt: skip
TESTS = {
    "facilities": [
        "tests/time/test_{name}.py",
        "tests/time/test_{name}_table.py",
        "tests/time/test_calendars.py",
        "tests/time/test_allen.py",
    ],
    "bookings": [
        "tests/{room}/test_{name}.py",
        "tests/{room}/test_{name}_table.py",
        "tests/rules/test_decision.py",
        "tests/rules/test_rules_pure.py",
        "tests/rules/test_rules_words.py",
    ],
}
COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SUMS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.Div: ast.Mult,
}  # fmt: skip
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
NEEDS_A_DATABASE = re.compile(r"^from (tests import build|\w+\.models import)", re.M)
WORDS = {"id", "en", "way_out_id", "way_out_en", "words"}


@dataclass(frozen=True)
class Mutant:
    """One change: where, what it was and became, and the source it makes."""

    module: str
    line: int
    change: str
    source: str
    in_a_function: bool


def pure_modules() -> list[str]:
    """Return the modules that are changed: the arithmetic of time, the decision, and every rule."""
    files = sorted((ROOT / "bookings/rules").glob("*/[a-z]*.py"))
    return PURE + [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]


def path_of(module: str) -> Path:
    return ROOT / (module.replace(".", "/") + ".py")


def mutants_of(module: str) -> list[Mutant]:
    """Return every change of a module, in order of lines."""
    tree = ast.parse(path_of(module).read_text())
    nodes = list(_live(tree))
    bodies = (s for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for s in f.body)
    inside = {id(node) for statement in bodies for node in ast.walk(statement)}
    found = []
    for number, node in enumerate(nodes):
        for change in range(len(_changes(node))):
            copied = copy.deepcopy(tree)
            same = list(_live(copied))[number]
            what = _changes(same)[change]
            before = ast.unparse(same).splitlines()[0]
            what()
            after = ast.unparse(copied)
            found.append(
                Mutant(module, node.lineno, f"{before[:60]}  →  {_first(same)[:60]}", after, id(node) in inside)
            )
    unique = {mutant.source: mutant for mutant in found if mutant.source != ast.unparse(tree)}
    return list(unique.values())


def _first(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


def _live(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes whose change may matter: no docstrings, annotations, words, nor what only declares."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_words(child):
                continue
            if isinstance(child, (ast.expr, ast.stmt)):
                yield child
            yield from _live(child)


def _is_words(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, (ast.ImportFrom, ast.Import, ast.JoinedStr)):
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("ValueError", "TypeVar", "Setting"):
        return True
    if isinstance(node, ast.Assign) and {ast.unparse(t) for t in node.targets} & {"__all__", "RULE"}:
        return True
    return isinstance(node, ast.keyword) and node.arg in WORDS


def _changes(node: ast.AST) -> list:
    """Return what may be done to one node, as things to call."""
    found: list = []

    def swap(owner: ast.AST, name: str, new: object) -> None:
        found.append(lambda: setattr(owner, name, new))

    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        swap(node, "ops", [COMPARISONS[type(node.ops[0])](), *node.ops[1:]])
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in SUMS:
        swap(node, "op", SUMS[type(node.op)]())
    if isinstance(node, ast.BoolOp):
        swap(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        found.extend(lambda n=n: node.values.pop(n) for n in range(len(node.values)) if len(node.values) > 2)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        swap(node, "op", ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not())
        if isinstance(node.op, ast.Not):
            found[-1] = lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    if isinstance(node, ast.Constant):
        found.extend((lambda new=new: setattr(node, "value", new)) for new in _other_values(node.value))
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        found.extend((lambda new=new: setattr(node, "test", ast.Constant(new))) for new in (True, False))
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        swap(node, "value", ast.Constant(None))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OPPOSITES:
        swap(node.func, "id", OPPOSITES[node.func.id])
    if isinstance(node, ast.comprehension):
        found.extend(lambda n=n: node.ifs.pop(n) for n in range(len(node.ifs)))
    return found


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [f"{value}X"] if isinstance(value, str) and value and " " not in value else []  # sentences are words


class Loop:
    """Takes the place of pytest's loop: the tests are gathered once, then run in a fork per change."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.killed = self.tried = 0

    def pytest_runtestloop(self, session: Any) -> bool:
        for module in self.asked.modules or pure_modules():
            items = [item for path in tests_of(module) for item in session.items if item.path == ROOT / path]
            self.patience, began = PATIENCE, time.monotonic()
            if not self.survives(None, module, items):
                raise SystemExit(f"{module}: its tests fail as it is")
            self.patience = 10 + 3 * int(time.monotonic() - began)
            mutants = mutants_of(module)
            alive = [mutant for mutant in mutants if self.survives(mutant, module, items)]
            self.killed, self.tried = self.killed + len(mutants) - len(alive), self.tried + len(mutants)
            say(f"{module:32} {len(mutants) - len(alive):4} of {len(mutants):4} noticed")
            for mutant in alive if self.asked.survivors else []:
                say(f"    {mutant.line:4}  {mutant.change}")
        say(f"{'all':32} {self.killed:4} of {self.tried:4} noticed: {self.killed / max(self.tried, 1):.1%}")
        return True

    def survives(self, mutant: Mutant | None, module: str, items: list[Any]) -> bool:
        """Run a module's tests in a fork, changed or (None) as it is; return whether they all pass."""
        pid = os.fork()
        if pid == 0:
            signal.alarm(self.patience)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            os._exit(self._run(mutant, module, items))
        return os.waitpid(pid, 0)[1] == 0

    def _run(self, mutant: Mutant | None, module: str, items: list[Any]) -> int:
        if mutant is not None and not mutant.in_a_function:
            # Others hold its constants already: only a fresh start sees them change.
            os.execv(sys.executable, [sys.executable, __file__, "--alone", module, mutant.source])
        if mutant is not None:
            put_in_place(mutant)
        return run_until_failure(items)


def run_until_failure(items: list[Any]) -> int:
    """Run gathered tests one by one; return 1 at the first that fails, else 0."""
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return 1
    return 0


def put_in_place(mutant: Mutant) -> None:
    """Give the functions of a loaded module the code of the changed source, whoever holds them."""
    codes: dict[str, CodeType] = {}

    def gather(code: CodeType) -> None:
        for const in code.co_consts:
            if isinstance(const, CodeType):
                codes[const.co_qualname] = const
                gather(const)

    gather(compile(mutant.source, str(path_of(mutant.module)), "exec"))
    for function in functions_of(sys.modules[mutant.module]):
        function.__code__ = codes[function.__qualname__]


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions and methods that a module itself defines."""
    source = module.__file__
    for thing in vars(module).values():
        inside = vars(thing).values() if isinstance(thing, type) and thing.__module__ == module.__name__ else [thing]
        for one in inside:
            function = getattr(one, "fget", None) or getattr(one, "__func__", None) or one
            if isinstance(function, FunctionType) and function.__code__.co_filename == source:
                yield function


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed source, all others as they lie."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(path_of(self.module)), "exec"), vars(module))  # noqa: S102


def tests_of(module: str) -> list[str]:
    """Return the fast tests that look at a module, its own first."""
    app, room, *_, name = module.split(".")
    wanted = [pattern.format(room=room, name=name) for pattern in TESTS[app]] + ["tests/cases/test_cases.py"]
    found = (path for path in dict.fromkeys(wanted) if (ROOT / path).exists())
    return [path for path in found if not NEEDS_A_DATABASE.search((ROOT / path).read_text())]


def run_pytest(paths: list[str], plugins: list[object]) -> int:
    quiet = ["-x", "--noconftest", "-W", "ignore", "-o", "addopts=", "-s"]
    without = [
        word for name in ("django", "cacheprovider", "xdist", "logging", "terminal") for word in ("-p", f"no:{name}")
    ]
    return int(pytest.main([*quiet, *without, *paths], plugins=plugins))


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    settings.register_profile("mutants", database=None, deadline=None, max_examples=60, derandomize=True)
    settings.load_profile("mutants")
    if sys.argv[1:2] == ["--alone"]:
        module, source = sys.argv[2:]
        sys.meta_path.insert(0, Changed(module, source))
        return run_pytest(tests_of(module), [])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="all pure ones unless told")
    parser.add_argument("-v", "--survivors", action="store_true", help="list what nobody noticed")
    asked = parser.parse_args()
    paths = dict.fromkeys(path for module in asked.modules or pure_modules() for path in tests_of(module))
    return run_pytest(list(paths), [Loop(asked)])


if __name__ == "__main__":
    sys.exit(main())
