"""Names of files as they are shown and reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from colorizer.batch.names import as_text, is_utf8, one_line, percent_encoded


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a b.jpg", "a b.jpg"),
        ("Zoë 日本\u3000語 🏔.jpg".encode(), "Zoë 日本\u3000語 🏔.jpg"),
        (b"caf\xe9.jpg", "caf\\xe9.jpg"),
        (b"two\nlines\r\t.jpg", "two\\nlines\\r\\t.jpg"),
        (b"\x1b[31mred\x07.jpg", "\\x1b[31mred\\x07.jpg"),
        ("turned\u202egpj.exe".encode(), "turned\\u202egpj.exe"),
        ("\x9b31m\u2028.jpg".encode(), "\\x9b31m\\u2028.jpg"),
    ],
)
def test_a_name_is_one_line_that_controls_no_terminal(name: bytes, shown: str) -> None:
    assert one_line(os.fsdecode(name)) == shown


def test_a_name_is_reported_as_text_and_when_it_is_none_with_all_of_its_bytes() -> None:
    text, bytes_alone = Path("a\n%é.jpg"), Path(os.fsdecode(b"\xff/caf\xe9 %.jpg"))
    assert (is_utf8(text), as_text(text)) == (True, "a\n%é.jpg")
    assert (is_utf8(bytes_alone), as_text(bytes_alone)) == (False, "\\xff/caf\\xe9 %.jpg")
    assert percent_encoded(bytes_alone) == "%FF/caf%E9%20%25.jpg"
