"""What one message is made of, and the plain text that is the message. Pure.

The text is the source: it is kept, read in a mail program that shows no HTML, and
taken apart again (`sections_of`) to be dressed as HTML, so the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

LONGEST_SUBJECT = 150
FACT = re.compile(r"(?P<label>[^:\n]{2,30}): (?P<value>.+)")
ADDRESS = re.compile(r"https?://\S+")


class Fact(NamedTuple):
    """One line of the slip: `Mesin: Segel kontinu 1`."""

    label: str
    value: str


class Link(NamedTuple):
    """Where one tap leads, and what it does in words."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, in their language.

    `when` is the day and the hours, shown large. `words` are paragraphs. `items` is a
    list under `items_title`. `links` end it, the first being the one thing to do.
    """

    subject: str
    words: tuple[str, ...]
    when: tuple[str, str] | None = None
    facts: tuple[Fact, ...] = ()
    items_title: str = ""
    items: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sender: tuple[str, ...] = ()
    small_print: str = ""

    def text(self) -> str:
        """Return the whole message as plain text: complete without opening anything."""
        links = [f"{link.words}:\n{link.address}" for link in self.links]
        return _joined([*self._body(), *links, "\n".join(self.sender), self.small_print])

    def note(self) -> str:
        """Return what the app's inbox shows: no greeting of a letter, no addresses, no sender."""
        return _joined(self._body())

    def _body(self) -> list[str]:
        listed = "\n".join([f"{self.items_title}:", *(f"- {item}" for item in self.items)]) if self.items else ""
        facts = "\n".join(f"{fact.label}: {fact.value}" for fact in self.facts)
        return ["\n".join(self.when or ()), *self.words, facts, listed]


def one_line(words: str, most: int = 300) -> str:
    """Return words that people typed as one short line: they can neither break a layout nor forge a section."""
    squeezed = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return squeezed if len(squeezed) <= most else squeezed[: most - 1].rstrip() + "…"


def subject_line(words: str) -> str:
    return one_line(words, LONGEST_SUBJECT)


@dataclass(frozen=True, slots=True)
class Section:
    """One block of a message, by `kind`: when, words, facts, items, button (the first link), link, sender (what ends it)."""

    kind: str
    words: str = ""
    lines: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    link: Link | None = None


def sections_of(text: str) -> list[Section]:
    """Take the text of a letter apart again, in its order."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block.strip()]
    sections = [_section(lines, first=number == 0) for number, lines in enumerate(blocks)]
    links = [number for number, section in enumerate(sections) if section.kind == "link"]
    if links:
        sections[links[0]] = replace(sections[links[0]], kind="button")
        sections[links[-1] + 1 :] = [replace(section, kind="sender") for section in sections[links[-1] + 1 :]]
    return sections


def _section(lines: Sequence[str], *, first: bool) -> Section:
    if first and len(lines) == 2:
        return Section("when", lines=tuple(lines))
    if len(lines) == 2 and ADDRESS.fullmatch(lines[1]):
        return Section("link", link=Link(lines[0].removesuffix(":"), lines[1]))
    if len(lines) > 1 and all(line.startswith("- ") for line in lines[1:]):
        return Section("items", words=lines[0].removesuffix(":"), lines=tuple(line[2:] for line in lines[1:]))
    facts = [FACT.fullmatch(line) for line in lines]
    if all(facts):
        return Section("facts", facts=tuple(Fact(m["label"], m["value"]) for m in facts if m))
    return Section("words", words="\n".join(lines), lines=tuple(lines))


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block)
