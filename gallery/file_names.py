"""What downloaded files are called: as the photo, with the suffix of what the file is. Windows takes them all."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from pathvalidate import sanitize_filename

from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.models import Archive, Download, Photo
from gallery.models.shares import Guest

# Windows opens no file whose whole path is longer than 260; folders come before the name.
LONGEST_NAME: Final = 100
MOST_BYTES: Final = 200
"""In UTF-8: no part of a path may have more than 255, and what tells files of one name apart comes behind."""


def original_name(photo: Photo) -> str:
    return _with_suffix(base_name(photo.title, photo.original_name), photo.original)


def result_name(photo: Photo, colorization: Colorization) -> str:
    if colorization.result is None:
        raise ValueError("A colorization without a result has no file to be named.")
    base = base_name(photo.title, photo.original_name)
    return _with_suffix(f"{base}-{colorization.variant}", colorization.result)


def shared_name(photo: Photo, guest: Guest, file: StoredFile) -> str:
    """For whoever has a link: the file's own name is not for them."""
    return _with_suffix(safe_name(photo.name_for(guest)), file)


def download_name(download: Download) -> str:
    if download.colorization is None or download.file is None:
        raise ValueError("A download that is not made has no file to be named.")
    photo = download.colorization.source.photo
    base = f"{base_name(photo.title, photo.original_name)}-{download.colorization.variant}"
    is_both = download.form in (Download.Form.JOINED, Download.Form.CLIP)
    parts = [
        base,
        *(["before-after"] if is_both else []),
        *([str(download.side)] if download.side else []),
    ]
    return _with_suffix("-".join(parts), download.file)


def base_name(title: str, original_name: str) -> str:
    """Of a photo: its title, or else the name of its file, without the suffix."""
    return safe_name(title or PurePosixPath(original_name).stem)


def safe_name(text: str) -> str:
    """A name that every system takes, for a file or a folder."""
    name = sanitize_filename(text, replacement_text="-", platform="universal")
    return _cut(str(name)).rstrip("-. ") or "-"


def _cut(name: str) -> str:
    """Before a letter, never between it and its accents."""
    fitting = name[:LONGEST_NAME].encode()[:MOST_BYTES].decode(errors="ignore")
    end = len(fitting)
    while 0 < end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end -= 1
    return name[:end]


def archive_name(archive: Archive, number: int = 1, parts: int = 1) -> str:
    """Of one of the zip files of an archive."""
    name = archive.title or _("Photos")
    if archive.is_export:
        name = f"{settings.SITE_NAME} {archive.created_at:%Y-%m-%d}"
    return f"{safe_name(name)}{f' ({number} of {parts})' if parts > 1 else ''}.zip"


def _with_suffix(base: str, file: StoredFile) -> str:
    return f"{base}{PurePosixPath(str(file.name)).suffix}"


class UniqueNames:
    """Two photos may have the same name: the second is called "name (2)".

    Neither upper and lower case are a difference, nor how an accent is encoded: Windows and macOS see none.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {_seen_as(name) for name in taken}
        self._numbers: Counter[str] = Counter()

    def take(self, name: str) -> str:
        """The name that is free."""
        free = name
        while _seen_as(free) in self._taken:
            self._numbers[_seen_as(name)] += 1
            free = f"{name} ({self._numbers[_seen_as(name)] + 1})"
        self._taken.add(_seen_as(free))
        return free


def _seen_as(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
