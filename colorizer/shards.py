"""Colour photographs as encoded files in tar shards, held in memory."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from pathlib import Path

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def read_shards(shards: Iterable[Path]) -> list[bytes]:
    """All pictures of the tar files, still encoded, in the order of the shards.

    Raises:
        FileNotFoundError: there is no picture in any of them.
    """
    pictures = []
    for shard in shards:
        with tarfile.open(shard) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None and member.name.lower().endswith(PICTURE_SUFFIXES):
                    pictures.append(content.read())
    if not pictures:
        raise FileNotFoundError(
            "The shards hold no pictures. Name tar files with JPEG, PNG or WebP."
        )
    return pictures
