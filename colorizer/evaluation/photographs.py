"""The photographs to evaluate on: a tar shard or a folder, in an order that stays the same."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from PIL import Image, ImageOps

from colorizer.engine.errors import DECODER_ERRORS, UnreadablePictureError
from colorizer.shards import PICTURE_SUFFIXES, shard_pictures


@dataclass(frozen=True)
class Photograph:
    """One of a shard (held encoded) or of a folder (still on the disk)."""

    name: str
    encoded: Path | bytes

    def image(self) -> Image.Image:
        """Upright, mode "RGB".

        Raises:
            UnreadablePictureError: damaged or no picture; it is named.
        """
        source = io.BytesIO(self.encoded) if isinstance(self.encoded, bytes) else self.encoded
        try:
            with Image.open(source) as opened:
                return ImageOps.exif_transpose(opened).convert("RGB")
        except (*DECODER_ERRORS, Image.DecompressionBombError) as error:
            raise UnreadablePictureError(
                f"{self.name} cannot be read as a picture: {error}. Replace it or leave it out."
            ) from error


def photographs(data: Path, first: int | None = None) -> list[Photograph]:
    """All pictures of a tar file, in its order, or of a folder and those in it, by name.

    Args:
        first: only so many; None is all.

    Raises:
        FileNotFoundError: there is no such file or folder, or no picture in it.
        ShardError: the tar file is damaged.
    """
    if not data.exists():
        raise FileNotFoundError(f"{data} does not exist. Name a tar shard or a folder of pictures.")
    found = _in_folder(data, first) if data.is_dir() else _in_shard(data, first)
    if not found:
        known = ", ".join(PICTURE_SUFFIXES)
        raise FileNotFoundError(f"{data} holds no pictures. Pictures end in {known}.")
    return found


def _in_shard(shard: Path, first: int | None) -> list[Photograph]:
    members = islice(shard_pictures(shard), first)
    return [Photograph(f"{shard.name}:{name}", encoded) for name, encoded in members]


def _in_folder(folder: Path, first: int | None) -> list[Photograph]:
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()
    )
    return [Photograph(str(path.relative_to(folder)), path) for path in paths[:first]]


def spread(count: int, wanted: int) -> list[int]:
    """At most `wanted` indices below `count`, evenly apart, the first one 0."""
    wanted = min(count, wanted)
    return [index * count // wanted for index in range(wanted)]
