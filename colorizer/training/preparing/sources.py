"""Where pictures come from: folders, tar and zip files, single files."""

from __future__ import annotations

import csv
import lzma
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from colorizer.engine.imageio.formats import suffixes_of
from colorizer.shards import ShardError, shard_pictures

SUFFIXES: Final = suffixes_of("JPEG", "PNG", "WebP", "BMP", "TIFF")
MANIFEST: Final = "MANIFEST.tsv"
UNPACKING_ERRORS: Final = (RuntimeError, EOFError, zlib.error, lzma.LZMAError)
"""Also of zip files with a password, or packed in a way that Python does not know."""


class Candidate(NamedTuple):
    """A picture file: where it came from first, and its bytes or (of files on disk) its path."""

    source: str
    content: bytes | Path


def candidates(sources: Iterable[Path]) -> Iterator[Candidate]:
    """The pictures of all sources, in their order, those of folders by name; hidden files are not.

    Raises:
        FileNotFoundError: a source is missing.
        ShardError: an archive or the manifest beside it is damaged.
    """
    for source in sources:
        if not source.exists():
            raise FileNotFoundError(f"There is no {source}.")
        if source.is_dir():
            yield from _of_folder(source)
        elif source.suffix.lower() in SUFFIXES:
            yield Candidate(str(source), source)
        else:
            yield from _of_archive(source)


def _of_folder(folder: Path) -> Iterator[Candidate]:
    for path in sorted(folder.rglob("*")):
        if _is_picture(path.relative_to(folder).as_posix()) and path.is_file():
            yield Candidate(str(path), path)


def _of_archive(archive: Path) -> Iterator[Candidate]:
    members = _zip_pictures(archive) if is_zipfile(archive) else shard_pictures(archive, SUFFIXES)
    first_sources = _first_sources(archive.with_name(MANIFEST))
    for name, content in members:
        if _is_picture(name):
            yield Candidate(first_sources.get(name, f"{archive}/{name}"), content)


def _first_sources(manifest: Path) -> dict[str, str]:
    """By member, what shards that were prepared before were made from; nothing for other archives."""
    if not manifest.exists():
        return {}
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, dialect="excel-tab")
        return dict(_member_and_source(row, f"{manifest}, line {rows.line_num}") for row in rows)


def _member_and_source(row: list[str], place: str) -> tuple[str, str]:
    match row:
        case [member, *source, _, _, _] if source:
            return member, "/".join(source)
    raise ShardError(
        f"{place}: expected a member, its source, width, height and split. "
        "Repair the manifest, or move the archives away from it."
    )


def _zip_pictures(archive: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with ZipFile(archive) as opened:
            for name in opened.namelist():
                if _is_picture(name):
                    yield name, opened.read(name)
    except BadZipFile as error:
        raise ShardError(f"{archive} is damaged ({error}). Copy or download it again.") from error
    except UNPACKING_ERRORS as error:
        raise ShardError(f"{archive} cannot be unpacked ({error}). Unpack it yourself.") from error


def _is_picture(name: str) -> bool:
    parts = PurePosixPath(name.removeprefix("./")).parts
    return name.lower().endswith(SUFFIXES) and not any(part.startswith(".") for part in parts)
