"""Translations, without gettext's tools: Babel finds what is marked, and compiles what is translated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize
from django.views.i18n import JavaScriptCatalog

from colorsite.environment import BASE_DIR

LOCALE_DIR: Final = BASE_DIR / "locale"


def compile_catalogs(folder: Path = LOCALE_DIR) -> None:
    """Those that are not compiled yet, or were changed since. Several processes may do it at once."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    draft = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as binary:
        write_mo(binary, read_po(text))
    draft.replace(compiled)


def extract_template(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """What is marked in a template: a method for Babel, see babel.*.cfg."""
    # Calls of gettext on lines of blanks: Python, once nothing is indented.
    lines = (line.strip() for line in templatize(file.read().decode()).splitlines())
    yield from extract_python(BytesIO("\n".join(lines).encode()), keywords, comment_tags, options)


class TextsOfScripts(JavaScriptCatalog):
    """Our own; Django's are for its admin."""

    packages = ["locale"]

    def get_paths(self, packages: list[str]) -> list[str]:
        return [str(path) for path in settings.LOCALE_PATHS]
