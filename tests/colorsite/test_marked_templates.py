"""Each text that a person reads in a template is marked for translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from tests import ROOT

TEMPLATES: Final = ROOT / "templates"
# The staff's pages are in English.
OURS: Final = sorted(
    path
    for path in TEMPLATES.rglob("*.*")
    if path.suffix in {".html", ".txt"} and TEMPLATES / "admin" not in path.parents
)
# What is the same in every language.
SAME: Final = {"SHA-256", "data/.json, data/.csv - , :"}

MARKED: Final = re.compile(
    r"{#.*?#}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s.*?%}"
    r"|{%\s*block page_class\s*%}.*?{%\s*endblock.*?%}",
    re.DOTALL,
)
TAG: Final = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
LITERAL: Final = re.compile(r'_\("[^"]*"\)|"([^"]*)"')
# A name in code has no capitals, and no blanks but between names with underscores.
PROSE: Final = re.compile(r"[A-Z][a-z]|\b[a-z]{2,} +[a-z]{2,}\b(?!_)")
# Names of months and days as English has them, unless the format is one of the language's own.
ENGLISH_DATE: Final = re.compile(r'\bdate:"(?![A-Z_]+")[^"]*[DFMNPl]')

READ: Final = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
NOT_READ: Final = {"script", "style", "code"}


class Reader(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.unread += tag in NOT_READ
        self.found += [value for name, value in attrs if value and is_read(name, value)]
        if tag == "meta" and values.get("name") == "description":
            self.found.append(values.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in NOT_READ

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.found.append(data)


def is_read(name: str, value: str) -> bool:
    """Scripts show what a data attribute has, where that is more than one word."""
    return name in READ or (name.startswith("data-") and " " in value)


def unmarked(template: str) -> list[str]:
    rest = MARKED.sub("", template)
    reader = Reader()
    reader.feed(TAG.sub("", rest))
    reader.close()
    texts = [" ".join(text.split()) for text in reader.found]
    return [
        *(text for text in texts if re.search(r"[^\W\d_]", text) and text not in SAME),
        *(text for tag in TAG.findall(rest) for text in literals(tag)),
    ]


def literals(tag: str) -> Iterator[str]:
    if ENGLISH_DATE.search(tag):
        yield tag
    for text in LITERAL.findall(tag):
        if PROSE.search(text) and "_" not in text:
            yield text


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_text_is_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Two words</p>",
        "<p>{{ size }} used</p>",
        "{% if done %}Done{% endif %}",
        '<img alt="{{ name }}, in color">',
        '<button aria-label="Close"></button>',
        '<p data-moved="It is moved now">',
        '<meta name="description" content="All photos">',
        '{% include "thumbnail.html" with alt=name|add:" in color" %}',
        '{% firstof text "Try again" %}',
        '{% include "error.html" with text=_("Marked") heading="Unmarked" %}',
        '{{ time|date:"j F Y" }}',
    ],
)
def test_a_text_that_is_not_marked_is_found(template: str) -> None:
    assert unmarked(template) != []


@pytest.mark.parametrize(
    "template",
    [
        '<p title="{% translate "One" %}">{% blocktranslate %}Two {{ words }}{% endblocktranslate %}</p>',
        '{% include "icon.html" with name="star" label=_("Favorite") others="my_name your_name" %}',
        '<a class="button button--small" href="/" data-action="close">{{ count }}&nbsp;%</a>',
        "<b>99+</b> · {{ page }}",
        "{# A comment. #}<code>curl</code><script>let name;</script>",
        '{{ time|date:"DATE_FORMAT" }} {{ time|date:"Y-m-d H:i" }}',
    ],
)
def test_what_is_marked_or_not_read_is_left_alone(template: str) -> None:
    assert unmarked(template) == []
