"""Picture files for tests, good and bad, made on the spot."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()
GRADIENT = Image.linear_gradient("L")


def encoded(picture: Image.Image, format: str, **options: Any) -> bytes:  # noqa: A002  (Pillow's name)
    content = BytesIO()
    picture.save(content, format, **options)
    return content.getvalue()


def animated(format: str) -> bytes:  # noqa: A002
    first = GRADIENT.resize((32, 32))
    return encoded(first, format, save_all=True, append_images=[ImageOps.flip(first)])


def with_orientation(picture: Image.Image, orientation: int, format: str = "JPEG") -> bytes:  # noqa: A002
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, format, exif=exif)


def without_end(jpeg: bytes) -> bytes:
    """A JPEG that lacks nothing but its last marker."""
    return jpeg.removesuffix(b"\xff\xd9")


@cache
def png_bomb(side: int) -> bytes:
    """A PNG of one bit a pixel, all black: side x side pixels in a few kilobytes."""
    row = b"\0" * (side // 8 + 1)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
