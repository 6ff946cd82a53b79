"""All hostile files, and what must become of each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.hostile import NamedFiles, heifs, impostors, jpegs, pdfs, pngs, rasters, tiffs

EXPECTED_FILE: Final = Path(__file__).with_name("expected.tsv")
ACCEPTED: Final = "accepted"


def files() -> NamedFiles:
    for module in (jpegs, pngs, tiffs, rasters, heifs, pdfs, impostors):
        yield from module.files()


def write(folder: Path) -> None:
    for name, content in files():
        (folder / name).write_bytes(content)


def expected() -> dict[str, str]:
    """By file name, ACCEPTED or the code of the refusal."""
    lines = EXPECTED_FILE.read_text().splitlines()
    return dict(line.split("\t") for line in lines)
