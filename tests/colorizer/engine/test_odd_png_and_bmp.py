"""PNG and BMP files of rare makes."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from colorizer.engine.errors import (
    DamagedPictureError,
    SeveralFramesError,
    UnsupportedPixelsError,
)
from tests.colorizer.engine.conftest import Read
from tests.pictures import GRADIENT, animated, encoded

COLOR = Image.merge("RGB", [GRADIENT, GRADIENT.rotate(90), GRADIENT.rotate(180)]).resize((40, 24))
PIXELS = np.asarray(COLOR)
GRAY = GRADIENT.resize((40, 24))
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = 33


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


PNG = encoded(COLOR, "PNG")
TURNED = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
TURNED_XMP = b"XML:com.adobe.xmp\0\0\0\0\0<tiff:Orientation>6</tiff:Orientation>"


def with_chunk(kind: bytes, content: bytes, *, at_the_end: bool = False) -> bytes:
    place = len(PNG) - 12 if at_the_end else HEADER_END
    return PNG[:place] + chunk(kind, content) + PNG[place:]


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_exif_may_stand_behind_the_pixels(read: Read, prefix: bytes, at_the_end: bool) -> None:
    picture = read(with_chunk(b"eXIf", prefix + TURNED, at_the_end=at_the_end))
    assert np.array_equal(picture.pixels, np.rot90(PIXELS, -1))


def test_orientation_in_xmp_counts(read: Read) -> None:
    picture = read(with_chunk(b"iTXt", TURNED_XMP))
    assert np.array_equal(picture.pixels, np.rot90(PIXELS, -1))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"MM\0*\xff\xff\xff\xff"])
def test_exif_that_means_nothing_harms_nothing(read: Read, content: bytes) -> None:
    for at_the_end in (False, True):
        picture = read(with_chunk(b"eXIf", content, at_the_end=at_the_end))
        assert np.array_equal(picture.pixels, PIXELS)


TEXTS = {
    "the name of a chunk": chunk(b"tEXt", b"Comment\0acTL IDAT eXIf"),
    "much compressed": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(9 * 2**20))),
    "much plain": chunk(b"tEXt", b"Comment\0" + b"x" * 3 * 2**20),
    "much international": chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"x" * 3 * 2**20)),
    "a thousand": chunk(b"tEXt", b"Comment\0x") * 1000,
    "that is no text": chunk(b"zTXt", b"Comment\0\0nonsense"),
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS.keys())
def test_texts_are_ignored(read: Read, texts: bytes) -> None:
    assert np.array_equal(read(PNG[:HEADER_END] + texts + PNG[HEADER_END:]).pixels, PIXELS)


def test_an_animation_of_one_frame_is_a_picture(read: Read) -> None:
    one = encoded(COLOR, "PNG", save_all=True, default_image=False)
    control = chunk(b"acTL", struct.pack(">II", 1, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 40, 24, 0, 0, 1, 1, 0, 0))
    animated_one = one[:HEADER_END] + control + frame + one[HEADER_END:]
    assert np.array_equal(read(animated_one).pixels, PIXELS)
    with pytest.raises(SeveralFramesError):
        read(animated("PNG"))


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("is_transparent", [False, True])
def test_gray_of_every_depth_is_read(read: Read, bits: int, is_transparent: bool) -> None:
    """One level of gray may be transparent (tRNS)."""
    levels = (
        np.arange(64).reshape(8, 8) % 2**bits if bits < 16 else np.arange(64).reshape(8, 8) * 999
    )
    wide = levels.astype(">u2").view(np.uint8).reshape(8, 8, 2)
    single = np.unpackbits(wide, axis=-1)[..., 16 - bits :]
    rows = np.packbits(single.reshape(8, -1), axis=-1)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    content = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, bits, 0, 0, 0, 0))
    content += chunk(b"tRNS", struct.pack(">H", int(levels[0, 1]))) if is_transparent else b""
    content += chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    picture = read(content)
    full = np.iinfo(picture.pixels.dtype).max
    assert picture.pixels.shape == (8, 8, 1)
    assert np.array_equal(picture.pixels[..., 0], levels * full // (2**bits - 1))
    assert (picture.alpha is not None) == is_transparent
    if picture.alpha is not None:
        assert np.array_equal(picture.alpha == 0, levels == levels[0, 1])


@pytest.mark.parametrize("colors", [2, 4, 16, 200])
def test_palettes_are_read(read: Read, colors: int) -> None:
    palette = COLOR.quantize(colors)
    expected = np.asarray(palette.convert("RGB"))
    for bits in (8, max(1, (colors - 1).bit_length())):
        content = encoded(palette, "PNG", bits=bits if bits in (1, 2, 4, 8) else 8)
        assert np.array_equal(read(content).pixels, expected)


def test_a_resolution_of_zero_is_unknown(read: Read) -> None:
    assert read(with_chunk(b"pHYs", struct.pack(">IIB", 0, 0, 1))).metadata.dpi is None


# BMP


def bmp(masks: tuple[int, ...], bits: int, header: int = 40, *, is_top_down: bool = False) -> bytes:
    """COLOR in bit fields; the fourth mask is alpha, all of its bits set."""
    pixels = PIXELS if is_top_down else PIXELS[::-1]
    numbers = np.zeros(pixels.shape[:2], np.uint64)
    for channel, mask in zip(np.moveaxis(pixels, -1, 0), masks, strict=False):
        shift = (mask & -mask).bit_length() - 1
        numbers |= np.rint(channel / 255 * (mask >> shift)).astype(np.uint64) << np.uint64(shift)
    numbers |= np.uint64(masks[3] if len(masks) > 3 else 0)
    rows = numbers.astype(f"<u{bits // 8}")
    content = b"".join(row.tobytes().ljust(-(-len(row.tobytes()) // 4) * 4, b"\0") for row in rows)
    kind = 6 if header == 40 and len(masks) > 3 else 3
    head = struct.pack(
        "<LllHHLLllLL", header, 40, -24 if is_top_down else 24, 1, bits, kind, 0, 2835, 2835, 0, 0
    )
    fields = struct.pack(f"<{len(masks)}L", *masks)
    body = head + (fields if header == 40 else fields.ljust(header - 40, b"\0"))
    start = 14 + len(body)
    return b"BM" + struct.pack("<LHHL", start + len(content), 0, 0, start) + body + content


FIELDS = {
    "565": ((0xF800, 0x7E0, 0x1F), 16),
    "555": ((0x7C00, 0x3E0, 0x1F), 16),
    "blue and red in each other's place": ((0x1F, 0x7E0, 0xF800), 16),
    "4444 with alpha": ((0xF00, 0xF0, 0xF, 0xF000), 16),
    "1555 with alpha": ((0x7C00, 0x3E0, 0x1F, 0x8000), 16),
    "8888": ((0xFF0000, 0xFF00, 0xFF), 32),
    "8888 with alpha": ((0xFF0000, 0xFF00, 0xFF, 0xFF000000), 32),
    "8888, red last": ((0xFF, 0xFF00, 0xFF0000), 32),
    "8888, alpha first": ((0xFF00, 0xFF0000, 0xFF000000, 0xFF), 32),
    "ten bits": ((0x3FF00000, 0xFFC00, 0x3FF), 32),
}


@pytest.mark.parametrize("header", [40, 56, 108, 124])
@pytest.mark.parametrize("is_top_down", [False, True])
@pytest.mark.parametrize(("masks", "bits"), FIELDS.values(), ids=FIELDS.keys())
def test_bit_fields_of_every_layout_are_read(
    read: Read, masks: tuple[int, ...], bits: int, header: int, is_top_down: bool
) -> None:
    picture = read(bmp(masks, bits, header, is_top_down=is_top_down))
    coarsest = max(255 // (mask >> ((mask & -mask).bit_length() - 1)) for mask in masks[:3])
    assert np.abs(picture.pixels.astype(int) - PIXELS).max() <= coarsest // 2 + 1
    assert (picture.alpha is not None) == (len(masks) > 3)
    assert picture.alpha is None or picture.alpha.min() == 255
    assert picture.metadata.dpi == pytest.approx((72, 72), abs=0.1)


def test_alpha_of_zeros_is_ignored(read: Read) -> None:
    content = bytearray(bmp((0xFF0000, 0xFF00, 0xFF, 0xFF000000), 32, 124))
    start = struct.unpack_from("<L", content, 10)[0]
    content[start + 3 :: 4] = bytes(len(content[start + 3 :: 4]))
    picture = read(bytes(content))
    assert picture.alpha is None
    assert np.array_equal(picture.pixels, PIXELS)


def run_lengths(pixels: Any) -> bytes:
    """RLE8: each pixel as a run of one, then the end of the line."""
    lines = (b"".join(b"\1" + bytes([value]) for value in row) + b"\0\0" for row in pixels[::-1])
    return b"".join(lines) + b"\0\1"


def test_run_lengths_are_read(read: Read) -> None:
    gray = np.asarray(GRAY)
    content = run_lengths(gray)
    palette = b"".join(bytes([level, level, level, 0]) for level in range(256))
    start = 14 + 40 + len(palette)
    head = struct.pack("<LllHHLLllLL", 40, 40, 24, 1, 8, 1, len(content), 0, 0, 256, 0)
    bmp_file = (
        b"BM" + struct.pack("<LHHL", start + len(content), 0, 0, start) + head + palette + content
    )
    assert np.array_equal(read(bmp_file).pixels[..., 0], gray)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA"])
def test_usual_bmps_are_read(read: Read, mode: str) -> None:
    picture = COLOR.convert(mode)
    expected = np.asarray(picture.convert("RGB"))
    assert np.array_equal(
        np.broadcast_to(read(encoded(picture, "BMP")).pixels, expected.shape), expected
    )


def test_a_jpeg_inside_a_bmp_is_refused_in_plain_words(read: Read) -> None:
    content = bytearray(encoded(COLOR, "BMP"))
    content[30] = 4
    with pytest.raises(UnsupportedPixelsError, match="kind of BMP is not supported"):
        read(bytes(content))


def test_a_bmp_that_is_cut_is_damage(read: Read) -> None:
    whole = bmp((0xF800, 0x7E0, 0x1F), 16)
    for size in (60, len(whole) // 2, len(whole) - 1):
        with pytest.raises(DamagedPictureError):
            read(whole[:size])


def test_bmps_are_what_pillow_takes_them_for() -> None:
    for name in ("565", "555", "8888"):
        with Image.open(BytesIO(bmp(*FIELDS[name]))) as picture:
            assert np.abs(np.asarray(picture).astype(int) - PIXELS).max() <= 8
