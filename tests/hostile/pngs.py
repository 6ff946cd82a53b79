"""PNG (ISO/IEC 15948): chunks that inflate without end, or that are not what they say."""

from __future__ import annotations

import struct
import zlib

from tests.hostile import SIDE, NamedFiles, metadata
from tests.pictures import GRADIENT, encoded

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAY, COLOR, PALETTE, COLOR_ALPHA = 0, 2, 3, 6
MEGABYTE = 2**20

WHOLE = encoded(GRADIENT.resize((64, 48)), "PNG")
HEAD, REST = WHOLE[:33], WHOLE[33:]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int, height: int, depth: int = 8, color: int = GRAY, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))


def zeros(count: int) -> bytes:
    """So many, deflated; each megabyte is the same bytes again."""
    whole, rest = divmod(count, MEGABYTE)
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    megabyte = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(bytes(rest)) + packer.flush()
    checksum = count % 65521 << 16 | 1  # Adler-32 of zeros
    return b"\x78\xda" + megabyte * whole + last + checksum.to_bytes(4)


def png(head: bytes, pixels: bytes, before: bytes = b"") -> bytes:
    return SIGNATURE + head + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def files() -> NamedFiles:
    for makers in (_sizes, _chunks, _pixels, _metadata):
        for name, content in makers():
            yield f"{name}.png", content


def _sizes() -> NamedFiles:
    yield "of_900_megapixels", png(header(30_000, 30_000, 1), zeros(3751 * 30_000))
    yield "of_62_megapixels_of_one_bit", png(header(SIDE, SIDE, 1), zeros((SIDE // 8 + 2) * SIDE))
    yield "of_2_to_the_31_pixels_wide", png(header(2**31 - 1, 1), zeros(1000))
    yield "of_2_to_the_32_pixels_wide", png(header(2**32 - 1, 2**32 - 1), zeros(1000))
    yield "without_width", png(header(0, 64), zeros(1000))
    yield "of_62_megapixels_without_data", png(header(SIDE, SIDE), zeros(1000))
    yield (
        "of_62_megapixels_interlaced_without_data",
        png(header(SIDE, SIDE, 16, COLOR_ALPHA, 1), zeros(1000)),
    )
    yield "of_depth_32", png(header(64, 64, 32), zeros(64 * 260))
    yield "of_color_type_7", png(header(64, 64, 8, 7), zeros(64 * 260))
    yield "of_interlace_9", png(header(64, 64, 8, GRAY, 9), zeros(65 * 64))


def _chunks() -> NamedFiles:
    texts = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}
    for kind, start in texts.items():
        bomb = chunk(kind, start + zeros(200 * MEGABYTE))
        yield f"with_200_megabytes_in_{kind.decode()}", HEAD + bomb + REST
    yield "with_100000_texts", HEAD + chunk(b"tEXt", b"a\0b") * 100_000 + REST
    yield "with_100000_unknown_chunks", HEAD + chunk(b"abCd", b"") * 100_000 + REST
    yield (
        "with_100000_pieces_of_data",
        SIGNATURE + header(64, 64) + chunk(b"IDAT", b"") * 100_000 + REST,
    )
    for number in (50, 1000):
        bomb = chunk(b"zTXt", b"a\0\0" + zeros(8 * MEGABYTE))
        yield f"with_{number}_bombs", HEAD + bomb * number + REST
    yield "with_a_chunk_beyond_the_end", HEAD + struct.pack(">I", 2**31 - 1) + b"tEXt" + REST
    yield "with_a_chunk_of_4_gigabytes", HEAD + struct.pack(">I", 2**32 - 1) + b"tEXt" + REST
    yield "with_a_wrong_checksum", WHOLE.replace(b"IEND\xaeB`\x82", b"IEND\0\0\0\0")
    yield "with_2_billion_frames", HEAD + chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)) + REST
    yield "with_a_palette_of_999", HEAD + chunk(b"PLTE", bytes(999)) + REST
    yield "without_palette", png(header(64, 64, 8, PALETTE), zeros(65 * 64))
    yield "with_gamma_0", HEAD + chunk(b"gAMA", bytes(4)) + REST
    yield "with_gamma_of_4_billion", HEAD + chunk(b"gAMA", b"\xff" * 4) + REST
    yield "with_chromaticities_0", HEAD + chunk(b"cHRM", bytes(32)) + REST
    yield "with_resolution_of_4_billion", HEAD + chunk(b"pHYs", b"\xff" * 8 + b"\1") + REST


def _pixels() -> NamedFiles:
    yield "whose_data_go_on", png(header(64, 64), zeros(300 * MEGABYTE))
    yield "whose_data_are_noise", png(header(64, 64), bytes(range(256)) * 20)
    yield "whose_data_end_early", png(header(64, 64), zeros(65 * 10))
    yield "without_data", SIGNATURE + header(64, 64) + chunk(b"IEND", b"")
    rows = (b"\4" + b"\x55" * 64) * 64
    yield "of_paeth", png(header(64, 64), zlib.compress(rows))
    yield "of_filter_9", png(header(64, 64), zlib.compress(b"\x09" + bytes(64)) * 64)
    yield "interlaced_of_20_megapixels", png(header(4500, 4500, 8, GRAY, 1), zeros(4501 * 4600))
    for percent in (10, 50, 90):
        yield f"cut_at_{percent}_percent", WHOLE[: len(WHOLE) * percent // 100]


def _metadata() -> NamedFiles:
    for name, exif in metadata.exifs():
        yield f"exif_{name}", HEAD + chunk(b"eXIf", exif) + REST
    for name, packet in metadata.packets(1_000_000):
        text = b"XML:com.adobe.xmp\0\0\0\0\0" + packet
        yield f"xmp_{name}", HEAD + chunk(b"iTXt", text) + REST
    for name, profile in metadata.profiles():
        yield f"icc_{name}", HEAD + chunk(b"iCCP", b"a\0\0" + zlib.compress(profile)) + REST
