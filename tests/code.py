"""Our own source, read as trees, for the tests that keep the house in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "facilities", "bookings")
EDGES = {
    "views", "forms", "fields", "parts", "api", "schemas", "admin", "tasks", "tags", "commands", "templatetags", "urls",
    "context", "health",
}  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def _parsed(path: Path) -> ast.Module:
    """Every test reads the same files: each is parsed once. Nobody changes a tree."""
    return ast.parse(path.read_text())


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is dotted, as it is imported. `planted` is what it would say instead of what it says."""

    path: Path
    planted: str | None = None

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path) if self.planted is None else ast.parse(self.planted)

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def is_edge(self) -> bool:
        """Whether it parses, authorises and renders; `board_views`, `api_auth` and `views.pages` are edges too."""
        return any(word in EDGES for part in self.name.split(".")[1:] for word in part.split("_"))

    def imports(self) -> Iterator[str]:
        """Yield the dotted name of all it imports, wherever the import stands."""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                stem = ".".join([*base, *([node.module] if node.module else [])])
                yield from (f"{stem}.{alias.name}" for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))


def modules(*folders: str) -> list[Module]:
    """Return the modules of these folders, without migrations, which are history."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [Module(path) for path in paths if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring: a drawing is not complexity."""
    words = function.body[0] if ast.get_docstring(function, clean=False) else None
    spoken = words.end_lineno - words.lineno + 1 if words else 0
    return function.end_lineno - function.lineno + 1 - spoken


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a chain of attributes and calls, as far as it has names."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def words_of(name: str) -> set[str]:
    """Split an identifier into its words: `FreeSlots` and `free_slots` hold `slots`."""
    return {word.lower() for part in name.split("_") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", part)}
