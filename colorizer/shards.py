"""Color photographs as encoded files in tar files, plain or compressed."""

from __future__ import annotations

import lzma
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from gzip import BadGzipFile
from pathlib import Path
from typing import IO, Final

from colorizer.engine.errors import ColorizerError
from colorizer.engine.imageio.formats import suffixes_of

PICTURE_SUFFIXES: Final = suffixes_of("JPEG", "PNG", "WebP")
NO_PICTURES: Final = "The shards hold no pictures. Name tar files with JPEG, PNG or WebP."
DAMAGE: Final = (tarfile.TarError, EOFError, BadGzipFile, zlib.error, lzma.LZMAError)


class ShardError(ColorizerError):
    """A tar file is damaged, cut short or no tar file."""


def shard_pictures(
    shard: Path, suffixes: tuple[str, ...] = PICTURE_SUFFIXES
) -> Iterator[tuple[str, bytes]]:
    """Names and encoded pictures of a tar file, in its order.

    Raises:
        ShardError: the file is damaged.
        OSError: it cannot be read.
    """
    try:
        with tarfile.open(shard) as tar:
            for member in tar:
                if member.name.lower().endswith(suffixes):
                    content = _content(tar, member)
                    if content is not None:
                        yield member.name, content.read()
            _check_end(tar)
    except DAMAGE as error:
        raise ShardError(
            f"{shard} is not a whole tar file ({error}). Copy or download it again."
        ) from error


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes] | None:
    """None of what is no file, as a folder or a link that leads out of the archive."""
    try:
        return tar.extractfile(member)
    except KeyError:
        return None


def _check_end(tar: tarfile.TarFile) -> None:
    """tarfile takes a broken header for the end; the real end is a block of zeros."""
    if tar.fileobj is not None:
        tar.fileobj.seek(tar.offset)
        if tar.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("it has no end")


def read_shards(shards: Iterable[Path]) -> list[bytes]:
    """All pictures of the tar files, still encoded, in the order of the shards.

    Raises:
        FileNotFoundError: there is no picture in any of them.
        ShardError: one of them is damaged.
    """
    pictures = [content for shard in shards for _, content in shard_pictures(shard)]
    if not pictures:
        raise FileNotFoundError(NO_PICTURES)
    return pictures
