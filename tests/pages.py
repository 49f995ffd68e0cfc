"""A page's forms as a browser finds them: where each leads, and what it would send if nobody typed anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

NOT_SENT = ("submit", "button", "file", "reset", "image")


@dataclass(slots=True)
class PageForm:
    """A form: its method, its address (empty for the page's own), its values in order, and its buttons."""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)

    def data(self, **more: Any) -> dict[str, Any]:
        """Return what is sent, with what is typed over it."""
        sent: dict[str, Any] = {}
        for name, value in self.values:
            sent.setdefault(name, []).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in sent.items()} | more


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.area: list[str] | None = None
        self.select: str | None = None
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = PageForm(said.get("method", "get").lower(), said.get("action", ""))
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "button":
            self.open.buttons.append(said)
        elif tag == "select":
            self.select, self.first = said.get("name", ""), None
        elif tag == "option" and self.select is not None:
            self._option(said)
        elif tag == "textarea":
            self.open.values.append((said.get("name", ""), ""))
            self.open.typed.add(said.get("name", ""))
            self.area = []
        elif tag == "input" and said.get("type") not in NOT_SENT and "name" in said:
            self._input(said)

    def _input(self, said: dict[str, str]) -> None:
        assert self.open is not None
        is_tick = said.get("type") in ("checkbox", "radio")
        if not is_tick or "checked" in said:
            self.open.values.append((said["name"], said.get("value", "on" if is_tick else "")))
        if not is_tick and said.get("type") != "hidden":
            self.open.typed.add(said["name"])

    def _option(self, said: dict[str, str]) -> None:
        assert self.open is not None and self.select is not None
        known = dict(self.open.values)
        if "selected" in said or self.select not in known:
            self.open.values = [pair for pair in self.open.values if pair[0] != self.select]
            self.open.values.append((self.select, said.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.open is not None and self.area is not None:
            name, _empty = self.open.values.pop()
            self.open.values.append((name, "".join(self.area).removeprefix("\n")))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.open = None


def forms_on(answer: Any) -> list[PageForm]:
    """Return the forms of a page that send something."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return [one for one in reader.forms if one.method == "post"]


def seen(client: Any, page: str, action: str = "") -> dict[str, str]:
    """Open a page and return what its form says to have seen: the form that leads to `action`, else to the page itself."""
    found = next(one for one in forms_on(client.get(page)) if (one.action or page) == (action or page) and "version" in one.data())
    return {"version": found.data()["version"]}
