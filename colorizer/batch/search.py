"""The pictures of a folder, and what is left alone. Each folder is listed once, no file is opened."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from colorizer.engine.imageio.formats import SUFFIXES
from colorizer.engine.video import FILM_SUFFIXES

SKIPPED_FOLDERS: Final = frozenset(
    {
        "@eadir",  # Synology: thumbnails
        "#recycle",
        "#snapshot",
        "@recycle",  # QNAP
        "@recently-snapshot",
        "$recycle.bin",  # Windows
        "recycler",
        "system volume information",
        "__macosx",  # resource forks in zip files
        "lost+found",
    }
)
"""What devices and systems put beside photographs, in lower case; dot folders are skipped, too."""
HIDDEN: Final = "hidden"


@dataclass(frozen=True)
class LeftAlone:
    """Something that may hold pictures, and why it is not looked at."""

    path: Path
    reason: str
    is_unreadable: bool = False


@dataclass
class Found:
    """What a search has come across.

    Attributes:
        pictures: anything with the suffix of a picture or a film that is no folder; a task says what it really is.
        links: those of the pictures that are links.
        skipped_folders: by name, how many.
        skipped_files: by suffix, how many; dot files as HIDDEN.
    """

    pictures: list[Path] = field(default_factory=list)
    links: list[Path] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    skipped_folders: Counter[str] = field(default_factory=Counter)
    skipped_files: Counter[str] = field(default_factory=Counter)


def search(source: Path, excluded: Path, *, recursive: bool) -> Found:
    """Look for pictures.

    Args:
        excluded: a folder that is not looked into.
        recursive: look into folders inside, but follow neither links to folders nor links out.

    Raises:
        OSError: the source cannot be listed. A folder inside that cannot be is left alone.
    """
    return _Search(source, excluded, recursive).found_in([source])


class _Search:
    def __init__(self, source: Path, excluded: Path, recursive: bool) -> None:
        self._source = source
        self._real_source = os.path.realpath(source)
        self._excluded = os.path.realpath(excluded)
        self._recursive = recursive
        self._found = Found()

    def found_in(self, folders: list[Path]) -> Found:
        while folders:  # no recursion: trees may be deeper than Python's stack
            folder = folders.pop()
            try:
                inside, files = _listed(folder)
            except OSError as error:
                if folder == self._source:
                    raise
                reason = f"this folder cannot be read: {error.strerror}"
                self._found.left_alone.append(LeftAlone(folder, reason, is_unreadable=True))
                continue
            if self._recursive:
                folders += reversed([*self._folders_to_enter(folder, inside)])
            for entry in files:
                self._add_file(folder / entry.name, is_link=entry.is_symlink())
        return self._found

    def _folders_to_enter(self, folder: Path, inside: list[os.DirEntry[str]]) -> Iterator[Path]:
        for entry in inside:
            path = folder / entry.name
            if entry.is_symlink():
                self._leave_if_it_leads_out(path)
            elif os.path.realpath(path) == self._excluded:
                continue
            elif entry.name.startswith(".") or entry.name.lower() in SKIPPED_FOLDERS:
                self._found.skipped_folders[entry.name] += 1
            else:
                yield path

    def _add_file(self, path: Path, *, is_link: bool) -> None:
        suffix = path.suffix.lower()
        if path.name.startswith("."):
            self._found.skipped_files[HIDDEN] += 1
        elif suffix not in SUFFIXES and suffix not in FILM_SUFFIXES:
            self._found.skipped_files[suffix or "no suffix"] += 1
        elif not is_link:
            self._found.pictures.append(path)
        elif not (self._recursive and self._leave_if_it_leads_out(path)):
            self._found.pictures.append(path)
            self._found.links.append(path)

    def _leave_if_it_leads_out(self, link: Path) -> bool:
        leads_out = not Path(os.path.realpath(link)).is_relative_to(self._real_source)
        if leads_out:
            reason = "this link leads out of SOURCE"
            self._found.left_alone.append(LeftAlone(link, reason))
        return leads_out


def _listed(folder: Path) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """Folders and files in a folder, links to such included, sorted by name."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    folders: list[os.DirEntry[str]] = []
    files: list[os.DirEntry[str]] = []
    for entry in entries:
        (folders if _is_folder(entry) else files).append(entry)
    return folders, files


def _is_folder(entry: os.DirEntry[str]) -> bool:
    if entry.is_symlink():  # may lead nowhere or in a circle, where `is_dir` raises
        return os.path.isdir(entry)  # noqa: PTH112
    return entry.is_dir()
