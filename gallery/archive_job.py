"""Writes the zip file of an album: for each photo its original, then the newest result of each variant."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.db.models import Prefetch
from django.db.models.functions import Now

from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from gallery.archives import KEPT_FOR
from gallery.file_names import original_name, result_name
from gallery.models import AlbumArchive, Photo
from jobs.lease import Lease

CHUNK_BYTES: Final = 2**20


@dataclass(frozen=True)
class Entry:
    name: str
    file: StoredFile


def run(lease: Lease) -> None:
    archive = AlbumArchive.objects.select_related("album__owner").get(job=lease.job)
    with temporary_folder() as folder, filestore.new_files() as files:
        path = folder / "album.zip"
        _write(path, _entries(archive), lease)
        stored = files.add(
            archive.album.owner,
            StoredFile.Purpose.ARCHIVE,
            path,
            suffix=".zip",
            content_type="application/zip",
        )
        with lease.success():
            files.save()
            AlbumArchive.objects.filter(pk=archive.pk).update(
                file=stored, expires_at=Now() + KEPT_FOR
            )


def _entries(archive: AlbumArchive) -> list[Entry]:
    names = UniqueNames()
    results = Colorization.objects.kept().succeeded().select_related("result")
    photos = (
        Photo.objects.kept()
        .filter(album=archive.album)
        .select_related("original")
        .prefetch_related(Prefetch("original__colorizations", queryset=results))
    )
    return [
        Entry(names.take(name), file)
        for photo in photos.order_by("created_at", "pk")
        for name, file in _files_of(photo)
    ]


def _files_of(photo: Photo) -> Iterator[tuple[str, StoredFile]]:
    yield original_name(photo), photo.original
    seen = set()
    for colorization in photo.colorizations:
        if colorization.variant not in seen and colorization.result:
            seen.add(colorization.variant)
            yield result_name(photo, colorization), colorization.result


class UniqueNames:
    """Two photos may have the same name: the second is called "name (2)"."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def take(self, name: str) -> str:
        path, free = PurePosixPath(name), name
        while free.casefold() in self._taken:
            self._numbers[name.casefold()] += 1
            free = f"{path.stem} ({self._numbers[name.casefold()] + 1}){path.suffix}"
        self._taken.add(free.casefold())
        return free


def _write(path: Path, entries: list[Entry], lease: Lease) -> None:
    # Stored: pictures are compressed already.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number, entry in enumerate(entries):
            lease.report_progress(100 * number // len(entries))
            with filestore.open(entry.file) as source, _opened(archive, entry) as target:
                while chunk := source.read(CHUNK_BYTES):
                    lease.check()
                    target.write(chunk)


def _opened(archive: zipfile.ZipFile, entry: Entry) -> IO[bytes]:
    info = zipfile.ZipInfo(entry.name, date_time=entry.file.created_at.timetuple()[:6])
    info.file_size = entry.file.bytes
    return archive.open(info, "w")
