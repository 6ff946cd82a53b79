"""Privacy, terms and contact: texts of who runs the site, or what is true of any site that runs this software."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

# Links to scripts are no links in it, and HTML is text.
MARKDOWN: Final = MarkdownIt("js-default")
NAMES: Final = ("privacy", "terms", "contact")


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"legal/{name}.html", {"text": _text_of_operator(name)})


def _text_of_operator(name: str) -> SafeString | None:
    """In the language of the page, if there is a file in it."""
    for candidate in _candidates(name):
        if candidate.is_file():
            html = str(MARKDOWN.render(candidate.read_text()))
            return mark_safe(html)  # noqa: S308  (HTML in a text is text)
    return None


def _candidates(name: str) -> Iterator[Path]:
    if settings.LEGAL_DIR is None:
        return
    yield settings.LEGAL_DIR / f"{name}.{get_language()}.md"
    yield settings.LEGAL_DIR / f"{name}.md"


app_name = "legal"
urlpatterns = [path(f"{name}/", page, {"name": name}, name=name) for name in NAMES]
