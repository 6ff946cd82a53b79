"""Which files an archive has, by which names, in which parts. Nothing but names and keys is held in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

from colorizer.models import Colorization
from gallery.file_names import UniqueNames, base_name, safe_name
from gallery.models import Album, Archive, Photo, PhotoQuerySet
from gallery.queries import KEPT_FIRST, in_album_order

PHOTOS_AT_ONCE: Final = 500
TRASH: Final = "Trash"
README: Final = "README.txt"
TABLES: Final = "data"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive.

    Attributes:
        record: the photo or the colorization that it is of.
    """

    name: str
    record: UUID
    photo: UUID
    file: UUID
    bytes: int


def entries_of(archive: Archive) -> Iterator[Entry]:
    """Photo by photo, as the albums are ordered: its original, then the results."""
    names, bases = UniqueNames(), UniqueNames()
    folders = UniqueNames([TRASH, README, TABLES])
    for album in _albums_of(archive):
        folder = f"{folders.take(safe_name(album.title))}/" if archive.is_export else ""
        taken = (UniqueNames(), UniqueNames()) if archive.is_export else (names, bases)
        photos = in_album_order(_photos_of(archive, album), album, by_section=True)
        yield from _entries(archive, photos, folder, *taken)


def _albums_of(archive: Archive) -> list[Album]:
    if archive.album:
        return [archive.album]
    own = Album.objects.filter(owner=archive.owner).order_by("created_at", "pk")
    if archive.is_export:
        return list(own)
    return list(own.filter(photos__in=archive.photos.kept().order_by()).distinct())


def _photos_of(archive: Archive, album: Album) -> PhotoQuerySet:
    photos = Photo.objects.filter(album=album)
    if archive.is_export:
        return photos
    if archive.content == Archive.Content.SELECTION:
        photos = photos.filter(pk__in=archive.photos.order_by().values("pk"))
    return photos.kept()


def _entries(
    archive: Archive, photos: PhotoQuerySet, folder: str, taken: UniqueNames, bases: UniqueNames
) -> Iterator[Entry]:
    rows = list(
        photos.values_list("pk", "title", "original_name", "original", "trashed_at").iterator(
            chunk_size=PHOTOS_AT_ONCE
        )
    )
    for start in range(0, len(rows), PHOTOS_AT_ONCE):
        batch = rows[start : start + PHOTOS_AT_ONCE]
        originals = [original for _, _, _, original, _ in batch]
        files = _files_of(archive, originals)
        for pk, title, original_name, original, trashed_at in batch:
            base = bases.take(base_name(title, original_name))
            for record, ending, suffix, file, size, is_trashed in files[original]:
                place = f"{TRASH}/" if trashed_at or is_trashed else ""
                # Without the suffix: files that lie beside others have another one.
                name = taken.take(f"{place}{folder}{base}{ending}")
                yield Entry(f"{name}{suffix}", record or pk, pk, file, size)


def _files_of(archive: Archive, originals: list[UUID]) -> dict[UUID, list[tuple[Any, ...]]]:
    """By original: record, ending of the name, suffix, file, its bytes, and whether it is in the trash."""
    found: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    if archive.holds != Archive.Holds.RESULTS:
        rows = Photo.objects.filter(original__in=originals).values_list(
            "original", "original__name", "original__bytes"
        )
        for original, path, size in rows:
            found[original].append((None, "", PurePosixPath(path).suffix, original, size, False))
    if archive.holds != Archive.Holds.ORIGINALS:
        for original, result in _results_of(archive, originals):
            found[original].append(result)
    return found


def _results_of(archive: Archive, originals: list[UUID]) -> Iterator[tuple[UUID, tuple[Any, ...]]]:
    """The one that stands for the photo: kept, or else the newest. An export has them all."""
    versions = Colorization.objects.succeeded().filter(source__in=originals)
    if not archive.is_export:
        versions = versions.kept().whole()
    rows = versions.order_by(*KEPT_FIRST).values_list(
        "source", "pk", "variant", "result", "result__name", "result__bytes", "trashed_at"
    )
    seen: set[UUID] = set()
    for source, pk, variant, result, path, size, trashed_at in rows:
        if archive.is_export or source not in seen:
            seen.add(source)
            suffix = PurePosixPath(path).suffix
            yield source, (pk, f"-{variant}", suffix, result, size, trashed_at is not None)


def in_parts(entries: list[Entry], part_bytes: int) -> list[list[Entry]]:
    """Each as large as it may be. A file that is larger than that has a part for itself."""
    parts: list[list[Entry]] = [[]]
    size = 0
    for entry in entries:
        if parts[-1] and size + entry.bytes > part_bytes:
            parts.append([])
            size = 0
        parts[-1].append(entry)
        size += entry.bytes
    return parts
