"""Names of files as they are shown: any bytes but "/" and NUL make a name, in no encoding at all."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes

UNDECODED: Final = frozenset(map(chr, range(0xDC80, 0xDD00)))
"""What stands in a text for bytes that are none (PEP 383)."""


def one_line(text: str) -> str:
    r"""For a terminal or a log: `\x1b`, `\n`, `\xe9` for what is not printed.

    That is: what controls a terminal, ends a line or turns its direction, and bytes that are no text.
    """
    return "".join(character if _is_shown(character) else _escaped(character) for character in text)


def _is_shown(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _escaped(character: str) -> str:
    if character in UNDECODED:
        return f"\\x{ord(character) & 0xFF:02x}"
    return character.encode("unicode_escape").decode()


def as_text(path: Path) -> str:
    r"""The name in Unicode, `\xe9` for bytes that are not UTF-8."""
    return os.fsencode(path).decode(errors="backslashreplace")


def percent_encoded(path: Path) -> str:
    """All bytes of a name, as in a `file:` address (RFC 3986); `urllib.parse.unquote_to_bytes` undoes it."""
    return quote_from_bytes(os.fsencode(path))


def is_utf8(path: Path) -> bool:
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        return False
    return True
