"""Every sentence of the interface has its English: nothing forgotten, no placeholder lost, the compiled file current.

Sentences are found here as `makemessages` finds them, without the gettext programs. After changing words:
`manage.py makemessages -l en --no-location --no-obsolete -i .venv -i var -i tests`, translate, then
`pybabel compile -D django -d locale`.
"""

from __future__ import annotations

import gettext
import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.LOCALE_PATHS[0]).parent
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}|</?\w[^>]*>|&\w+;")
SINGLE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
CALLS = dict.fromkeys(SINGLE | PLURAL | IN_CONTEXT | PLURAL_IN_CONTEXT)
Sentence = tuple[str, str | tuple[str, str]]


def as_python(path: Path) -> str:
    """Return the calls of a template's tags; its line starts are no indentation."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def sentences_in(path: Path) -> Iterator[Sentence]:
    source = io.BytesIO(as_python(path).encode())
    for _line, call, words, _comments in extract_python(source, list(CALLS), [], {"encoding": "utf-8"}):
        found = [words] if isinstance(words, str) else list(words)
        context = found.pop(0) if call in IN_CONTEXT | PLURAL_IN_CONTEXT else ""
        if found[0]:
            yield context, tuple(found[:2]) if call in PLURAL | PLURAL_IN_CONTEXT else found[0]


@cache
def sentences() -> dict[Sentence, Path]:
    folders = [ROOT / name for name in ("accounts", "facilities", "bookings", "config", "templates")]
    files = [path for folder in folders for ending in ("*.py", "*.html", "*.txt") for path in folder.rglob(ending)]
    return {sentence: path.relative_to(ROOT) for path in files for sentence in sentences_in(path)}


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def entries() -> Iterator[tuple[str, list[str]]]:
    """Pairs of one Indonesian form and its English forms."""
    for message in catalogue():
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[1]
            yield first, [message.string] if isinstance(message.string, str) else list(message.string)


def test_the_interface_speaks() -> None:
    assert len(sentences()) > 1000


def test_every_sentence_of_the_interface_is_in_the_english_catalogue() -> None:
    known = {(message.context or "", message.id) for message in catalogue()}
    missing = [f"{path}: {sentence}" for sentence, path in sentences().items() if sentence not in known]
    assert not missing, "\n".join(missing)


def test_the_english_catalogue_holds_no_sentence_the_interface_dropped() -> None:
    left = [
        message.id for message in catalogue() if message.id and (message.context or "", message.id) not in sentences()
    ]
    assert not left


def test_no_sentence_is_left_without_english_and_none_is_a_guess() -> None:
    assert [words for words, english in entries() if not all(english)] == []
    assert not [message.id for message in catalogue() if message.fuzzy]


def test_english_keeps_every_placeholder_and_tag() -> None:
    def parts(text: str) -> Counter[str]:
        return Counter(PLACEHOLDER.findall(text))

    assert [(words, form) for words, english in entries() for form in english if parts(words) != parts(form)] == []


def test_the_compiled_file_is_what_the_catalogue_says() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue())
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    wanted = gettext.GNUTranslations(io.BytesIO(fresh.getvalue()))._catalog  # type: ignore[attr-defined]
    assert {key: words for key, words in compiled.items() if key} == {
        key: words for key, words in wanted.items() if key
    }


@pytest.mark.parametrize("word", ["Anda", "Pesanan", "mesin", "petugas"])
def test_no_indonesian_word_is_left_in_english(word: str) -> None:
    assert [form for _words, english in entries() for form in english if re.search(rf"\b{word}\b", form)] == []


COUNTED = "days|hours|packs|pouches|machines|houses|runs|requests|bookings|messages|points|breakdowns|cancellations|producers|needs|times"
MANY = re.compile(rf"%\((\w+)\)s (?:<[^>]+>)?(?:\w+ )?(?:{COUNTED})\b")
NEVER_ONE = {"day", "days", "most_producers", "horizon", "share", "hours", "typed", "quantity", "rate"}
"""Values that are a fixed number, a decimal, or never one."""


def test_english_tells_one_from_many() -> None:
    spoken = [(m.id, str(m.string).replace("\xa0", " ")) for m in catalogue() if isinstance(m.id, str)]
    assert [english for _, english in spoken for found in MANY.finditer(english) if found[1] not in NEVER_ONE] == []
    both = [list(m.string) for m in catalogue() if m.id and not isinstance(m.id, str)]
    told = [one for one, many in both if one == many and MANY.search(many.replace("\xa0", " "))]
    assert told == []
