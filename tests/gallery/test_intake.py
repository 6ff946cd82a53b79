"""What is taken in, and what is refused for which reason. Refused means: no row, no file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from gallery.errors import UploadError
from gallery.intake import display_name
from PIL import Image
from PIL.ExifTags import Base
from pytest_django import Settings

from gallery import services
from gallery.models import Photo
from tests.factories import make_album, make_upload, picture_bytes
from tests.pictures import GRADIENT, animated, encoded, png_bomb, with_orientation

pytestmark = pytest.mark.django_db

EXECUTABLE = b"MZ\x90\x00" + bytes(2000)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>alert(1)</script></svg>'
TRUNCATED_JPEG = picture_bytes(640, 480)[:4000]
TRUNCATED_PNG = picture_bytes(640, 480, "PNG")[:700]
# The horizontal resolution is marked as text: Pillow trips over it when it turns the picture.
EXIF = Image.Exif()
EXIF.update({Base.Orientation: 6, Base.XResolution: 72.0})
DAMAGED_EXIF = encoded(GRADIENT, "JPEG", exif=EXIF).replace(b"\x01\x1a\0\5", b"\x01\x1a\0\2")

REFUSED = {
    "empty file": (b"", "empty_file", 400),
    "renamed executable": (EXECUTABLE, "unsupported_format", 415),
    "SVG": (SVG, "unsupported_format", 415),
    "text": (b"a photo", "unsupported_format", 415),
    "format that is not taken": (encoded(GRADIENT, "ICO"), "unsupported_format", 415),
    "floating-point pixels": (encoded(GRADIENT.convert("F"), "TIFF"), "unsupported_format", 415),
    "animated GIF": (animated("GIF"), "animated_picture", 400),
    "animated PNG": (animated("PNG"), "animated_picture", 400),
    "animated WebP": (animated("WEBP"), "animated_picture", 400),
    "TIFF of two pages": (animated("TIFF"), "animated_picture", 400),
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
    "damaged metadata": (DAMAGED_EXIF, "damaged_picture", 400),
}


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


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
    with pytest.raises(UploadError, match=r"larger than 2\.0.KB \(4\.9.KB\)") as refusal:
        services.add_photo(make_album(), make_upload(EXECUTABLE + bytes(3000)))
    assert (refusal.value.code, refusal.value.status) == ("file_too_large", 413)


def test_bombs_are_tiny_files_and_the_message_names_the_numbers() -> None:
    bomb = png_bomb(10_000)
    assert len(bomb) < 40_000
    with pytest.raises(UploadError, match=r"10,000 x 10,000 pixels \(100 megapixels\); at most 64"):
        services.add_photo(make_album(), make_upload(bomb))


@pytest.mark.parametrize("format", Photo.Format.values)
def test_every_format_is_taken_by_content_whatever_the_name(format: str) -> None:  # noqa: A002
    content = picture_bytes(format=format)
    photo = services.add_photo(make_album(), make_upload(content, "holiday.exe"))
    assert photo.format == format
    assert photo.original_name == "holiday.exe"
    assert (photo.width, photo.height) == (64, 48)
    assert Path(photo.original.path).suffix[1:] in {
        "jpg",
        "png",
        "webp",
        "tif",
        "bmp",
        "gif",
        "heic",
        "avif",
    }


def test_original_is_kept_byte_for_byte() -> None:
    content = with_orientation(GRADIENT.resize((64, 48)), 6)
    photo = services.add_photo(make_album(), make_upload(content))
    assert photo.original.open("rb").read() == content
    assert photo.sha256 == hashlib.sha256(content).hexdigest()
    assert photo.bytes == len(content)


@pytest.mark.parametrize("format", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF"])
def test_size_is_that_of_the_upright_picture(format: str) -> None:  # noqa: A002
    content = with_orientation(GRADIENT.resize((64, 48)), 6, format)
    photo = services.add_photo(make_album(), make_upload(content))
    assert (photo.width, photo.height) == (48, 64)


def test_jpeg_with_a_second_picture_inside_is_a_jpeg() -> None:
    content = encoded(GRADIENT, "MPO", save_all=True, append_images=[GRADIENT.resize((32, 32))])
    assert services.add_photo(make_album(), make_upload(content)).format == Photo.Format.JPEG


def test_storage_that_fails_leaves_neither_row_nor_file(settings: Settings) -> None:
    thumbnails = Path(settings.MEDIA_ROOT) / "thumbnails"
    thumbnails.parent.mkdir(parents=True)
    thumbnails.write_text("a file where the folder should be")
    with pytest.raises(FileExistsError, match="thumbnails"):
        services.add_photo(make_album(), make_upload())
    assert stored_files() == [thumbnails]
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_database_that_fails_leaves_no_file() -> None:
    album = make_album()
    type(album).objects.filter(pk=album.pk).delete()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        services.add_photo(album, make_upload())
    assert stored_files() == []


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


def test_pillow_knows_the_limit_too() -> None:
    assert settings.MAX_UPLOAD_PIXELS == Image.MAX_IMAGE_PIXELS
