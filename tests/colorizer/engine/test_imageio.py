"""Reading: any photograph becomes upright sRGB pixels, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from colorizer.engine.color import eight_bit, luma_of, sixteen_bit
from colorizer.engine.errors import UnreadablePictureError
from colorizer.engine.imageio.reading import Picture, read_picture
from tests.pictures import GRADIENT, animated, encoded, png_bomb

GRAY = GRADIENT.resize((60, 40))
COLOR = Image.merge("RGB", [GRAY, GRAY.transpose(Image.Transpose.ROTATE_180), GRAY])
ORIENTATION = 0x0112
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED_IS_BLUE = SRGB.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
MAX_CODEC_ERROR = 8


def heic(picture: Image.Image, **options: Any) -> bytes:
    content = BytesIO()
    pillow_heif.from_pillow(picture).save(content, quality=95, chroma=444, **options)
    return content.getvalue()


def tiff(pixels: NDArray[Any], **options: Any) -> bytes:
    content = BytesIO()
    tifffile.imwrite(content, pixels, **options)
    return content.getvalue()


Read = Callable[[bytes], Picture]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path = tmp_path_factory.mktemp("pictures") / "photograph"

    def read_content(content: bytes) -> Picture:
        path.write_bytes(content)
        return read_picture(path)

    return read_content


def difference(pixels: NDArray[Any], expected: Image.Image) -> int:
    wanted = np.asarray(expected).astype(int).reshape(pixels.shape)
    return int(np.abs(pixels.astype(int) - wanted).max())


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "BMP", "HEIC"])
def test_colors_of_every_format_are_read(read: Read, format: str) -> None:  # noqa: A002
    content = heic(COLOR) if format == "HEIC" else encoded(COLOR, format, quality=98)
    picture = read(content)
    assert picture.pixels.shape == (40, 60, 3)
    assert picture.pixels.flags.c_contiguous
    assert difference(picture.pixels, COLOR) <= MAX_CODEC_ERROR
    assert picture.alpha is None


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "BMP", "HEIC"])
def test_gray_stays_one_channel(read: Read, format: str) -> None:  # noqa: A002
    content = heic(GRAY) if format == "HEIC" else encoded(GRAY, format)
    picture = read(content)
    assert picture.pixels.shape == (40, 60, 1)
    assert difference(picture.pixels, GRAY) <= MAX_CODEC_ERROR


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "CMYK", "YCbCr"])
def test_every_mode_is_read(read: Read, mode: str) -> None:
    picture = read(encoded(COLOR.convert(mode), "TIFF"))
    assert picture.pixels.shape[:2] == (40, 60)
    assert (picture.alpha is None) == (mode not in ("LA", "RGBA"))


def test_ycbcr_is_not_taken_for_rgb(read: Read) -> None:
    orange = Image.new("RGB", (20, 20), (200, 100, 50))
    assert difference(read(encoded(orange.convert("YCbCr"), "TIFF")).pixels, orange) <= 1


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_kept(read: Read, format: str) -> None:  # noqa: A002
    translucent = COLOR.copy()
    translucent.putalpha(GRAY)
    alpha = read(encoded(translucent, format)).alpha
    assert alpha is not None
    assert difference(alpha, GRAY) == 0


WIDE = np.linspace(0, 65535, 60 * 40 * 3).astype(np.uint16).reshape(40, 60, 3)


@pytest.mark.parametrize(
    "options",
    [{}, {"tile": (16, 16)}, {"rowsperstrip": 7}, {"bigtiff": True}, {"byteorder": ">"}],
    ids=str,
)
def test_sixteen_bits_are_exact(read: Read, options: dict[str, Any]) -> None:
    picture = read(tiff(WIDE, photometric="rgb", **options))
    assert picture.pixels.dtype == np.uint16
    assert np.array_equal(picture.pixels, WIDE)


def test_ten_bits_reach_white(read: Read) -> None:
    white = pillow_heif.from_bytes("RGB;16", (16, 16), b"\xff" * 16 * 16 * 6)
    content = BytesIO()
    white.save(content, quality=-1, bit_depth=10)
    assert read(content.getvalue()).pixels.min() == 65535


def test_white_may_be_zero(read: Read) -> None:
    content = tiff(np.zeros((20, 20), np.uint8), photometric="miniswhite")
    assert read(content).pixels.min() == 255


def turned(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture as a camera stores it under an orientation."""
    steps = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}
    for step in steps.get(orientation, []):
        picture = picture.transpose(Image.Transpose(step))
    return picture


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_orientation_is_applied(read: Read, format: str, orientation: int) -> None:  # noqa: A002
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = turned(COLOR, orientation)
    picture = read(encoded(stored, format, exif=exif, quality=98))
    assert picture.pixels.shape == (40, 60, 3)
    assert difference(picture.pixels, COLOR) <= MAX_CODEC_ERROR


@pytest.mark.parametrize("format", ["HEIC", "AVIF"])
def test_orientation_of_the_container_is_applied_once(read: Read, format: str) -> None:  # noqa: A002
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stored, carried = turned(COLOR, 6), exif.tobytes()
    content = heic(stored, exif=carried) if format == "HEIC" else encoded(stored, format, exif=exif)
    assert difference(read(content).pixels, COLOR) <= 2 * MAX_CODEC_ERROR


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIC"])
def test_profiles_are_converted_to_srgb(read: Read, format: str) -> None:  # noqa: A002
    red = Image.new("RGB", (32, 32), (250, 10, 20))
    content = (
        heic(red, icc_profile=RED_IS_BLUE)
        if format == "HEIC"
        else encoded(red, format, icc_profile=RED_IS_BLUE)
    )
    assert read(content).pixels[16, 16].tolist() == pytest.approx([20, 10, 250], abs=3)


def test_a_gray_profile_is_converted(read: Read) -> None:
    profile = gray_profile(gamma=1.0)
    pixels = read(encoded(Image.new("L", (20, 20), 128), "PNG", icc_profile=profile)).pixels
    assert pixels.shape == (20, 20, 1)
    assert int(pixels[0, 0, 0]) == pytest.approx(188, abs=1)  # sRGB's 128 / 255 of full light


def gray_profile(gamma: float) -> bytes:
    """ICC.1:2010: a monochrome display of one exponent."""
    white = b"XYZ " + bytes(4) + b"".join(int(v * 65536).to_bytes(4) for v in (0.9642, 1, 0.8249))
    curve = b"curv" + bytes(4) + (1).to_bytes(4) + int(gamma * 256).to_bytes(2) + bytes(2)
    name = b"desc" + bytes(4) + (5).to_bytes(4) + b"gray\0" + bytes(79)
    tags = {b"desc": name, b"wtpt": white, b"kTRC": curve}
    table, body = len(tags).to_bytes(4), b""
    for tag, content in tags.items():
        start = 132 + 12 * len(tags) + len(body)
        table += tag + start.to_bytes(4) + len(content).to_bytes(4)
        body += content
    head = b"\x02\x10\0\0mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28) + white[8:]
    rest = (b"lcms" + head).ljust(124, b"\0") + table + body
    return (len(rest) + 4).to_bytes(4) + rest


@pytest.mark.parametrize(
    "profile",
    [b"no profile" * 20, SRGB[:200] + bytes(len(SRGB) - 200)],
    ids=["no profile", "half a profile"],  # one has the time at which it was made
)
def test_a_broken_profile_is_ignored(read: Read, profile: bytes) -> None:
    assert difference(read(encoded(COLOR, "PNG", icc_profile=profile)).pixels, COLOR) == 0


def test_resolution_and_metadata_are_found(read: Read) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home"
    metadata = read(encoded(COLOR, "JPEG", exif=exif, dpi=(300, 150), xmp=b"<x/>")).metadata
    assert metadata.dpi == (300, 150)
    assert b"at home" in (metadata.exif or b"")
    assert metadata.xmp == b"<x/>"


REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"Dear Sir", "not a picture"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture"),
    "wrong magic": (b"\x89PMG" + encoded(GRAY, "PNG")[4:], "not a picture"),
    "video": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "not a picture"),
    "floating point": (tiff(np.zeros((20, 20), np.float32)), "16 bit"),
    "32 bit": (tiff(np.zeros((20, 20), np.uint32)), "16 bit"),
    "zip bomb": (png_bomb(30_000), "200 megapixels"),
    "long side": (tiff(np.zeros((1, 100_001), np.uint8)), "100,000 a side"),
    "animated GIF": (animated("GIF"), "several frames"),
    "animated PNG": (animated("PNG"), "several frames"),
    "animated WebP": (animated("WEBP"), "several frames"),
    "animated AVIF": (animated("AVIF"), "several frames"),
    "TIFF of two pages": (animated("TIFF"), "several frames"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_photograph_is_refused(read: Read, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePictureError, match=reason):
        read(content)


def test_a_second_picture_inside_a_jpeg_is_no_frame(read: Read) -> None:
    content = encoded(COLOR, "MPO", save_all=True, append_images=[GRAY])
    assert read(content).pixels.shape == (40, 60, 3)


def test_a_limit_of_pillow_does_not_count(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert read(BMP).pixels.shape == (40, 60, 3)


BMP = encoded(COLOR, "BMP")


def test_a_missing_file_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "missing.jpg")


EXIF = Image.Exif()
EXIF.update({ORIENTATION: 6, 0x010F: "Maker"})
WHOLE = {
    "JPEG": encoded(COLOR, "JPEG", exif=EXIF),
    "PNG": encoded(COLOR, "PNG", exif=EXIF),
    "WebP": encoded(COLOR, "WEBP", exif=EXIF),
    "TIFF": encoded(COLOR, "TIFF", exif=EXIF, compression="tiff_lzw"),
    "AVIF": encoded(COLOR, "AVIF", exif=EXIF),
    "HEIC": heic(COLOR, exif=EXIF.tobytes()),
    "BMP": BMP,
    "GIF": encoded(GRAY, "GIF"),
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE.keys())
def test_a_truncated_file_is_refused_unless_all_pixels_are_there(
    read: Read, content: bytes
) -> None:
    whole = read(content).pixels
    for share in range(40):
        try:
            pixels = read(content[: len(content) * share // 40]).pixels
        except UnreadablePictureError:
            continue
        assert share > 35
        assert np.array_equal(pixels, whole)


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE.keys())
def test_flipped_bytes_are_read_or_refused_and_then_forgotten(read: Read, content: bytes) -> None:
    whole = read(content).pixels
    outcomes = set()
    for position in [*range(8, 160, 2), *range(160, len(content), 1 + len(content) // 60)]:
        broken = bytearray(content)
        broken[position] ^= 0xFF
        try:
            outcomes.add(read(bytes(broken)).pixels.ndim)
        except UnreadablePictureError:
            outcomes.add(0)
        assert np.array_equal(read(content).pixels, whole)
    assert outcomes <= {0, 3}
    assert 0 in outcomes


@given(
    width=st.integers(1, 70),
    height=st.integers(1, 70),
    mode=st.sampled_from(["L", "LA", "RGB", "RGBA"]),
    orientation=st.integers(1, 8),
    format=st.sampled_from(["PNG", "TIFF"]),
)
def test_any_size_mode_and_orientation_is_read(
    read: Read,
    width: int,
    height: int,
    mode: str,
    orientation: int,
    format: str,  # noqa: A002
) -> None:
    upright = COLOR.resize((width, height)).convert(mode)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = read(encoded(turned(upright, orientation), format, exif=exif))
    assert difference(picture.pixels, upright.convert("L" if mode in ("L", "LA") else "RGB")) == 0
    assert (picture.alpha is None) == (mode in ("L", "RGB"))


def test_luma_is_opencvs_to_the_last_bit() -> None:
    green, blue = np.mgrid[0:256, 0:256]
    for red in range(0, 256, 5):
        pixels = np.stack([np.full_like(green, red), green, blue], -1).astype(np.uint8)
        expected = (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14
        assert np.array_equal(luma_of(pixels), expected)


def test_luma_of_sixteen_bits_is_as_exact() -> None:
    pixels = np.random.default_rng(1).integers(0, 65536, (100, 100, 3), dtype=np.uint16)
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    expected = (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14
    assert np.array_equal(luma_of(pixels), expected)


def test_luma_of_gray_is_gray() -> None:
    pixels = np.asarray(GRAY)[..., None]
    assert np.array_equal(luma_of(pixels), np.asarray(GRAY))


def test_depths_convert_to_the_nearest() -> None:
    wide = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.array_equal(eight_bit(wide), np.rint(wide / 257).astype(np.uint8))
    narrow = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(eight_bit(sixteen_bit(narrow)), narrow)


def test_a_message_that_is_no_text_spoils_no_later_picture(read: Read) -> None:
    garbled = WHOLE["AVIF"].replace(b"irot", b"\x96rot")
    assert garbled != WHOLE["AVIF"]
    with pytest.raises(UnreadablePictureError, match="not supported"):
        read(garbled)
    assert difference(read(encoded(COLOR, "PNG", icc_profile=SRGB)).pixels, COLOR) <= 1
