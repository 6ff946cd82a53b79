"""GIF (89a), WebP (RFC 9649) and BMP: large canvases of a few bytes, frames without number, runs that lead nowhere."""

from __future__ import annotations

import struct

from tests.hostile import SIDE, NamedFiles, metadata
from tests.pictures import GRADIENT, encoded

SMALL = GRADIENT.resize((64, 48))

# GIF

COLORS_256 = 0xF7
EXTENSION, IMAGE, TRAILER = b"\x21", b"\x2c", b"\x3b"
CLEAR, END = 256, 257


def screen(width: int, height: int, flags: int = COLORS_256) -> bytes:
    table = bytes(range(256)) * 3 if flags & 0x80 else b""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + table


def blocks(data: bytes) -> bytes:
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def gif_frame(left: int, top: int, width: int, height: int, codes: bytes, least: int = 8) -> bytes:
    return IMAGE + struct.pack("<HHHHBB", left, top, width, height, 0, least) + blocks(codes)


def lzw(codes: list[int]) -> bytes:
    """Nine bits each: no more than 250 between two CLEARs."""
    bits = sum(code << (9 * position) for position, code in enumerate(codes))
    return bits.to_bytes((len(codes) * 9 + 7) // 8, "little")


PIXEL = lzw([CLEAR, 7, END])


def _gifs() -> NamedFiles:
    one = gif_frame(0, 0, 1, 1, PIXEL)
    yield "of_4_gigapixels", screen(65535, 65535) + one + TRAILER
    yield "of_62_megapixels_with_one_set", screen(SIDE, SIDE) + one + TRAILER
    yield (
        "of_62_megapixels_without_data",
        screen(SIDE, SIDE) + gif_frame(0, 0, SIDE, SIDE, PIXEL) + TRAILER,
    )
    yield "of_10000_frames", screen(64, 64) + one * 10_000 + TRAILER
    yield "of_2_frames_of_62_megapixels", screen(SIDE, SIDE) + one * 2 + TRAILER
    yield "without_frames", screen(64, 64) + TRAILER
    yield "without_size", screen(0, 0) + one + TRAILER
    yield "of_a_frame_outside", screen(64, 64) + gif_frame(60000, 60000, 64, 64, PIXEL) + TRAILER
    yield (
        "of_a_frame_larger_than_all",
        screen(64, 64) + gif_frame(0, 0, 65535, 65535, PIXEL) + TRAILER,
    )
    yield "of_a_frame_without_size", screen(64, 64) + gif_frame(0, 0, 0, 0, PIXEL) + TRAILER
    clears = lzw([CLEAR] * 8) * 50_000
    yield "of_clears_only", screen(64, 64) + gif_frame(0, 0, 64, 64, clears) + TRAILER
    for least in (0, 1, 12, 255):
        frame = gif_frame(0, 0, 64, 64, bytes(range(256)) * 4, least)
        yield f"of_codes_of_{least}_bits", screen(64, 64) + frame + TRAILER
    yield "of_noise", screen(64, 64) + gif_frame(0, 0, 64, 64, bytes(range(256)) * 20) + TRAILER
    yield "without_colors", screen(64, 64, 0) + one + TRAILER
    comment = EXTENSION + b"\xfe" + blocks(bytes(1_000_000))
    yield "with_a_long_comment", screen(64, 64) + comment + one + TRAILER
    yield (
        "with_100000_extensions",
        screen(64, 64) + (EXTENSION + b"\xfe\0") * 100_000 + one + TRAILER,
    )
    yield "without_end", screen(64, 64) + one
    yield "header_alone", screen(64, 64)


# WebP


def riff(*chunks: bytes, size: int | None = None) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def webp_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def extended(width: int, height: int, flags: int = 0) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def lossless(width: int, height: int, data: bytes | None = None) -> bytes:
    """All pixels alike, which takes no bits at all: five codes of one symbol."""
    head = 0x2F | (width - 1) << 8 | (height - 1) << 22
    codes = sum(0b0001 << (3 + 4 * number) for number in range(5))
    rest = codes.to_bytes(4, "little") if data is None else data
    return webp_chunk(b"VP8L", head.to_bytes(5, "little") + rest + bytes(8))


LOSSY = encoded(SMALL.convert("RGB"), "WEBP")[12:]


def _webps() -> NamedFiles:
    yield "of_268_megapixels", riff(lossless(16384, 16384))
    yield "of_62_megapixels_in_nothing", riff(lossless(SIDE, SIDE))
    yield "of_62_megapixels_of_noise", riff(lossless(SIDE, SIDE, bytes(range(1, 256)) * 40))
    yield "of_a_canvas_larger_than_its_picture", riff(extended(SIDE, SIDE), LOSSY)
    yield "of_a_canvas_of_2_to_the_24", riff(extended(2**24, 2**24), LOSSY)
    frame = webp_chunk(b"ANMF", bytes(6) + b"\x3f\0\0\x2f\0\0" + bytes(4) + LOSSY)
    animation = webp_chunk(b"ANIM", bytes(6))
    yield "of_5000_frames", riff(extended(64, 48, 2), animation, frame * 5000)
    yield "of_an_animation_of_nothing", riff(extended(64, 48, 2), animation)
    yield "of_alpha_without_data", riff(extended(64, 48, 0x10), webp_chunk(b"ALPH", b"\1"), LOSSY)
    bomb = webp_chunk(b"ALPH", b"\1" + bytes(5000))
    yield "of_alpha_of_zeros", riff(extended(64, 48, 0x10), bomb, LOSSY)
    yield "of_size_0", riff(LOSSY, size=0)
    yield "of_size_4_gigabytes", riff(LOSSY, size=2**32 - 2)
    yield "of_a_chunk_beyond", riff(b"VP8 \xff\xff\xff\xff" + LOSSY[8:])
    yield "of_100000_chunks", riff(extended(64, 48), webp_chunk(b"abcd", b"") * 100_000, LOSSY)
    for percent in (20, 60, 95):
        content = riff(LOSSY)
        yield f"cut_at_{percent}_percent", content[: len(content) * percent // 100]
    for name, exif in metadata.exifs():
        yield f"exif_{name}", riff(extended(64, 48, 8), LOSSY, webp_chunk(b"EXIF", exif))
    for name, profile in metadata.profiles():
        yield f"icc_{name}", riff(extended(64, 48, 0x20), webp_chunk(b"ICCP", profile), LOSSY)


# BMP

RAW, RLE8, RLE4, BITFIELDS, AS_JPEG, AS_PNG = 0, 1, 2, 3, 4, 5


def bmp(
    size: tuple[int, int] = (64, 64),
    data: bytes = bytes(64 * 64),
    *,
    bits: int = 8,
    compression: int = RAW,
    colors: int = 256,
    header: int = 40,
) -> bytes:
    table = bytes(4 * min(colors, 256))
    start = 14 + 40 + len(table)
    information = struct.pack(
        "<IiiHHIIiiII", header, *size, 1, bits, compression, 0, 0, 0, colors, 0
    )
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, start) + information + table + data


def _bmps() -> NamedFiles:
    for name, kind, bits in (("rle8", RLE8, 8), ("rle4", RLE4, 4)):
        yield (
            f"of_62_megapixels_of_{name}_without_data",
            bmp((SIDE, SIDE), b"\0\1", bits=bits, compression=kind),
        )
        yield (
            f"of_{name}_moves",
            bmp((SIDE, SIDE), b"\0\2\xff\xff" * 500, bits=bits, compression=kind),
        )
        yield f"of_{name}_runs_of_0", bmp((64, 64), b"\0\0" * 500_000, bits=bits, compression=kind)
        yield (
            f"of_{name}_noise",
            bmp((64, 64), bytes(range(256)) * 100, bits=bits, compression=kind),
        )
        row = b"\xff\0" * (SIDE // 255 + 1) + b"\0\0"
        yield (
            f"of_62_megapixels_of_{name}",
            bmp((SIDE, SIDE), row * SIDE + b"\0\1", bits=bits, compression=kind),
        )
    yield "of_62_megapixels_without_data", bmp((SIDE, SIDE))
    yield "of_4_quintillion_pixels", bmp((2**31 - 1, 2**31 - 1))
    yield "of_the_lowest_height", bmp((64, -(2**31)))
    yield "of_negative_width", bmp((-64, 64))
    yield "without_size", bmp((0, 0))
    for bits in (0, 2, 7, 64, 65535):
        yield f"of_{bits}_bits", bmp(bits=bits)
    yield "of_4_billion_colors", bmp(colors=2**32 - 1)
    yield (
        "of_fields_without_masks",
        bmp(bits=32, compression=BITFIELDS, colors=0, data=bytes(64 * 64 * 4)),
    )
    yield "of_compression_99", bmp(compression=99)
    yield "of_a_jpeg_within", bmp(compression=AS_JPEG, data=encoded(SMALL, "JPEG"))
    yield "of_a_png_within", bmp(compression=AS_PNG, data=encoded(SMALL, "PNG"))
    for header in (0, 12, 2**32 - 1):
        yield f"of_a_header_of_{header}", bmp(header=header)
    yield "header_alone", bmp()[:26]


def files() -> NamedFiles:
    for suffix, makers in (("gif", _gifs), ("webp", _webps), ("bmp", _bmps)):
        for name, content in makers():
            yield f"{name}.{suffix}", content
