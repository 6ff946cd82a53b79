"""TIFF files of rare makes: which picture of a file counts, its metadata, and what is not read."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.errors import (
    DamagedPictureError,
    SeveralFramesError,
    UnreadablePictureError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.tiff_directory import Tag
from tests.colorizer.engine.conftest import Read
from tests.colorizer.engine.test_odd_tiff import GRAY, RGB, gray_tags, packed, tiff
from tests.pictures import encoded
from tests.tiff import LONG, tiff_of

PREVIEW = GRAY[::5, ::5].copy()

# Which picture of a file


def several(*pages: tuple[NDArray[Any], int]) -> bytes:
    content = BytesIO()
    with tifffile.TiffWriter(content) as file:
        for pixels, kind in pages:
            file.write(pixels, subfiletype=kind, photometric="minisblack")
    return content.getvalue()


def below(main: NDArray[Any], kind: int, *inner: tuple[NDArray[Any], int]) -> bytes:
    content = BytesIO()
    with tifffile.TiffWriter(content) as file:
        file.write(main, subfiletype=kind, subifds=len(inner), photometric="minisblack")
        for pixels, inner_kind in inner:
            file.write(pixels, subfiletype=inner_kind, photometric="minisblack")
    return content.getvalue()


ONE_PICTURE = {
    "preview behind": several((GRAY, 0), (PREVIEW, 1)),
    "preview before": several((PREVIEW, 1), (GRAY, 0)),
    "pyramid": several((GRAY, 0), (GRAY[::2, ::2].copy(), 1), (PREVIEW, 1)),
    "pyramid below": below(GRAY, 0, (GRAY[::2, ::2].copy(), 1), (PREVIEW, 1)),
    "picture below its preview": below(PREVIEW, 1, (GRAY, 0)),
    "one page": several((GRAY, 2)),
    "nothing but a reduced one": several((GRAY, 1)),
    "next directory outside": tiff_of(gray_tags(), [GRAY.tobytes()], next_directory=10**6),
    "next directory is the first": tiff_of(
        gray_tags(), [GRAY.tobytes()], next_directory=8 + GRAY.size
    ),
}


@pytest.mark.parametrize("content", ONE_PICTURE.values(), ids=ONE_PICTURE.keys())
def test_reduced_images_are_no_pages(read: Read, content: bytes) -> None:
    assert np.array_equal(read(content).pixels, GRAY[..., None])


def test_two_pictures_are_refused(read: Read) -> None:
    with pytest.raises(SeveralFramesError):
        read(several((GRAY, 2), (GRAY, 2)))


# Metadata


@pytest.mark.parametrize("value", [0, 9, 255, 65535])
def test_an_orientation_that_there_is_not_is_none(read: Read, value: int) -> None:
    picture = read(tiff_of(gray_tags(ORIENTATION=value), [GRAY.tobytes()]))
    assert np.array_equal(picture.pixels, GRAY[..., None])


def test_an_orientation_may_be_written_as_a_long_number(read: Read) -> None:
    content = tiff_of(gray_tags(ORIENTATION=6), [GRAY.tobytes()], forms={Tag.ORIENTATION: LONG})
    assert np.array_equal(read(content).pixels[..., 0], np.rot90(GRAY, -1))


def test_an_orientation_in_xmp_counts_where_the_tag_is_absent(read: Read) -> None:
    xmp = b"<tiff:Orientation>6</tiff:Orientation>"
    turned = tiff_of(gray_tags(XMP=xmp), [GRAY.tobytes()])
    assert np.array_equal(read(turned).pixels[..., 0], np.rot90(GRAY, -1))
    upright = tiff_of(gray_tags(XMP=xmp, ORIENTATION=1), [GRAY.tobytes()])
    assert np.array_equal(read(upright).pixels[..., 0], GRAY)


@pytest.mark.parametrize("value", [(0, 1), (0, 0), (1, 0)])
def test_a_resolution_that_there_is_not_is_unknown(read: Read, value: tuple[int, int]) -> None:
    tags = gray_tags(X_RESOLUTION=[value], Y_RESOLUTION=[value], RESOLUTION_UNIT=2)
    assert read(tiff_of(tags, [GRAY.tobytes()])).metadata.dpi is None


def test_a_resolution_is_carried(read: Read) -> None:
    tags = gray_tags(X_RESOLUTION=[(300, 1)], Y_RESOLUTION=[(600, 1)], RESOLUTION_UNIT=2)
    dpi = read(tiff_of(tags, [GRAY.tobytes()])).metadata.dpi
    assert dpi == pytest.approx((300, 600))


@pytest.mark.parametrize("tag", [Tag.XMP, Tag.IPTC, Tag.PHOTOSHOP, Tag.ICC_PROFILE])
def test_metadata_that_mean_nothing_harm_nothing(read: Read, tag: Tag) -> None:
    tags = {**gray_tags(), tag: b"\xff\0nonsense" * 9}
    assert np.array_equal(read(tiff_of(tags, [GRAY.tobytes()])).pixels, GRAY[..., None])


# What is not read


def jpeg_of(picture: NDArray[Any]) -> bytes:
    return encoded(Image.fromarray(picture), "JPEG", quality=95)


def old_jpeg(**others: Any) -> bytes:
    """A TIFF of compression 6, with a whole JPEG in its one strip or tile."""
    tags = gray_tags(COMPRESSION=6, OLD_JPEG_START=8, **others)
    return tiff_of(tags, [jpeg_of(GRAY)])


def test_an_old_jpeg_that_is_the_whole_picture_is_read(read: Read) -> None:
    assert np.abs(read(old_jpeg()).pixels.astype(int)[..., 0] - GRAY).mean() < 2
    assert read(old_jpeg(ORIENTATION=6)).pixels.shape == (70, 50, 1)


UNSUPPORTED = {
    "old JPEG in tiles": (old_jpeg(TILE_WIDTH=16, TILE_HEIGHT=16, WIDTH=64), "old kind of JPEG"),
    "old JPEG without a place": (
        tiff_of(gray_tags(COMPRESSION=6), [jpeg_of(GRAY)]),
        "old kind of JPEG",
    ),
    "ZSTD": (tiff_of(gray_tags(COMPRESSION=50000), [b"?"]), "compressed with ZSTD"),
    "LZMA": (tiff_of(gray_tags(COMPRESSION=34925), [b"?"]), "compressed with LZMA"),
    "JPEG 2000": (tiff_of(gray_tags(COMPRESSION=34712), [b"?"]), "compressed with JPEG 2000"),
    "unheard-of compression": (tiff_of(gray_tags(COMPRESSION=4711), [b"?"]), "method 4711"),
    "floats": (tiff(GRAY.astype(np.float32)), "Floating-point"),
    "half floats": (tiff(GRAY.astype(np.float16)), "Floating-point"),
    "32 bit": (tiff(GRAY.astype(np.uint32)), "16 bit"),
    "signed": (tiff(GRAY.astype(np.int8), photometric="minisblack"), "with a sign"),
    "signed 16 bit": (tiff(GRAY.astype(np.int16), photometric="minisblack"), "with a sign"),
    "camera raw": (tiff(GRAY, photometric="cfa"), "camera's raw file"),
    "channels of different depths": (
        tiff_of(gray_tags(BITS=[5, 6, 5], SAMPLES=3, PHOTOMETRIC=2), [bytes(7000)]),
        "different depths",
    ),
    "inks": (
        tiff_of(gray_tags(PHOTOMETRIC=5, SAMPLES=4, BITS=[8] * 4, INK_SET=2), [bytes(14000)]),
        "another kind",
    ),
    "LogLuv": (tiff_of(gray_tags(PHOTOMETRIC=32845, COMPRESSION=34676), [b"?"]), "LogLuv"),
    "packed with differences": (
        tiff_of(gray_tags(BITS=12, PREDICTOR=2, COMPRESSION=8), [b"?"]),
        "rare way",
    ),
}


@pytest.mark.parametrize(("content", "words"), UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_what_is_not_read_is_refused_in_plain_words(read: Read, content: bytes, words: str) -> None:
    with pytest.raises(UnsupportedPixelsError, match=words) as refusal:
        read(content)
    assert "Save" in str(refusal.value) or "save" in str(refusal.value)


BROKEN = {
    "no directory": b"II*\0\xff\xff\xff\0",
    "no width": tiff_of({Tag.HEIGHT: 5, Tag.BITS: 8}, [b"12345"]),
    "strips outside": tiff_of(gray_tags(STRIP_OFFSETS=10**6, STRIP_BYTES=3500), []),
    "half a strip": tiff_of(gray_tags(BITS=12, STRIP_ROWS=1), packed(GRAY, 12)[:20]),
    "tiles without a width": tiff_of(gray_tags(TILE_WIDTH=0, TILE_HEIGHT=16, BITS=12), [b"1"]),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_damage(read: Read, content: bytes) -> None:
    with pytest.raises(DamagedPictureError):
        read(content)


@pytest.mark.parametrize("name", ["gray12", "planar", "lab"])
def test_flipped_bytes_of_rare_kinds_are_read_or_refused(read: Read, name: str) -> None:
    kinds = {
        "gray12": tiff_of(gray_tags(BITS=12, STRIP_ROWS=1), packed(GRAY, 12)),
        "planar": tiff(np.moveaxis(RGB, -1, 0), photometric="rgb", planarconfig="separate"),
        "lab": tiff(RGB, photometric="cielab"),
    }
    content = kinds[name]
    table = [*range(8), *range(len(content) - 300, len(content), 3)]
    for position in table:
        broken = bytearray(content)
        broken[position] ^= 0xFF
        try:
            assert read(bytes(broken)).pixels.size > 0
        except UnreadablePictureError:
            continue
