"""What is accepted, and what is refused for which reason. Refused means: no row, no file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import Base
from pytest_django import Settings

from colorizer.engine.color import eight_bit
from colorizer.engine.errors import UnreadablePictureError
from colorizer.engine.imageio.formats import FORMATS, FormatName
from colorizer.engine.imageio.reading import Picture, read_picture
from colorizer.errors import UploadError
from colorizer.uploads import display_name
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.models import Photo
from tests import ROOT
from tests.colorizer.engine.test_imageio import REFUSED as REFUSED_BY_ENGINE
from tests.colorizer.engine.test_imageio import WHOLE, tiff
from tests.colorizer.uploads import PILLOW_NAMES, accepted_size, decoded_upload, refusal_of
from tests.factories import make_album, make_upload, picture_bytes, stored_files
from tests.pictures import GRADIENT, animated, encoded, png_bomb, with_orientation

EXECUTABLE = b"MZ\x90\x00" + bytes(2000)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>alert(1)</script></svg>'
TRUNCATED_JPEG = picture_bytes(640, 480)[:4000]
TRUNCATED_PNG = picture_bytes(640, 480, "PNG")[:700]
INTEGERS = tiff(np.zeros((32, 32), np.uint32))

REFUSED = {
    "empty file": (b"", "empty_file", 400),
    "renamed executable": (EXECUTABLE, "unsupported_format", 415),
    "SVG": (SVG, "unsupported_format", 415),
    "text": (b"a photo", "unsupported_format", 415),
    "format that is not taken": (encoded(GRADIENT, "ICO"), "unsupported_format", 415),
    "floating-point pixels": (encoded(GRADIENT.convert("F"), "TIFF"), "unsupported_format", 415),
    "32-bit pixels": (INTEGERS, "unsupported_format", 415),
    "truncated animated WebP": (animated("WEBP")[:-50], "damaged_picture", 400),
    "animated PNG": (animated("PNG"), "animated_picture", 400),
    "TIFF of two pages": (animated("TIFF"), "several_pages", 400),
    "one pixel": (picture_bytes(1, 1), "too_small", 400),
    "narrow strip": (picture_bytes(200, 15), "too_small", 400),
    "900 megapixels": (png_bomb(30_000), "too_many_pixels", 400),
    "100 megapixels": (png_bomb(10_000), "too_many_pixels", 400),
    "truncated JPEG": (TRUNCATED_JPEG, "damaged_picture", 400),
    "truncated HEIC": (picture_bytes(640, 480, "HEIF")[:-10], "damaged_picture", 400),
    "truncated AVIF": (picture_bytes(640, 480, "AVIF")[:-10], "damaged_picture", 400),
    "animated AVIF": (animated("AVIF"), "animated_picture", 400),
    "truncated PNG": (TRUNCATED_PNG, "damaged_picture", 400),
    "JPEG header alone": (picture_bytes()[:30], "damaged_picture", 400),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "code", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_file_is_refused_and_nothing_is_stored(content: bytes, code: str, status: int) -> None:
    with pytest.raises(UploadError) as refusal:
        services.add_photo(make_album(), make_upload(content))
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert refusal.value.message.endswith(".")
    assert not Photo.objects.exists()
    assert stored_files() == []


def test_file_over_the_limit_is_refused_before_it_is_opened(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 2048
    refusal = refusal_of(make_upload(EXECUTABLE + bytes(3000)))
    assert (refusal.code, refusal.status) == ("file_too_large", 413)
    assert "larger than 2.0\xa0KB (4.9\xa0KB)" in refusal.message


def test_bombs_are_tiny_files_and_the_message_names_the_numbers() -> None:
    bomb = png_bomb(10_000)
    assert len(bomb) < 40_000
    message = refusal_of(make_upload(bomb)).message
    assert "10,000 x 10,000 pixels (100 megapixels); at most 64" in message


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_taken_by_content_whatever_the_name(name: FormatName) -> None:
    content = encoded(GRADIENT.resize((64, 48)), PILLOW_NAMES[name])
    photo = services.add_photo(make_album(), make_upload(content, "holiday.exe"))
    assert photo.format == name
    assert photo.original_name == "holiday.exe"
    assert (photo.width, photo.height) == (64, 48)
    assert Path(str(photo.original.name)).suffix == FORMATS[name].suffix
    assert photo.original.content_type == FORMATS[name].content_type


@pytest.mark.django_db
def test_original_is_kept_byte_for_byte() -> None:
    content = with_orientation(GRADIENT.resize((64, 48)), 6)
    photo = services.add_photo(make_album(), make_upload(content))
    assert filestore.open(photo.original).read() == content
    assert photo.original.sha256 == hashlib.sha256(content).hexdigest()
    assert photo.original.bytes == len(content)


@pytest.mark.parametrize("format", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF"])
def test_size_is_that_of_the_upright_picture(format: str) -> None:  # noqa: A002
    content = with_orientation(GRADIENT.resize((64, 48)), 6, format)
    with decoded_upload(make_upload(content)) as upload:
        assert (upload.width, upload.height) == (48, 64)


def test_damaged_metadata_does_not_keep_a_picture_from_being_read() -> None:
    exif = Image.Exif()
    exif.update({Base.Orientation: 6, Base.XResolution: 72.0})
    # The horizontal resolution is marked as text.
    whole = encoded(GRADIENT.resize((64, 48)), "JPEG", exif=exif)
    damaged = whole.replace(b"\x01\x1a\0\5", b"\x01\x1a\0\2")
    assert damaged != whole
    with decoded_upload(make_upload(damaged)) as upload:
        assert (upload.width, upload.height) == (48, 64)


def test_jpeg_with_a_second_picture_inside_is_a_jpeg() -> None:
    content = encoded(GRADIENT, "MPO", save_all=True, append_images=[GRADIENT.resize((32, 32))])
    with decoded_upload(make_upload(content)) as upload:
        assert upload.format is FORMATS["JPEG"]


@pytest.mark.django_db
def test_storage_that_fails_leaves_neither_row_nor_file(settings: Settings) -> None:
    thumbnails = Path(settings.MEDIA_ROOT) / "files" / "thumbnail"
    thumbnails.parent.mkdir(parents=True)
    thumbnails.write_text("a file where the folder should be")
    with pytest.raises(NotADirectoryError, match="thumbnail"):
        services.add_photo(make_album(), make_upload())
    assert stored_files() == [thumbnails]
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_database_that_fails_leaves_no_file() -> None:
    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "gallery_photo"'):
            raise IntegrityError("no such album")
        return execute(sql, *rest)

    album = make_album()
    with connection.execute_wrapper(fail), pytest.raises(IntegrityError, match="no such album"):
        services.add_photo(album, make_upload())
    assert stored_files() == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Photos\\Grandma 1931.jpg", "Grandma 1931.jpg"),
        ("a\x00b\nc\u202egpj.exe", "abcgpj.exe"),
        ("Großmutter, Köln.jpg", "Großmutter, Köln.jpg"),
        ("\t", "photo"),
        ("x" * 300 + ".jpg", "x" * 251 + ".jpg"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_temporary_files_are_gone_afterwards() -> None:
    with decoded_upload(make_upload()) as upload:
        assert upload.display.read_bytes()[:2] == b"\xff\xd8"
        for webp in (upload.thumbnail, upload.small):
            assert webp.read_bytes()[8:12] == b"WEBP"
    assert stored_files() == []


def test_file_on_disk_is_read_where_it_lies() -> None:
    content = picture_bytes(100, 60)
    with TemporaryUploadedFile("photo.jpg", "image/jpeg", len(content), None) as file:
        file.write(content)
        with decoded_upload(file) as upload:
            assert (upload.width, upload.height) == (100, 60)
            assert len(list(upload.display.parent.iterdir())) == 3


def test_media_folder_may_be_a_relative_path(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.MEDIA_ROOT = Path("media")
    assert accepted_size(make_upload()) == (64, 48)


# What is shown is what the engine reads


def judged_by_both(content: bytes, folder: Path) -> tuple[str, str]:
    """As a picture: what is taken as a film is none."""
    path = folder / "picture"
    path.write_bytes(content)
    try:
        engine = describe(read_picture(path))
    except UnreadablePictureError:
        engine = "refused"
    try:
        with decoded_upload(make_upload(content)) as upload:
            size = "refused" if upload.film else f"{upload.width} x {upload.height}"
            return size, engine
    except UploadError:
        return "refused", engine


def describe(picture: Picture) -> str:
    return f"{picture.pixels.shape[1]} x {picture.pixels.shape[0]}"


def shown(picture: Picture) -> NDArray[np.float64]:
    """The engine's pixels as H x W x 3, on white, 0..255."""
    pixels = eight_bit(picture.pixels).astype(np.float64)
    if picture.alpha is not None:
        cover = eight_bit(picture.alpha)[..., None] / 255
        pixels = pixels * cover + 255 * (1 - cover)
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


SHARED = ROOT.parent / "shared" / "pictures"
ODD = [
    path
    for folder in (ROOT / "tests" / "odd_pictures", SHARED)
    for path in sorted(folder.glob("*"))
    if path.suffix not in (".md", ".tsv")
]
CASES: dict[str, bytes] = {
    **{f"whole {name}": content for name, content in WHOLE.items()},
    **{f"refused by the engine: {name}": case[0] for name, case in REFUSED_BY_ENGINE.items()},
    **{f"{path.parent.name}/{path.name}": path.read_bytes() for path in ODD},
}


@pytest.mark.parametrize("content", CASES.values(), ids=CASES.keys())
def test_upload_and_engine_agree(content: bytes, tmp_path: Path) -> None:
    """Accepted by both, with the same picture, or refused by both."""
    upload, engine = judged_by_both(content, tmp_path)
    assert upload == engine
    if upload != "refused":
        picture = shown(read_picture(tmp_path / "picture"))
        with decoded_upload(make_upload(content)) as decoded:
            before = np.asarray(Image.open(decoded.display).convert("RGB"), np.float64)
        assert before.shape == picture.shape
        assert np.abs((before - picture).mean(axis=2)).mean() < 2
        assert np.abs(before - picture).mean() < 5  # JPEG halves the size of chroma


def test_pictures_of_people_are_tried_too() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/pictures is not here: only the copies of some were tried.")
    assert {path.name for path in ODD} > {"lab8.tif", "rgbi16.tif"}


@given(
    name=st.sampled_from(sorted(WHOLE)),
    position=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_damage_anywhere_is_judged_alike(
    name: str, position: float, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(WHOLE[name])
    content[int(len(content) * position)] = byte
    upload, engine = judged_by_both(bytes(content), tmp_path_factory.getbasetemp())
    width, height = (int(side) for side in engine.split(" x ")) if engine != "refused" else (0, 0)
    is_within_limits = min(width, height) >= 16 and width * height <= 64_000_000
    assert upload == (engine if is_within_limits else "refused")
