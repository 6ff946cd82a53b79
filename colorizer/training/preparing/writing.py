"""Shards, their manifest, the folder that appears when all of it is written, and a summary."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple
from uuid import uuid4

from colorizer.engine.errors import ColorizerError
from colorizer.training.preparing.licenses import ANY_LICENSE, Licenses
from colorizer.training.preparing.sources import MANIFEST
from colorizer.training.preparing.standardizing import Photograph, Reason, Rejected

SHARD_BYTES: Final = 24_000_000
NAME_DIGITS: Final = 24
SPLITS: Final = ("train", "validation")

Split = Literal["train", "validation"]


class PrepareError(ColorizerError):
    """The shards cannot be made."""


class Entry(NamedTuple):
    """A kept photograph; `start` and `length` are its bytes in the spool."""

    digest: str
    source: str
    width: int
    height: int
    split: Split
    start: int
    length: int

    @property
    def member(self) -> str:
        return f"{self.digest[:NAME_DIGITS]}.jpg"


@contextmanager
def finished_folder(destination: Path) -> Iterator[Path]:
    """A new folder beside the destination that takes its name when all went well, or vanishes.

    Raises:
        PrepareError: the destination holds something.
        OSError: no space, no right.
    """
    if destination.exists() and any(destination.iterdir()):
        raise PrepareError(f"{destination} is not empty. Name a folder that is, or a new one.")
    # A link stays one, and all is written on the disk behind it.
    destination = destination.resolve()
    destination.parent.mkdir(parents=True, exist_ok=True)
    folder = destination.with_name(f".{destination.name}.unfinished-{os.getpid()}-{uuid4().hex}")
    folder.mkdir()
    try:
        yield folder
        folder.replace(destination)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def split_of(digest: str, validation_share: float) -> Split:
    """By the photograph's own hash alone, so that it is on the same side in every set."""
    is_validation = int(digest[:16], 16) < validation_share * 2**64
    return "validation" if is_validation else "train"


class ShardFolder:
    """Photographs wait in a spool on disk until all are there; then they are sorted by digest,
    which mixes the sources, and written.
    """

    def __init__(self, folder: Path, spool: IO[bytes], validation_share: float) -> None:
        self.entries: list[Entry] = []
        self._folder = folder
        self._spool = spool
        self._validation_share = validation_share

    def add(self, photograph: Photograph) -> None:
        self.entries.append(
            Entry(
                photograph.digest,
                photograph.source,
                photograph.width,
                photograph.height,
                split_of(photograph.digest, self._validation_share),
                self._spool.tell(),
                len(photograph.jpeg),
            )
        )
        self._spool.write(photograph.jpeg)

    def finish(self) -> None:
        """Write `train-000.tar` ..., `validation-000.tar` ... and the manifest."""
        self.entries.sort()
        for split in SPLITS:
            entries = [entry for entry in self.entries if entry.split == split]
            for number, shard in enumerate(in_shards(entries)):
                self._write_shard(self._folder / f"{split}-{number:03}.tar", shard)
        self._write_manifest()

    def _write_shard(self, path: Path, entries: Iterable[Entry]) -> None:
        with tarfile.open(path, "x") as tar:
            for entry in entries:
                self._spool.seek(entry.start)
                member = tarfile.TarInfo(entry.member)
                member.size = entry.length
                tar.addfile(member, io.BytesIO(self._spool.read(entry.length)))

    def _write_manifest(self) -> None:
        with (self._folder / MANIFEST).open("x", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, dialect="excel-tab", lineterminator="\n")
            rows.writerows((e.member, e.source, e.width, e.height, e.split) for e in self.entries)


def in_shards(entries: list[Entry]) -> Iterator[list[Entry]]:
    """In their order, each shard at most SHARD_BYTES unless one picture alone is larger."""
    shard: list[Entry] = []
    size = 0
    for entry in entries:
        if shard and size + entry.length > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append(entry)
        size += entry.length + tarfile.BLOCKSIZE
    if shard:
        yield shard


def summary(
    entries: list[Entry], left_out: list[Rejected], licenses: Licenses = ANY_LICENSE
) -> str:
    """Kept by each license, and left out by each reason; broken files by name."""
    return "\n".join(_lines(entries, left_out, licenses)) + "\n"


def _lines(entries: list[Entry], left_out: list[Rejected], licenses: Licenses) -> Iterator[str]:
    splits = Counter(entry.split for entry in entries)
    yield f"kept: {len(entries)} (train {splits['train']}, validation {splits['validation']})"
    yield from _license_lines("  ", licenses.counts(entry.source for entry in entries))
    yield f"left out: {len(left_out)}"
    for reason in Reason:
        rejected = [one for one in left_out if one.reason is reason]
        yield f"  {reason}: {len(rejected)}"
        if reason is Reason.LICENSE:
            yield from _license_lines("    ", licenses.counts(one.source for one in rejected))
        if reason is Reason.BROKEN:
            yield from (f"    {one.source}: {one.detail}" for one in rejected)


def _license_lines(indent: str, counts: Counter[str]) -> Iterator[str]:
    return (f"{indent}{name}: {count}" for name, count in sorted(counts.items()))
