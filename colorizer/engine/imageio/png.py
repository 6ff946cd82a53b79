"""PNG files: libvips reads them; what it does not look for among the chunks is found here."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from colorizer.engine.imageio.formats import PictureFormat
from colorizer.engine.imageio.metadata import EXIF_HEADER
from colorizer.engine.imageio.opened import OpenedPicture, load, opened_by_vips
from colorizer.engine.imageio.vips import pyvips

SIGNATURE_BYTES: Final = 8
CHUNK_HEAD: Final = struct.Struct(">I4s")
CHECKSUM_BYTES: Final = 4
MAX_CHUNKS: Final = 100_000


def open_png(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    """EXIF may stand behind the pixels, where libvips does not look for it.

    libvips takes an animated PNG for its first frame; one frame alone is no animation.
    """
    frames, exif = 1, b""
    for kind, start, size in _chunks(file):
        if kind == b"acTL":
            file.seek(start)
            frames = int.from_bytes(file.read(4))
        elif kind == b"eXIf" and not exif:
            file.seek(start)
            exif = file.read(size)
    image = load("pngload_source", file)
    if exif and not image.get_typeof("exif-data"):
        image = image.copy()
        exif = EXIF_HEADER + exif.removeprefix(EXIF_HEADER)
        image.set_type(pyvips.GValue.blob_type, "exif-data", exif)
    return opened_by_vips(image, known, has_several_frames=frames > 1)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and size of the chunks as far as the file goes (PNG, third edition, 5.3)."""
    start = SIGNATURE_BYTES
    for _ in range(MAX_CHUNKS):
        file.seek(start)
        head = file.read(CHUNK_HEAD.size)
        if len(head) < CHUNK_HEAD.size:
            return
        size, kind = CHUNK_HEAD.unpack(head)
        yield kind, start + CHUNK_HEAD.size, size
        start += CHUNK_HEAD.size + size + CHECKSUM_BYTES
