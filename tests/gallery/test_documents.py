"""Files of several pages: each page becomes a photo, all of them or none."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from colorizer import uploads
from colorizer.errors import UploadError
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.models import Album, Photo
from gallery.queries import in_album_order
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.colorizer.engine.test_pdf_pages import AS_JPEG, GRAY, HEIGHT, JPEG, WIDTH
from tests.factories import (
    begin_upload,
    make_album,
    make_upload,
    make_user,
    picture_bytes,
    stored_files,
)
from tests.hostile.pdfs import LOCK
from tests.pdf import Page, page_of, pdf

pytestmark = pytest.mark.django_db(transaction=True)

STYLE = {"variant": "stable", "render_factor": 20}
SCAN = page_of(AS_JPEG, WIDTH, HEIGHT)
BLANK = Page("")
DOCUMENT = pdf(SCAN, page_of(GRAY, WIDTH, HEIGHT), SCAN)


def tiff(*sizes: int) -> bytes:
    pages = [Pillow.linear_gradient("L").resize((side, side)) for side in sizes]
    content = BytesIO()
    pages[0].save(content, "TIFF", save_all=True, append_images=pages[1:])
    return content.getvalue()


@pytest.fixture
def album() -> Album:
    return make_album()


def add(album: Album, content: bytes, name: str = "attic.pdf") -> list[Photo]:
    with services.new_photos(album, make_upload(content, name)) as photos:
        return photos


def refused(album: Album, content: bytes) -> UploadError:
    with pytest.raises(UploadError) as refusal:
        add(album, content)
    assert not Photo.objects.exists()
    assert not StoredFile.objects.exists()
    assert stored_files() == []
    return refusal.value


def test_pages_of_a_pdf_become_photos_in_their_order(album: Album) -> None:
    add(album, DOCUMENT)
    photos = album.photos.order_by("created_at", "pk")
    assert [(photo.original_name, photo.format) for photo in photos] == [
        ("attic, page 1.jpg", "JPEG"),
        ("attic, page 2.png", "PNG"),
        ("attic, page 3.jpg", "JPEG"),
    ]


@pytest.mark.parametrize("order", Album.PhotoOrder.values)
def test_pages_follow_each_other_in_every_order(album: Album, order: str) -> None:
    Album.objects.update(photo_order=order)
    album.refresh_from_db()
    add(album, tiff(*range(20, 30)), "attic.tif")
    shown = in_album_order(album.photos.all(), album, by_section=True)
    assert [photo.width for photo in shown] == [*range(20, 30)]


def test_the_original_of_a_photo_is_its_page(album: Album) -> None:
    photo = add(album, DOCUMENT)[0]
    assert filestore.open(photo.original).read() == JPEG
    assert photo.original.content_type == "image/jpeg"


def test_each_has_its_pictures_and_nothing_else_is_kept(album: Album) -> None:
    add(album, DOCUMENT)
    of_one = StoredFile.objects.filter(derived_from__isnull=False).count() // 3 + 1
    assert StoredFile.objects.count() == len(stored_files()) == 3 * of_one


def test_pages_of_a_tiff_become_photos(album: Album) -> None:
    photos = add(album, tiff(20, 30, 40), "attic.tif")
    assert [(photo.width, photo.format) for photo in photos] == [
        (20, "TIFF"),
        (30, "TIFF"),
        (40, "TIFF"),
    ]
    assert photos[2].original_name == "attic, page 3.tif"


def test_blank_pages_are_left_out(album: Album) -> None:
    photos = add(album, pdf(SCAN, BLANK, SCAN))
    assert [photo.original_name for photo in photos] == ["attic, page 1.jpg", "attic, page 3.jpg"]


def test_long_names_stay_short_enough(album: Album) -> None:
    [photo] = add(album, pdf(SCAN), "x" * 300 + ".pdf")
    assert len(photo.original_name) == uploads.MAX_NAME_LENGTH
    assert photo.original_name.endswith("x, page 1.jpg")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        pytest.param(pdf(SCAN, trailer=LOCK), "locked_document", "password", id="locked"),
        pytest.param(pdf(*[BLANK] * 201), "too_many_pages", "200 pages", id="201 pages"),
        pytest.param(pdf(BLANK, BLANK), "blank_document", "nothing", id="blank"),
        pytest.param(pdf(SCAN)[:200], "damaged_picture", "damaged", id="damaged"),
        pytest.param(tiff(20, 30, 8), "too_small", "Page 3: The picture is 8 x 8", id="small"),
    ],
)
def test_one_page_that_is_refused_refuses_all(
    album: Album, content: bytes, code: str, words: str
) -> None:
    refusal = refused(album, content)
    assert refusal.code == code
    assert words in refusal.message


def test_a_page_of_too_many_pixels_is_named(album: Album, settings: Settings) -> None:
    settings.MAX_UPLOAD_PIXELS = 1000
    refusal = refused(album, tiff(20, 40))
    assert refusal.code == "too_many_pixels"
    assert refusal.message.startswith("Page 2: ")


def test_a_page_of_too_many_bytes_is_named(album: Album, settings: Settings) -> None:
    drawn = pdf(SCAN, Page("0.3 g 0 0 595 842 re f 0 g BT /F 60 Tf 9 99 Td (Lake) Tj ET"))
    settings.MAX_UPLOAD_BYTES = len(drawn)
    refusal = refused(album, drawn)
    assert (refusal.code, refusal.status) == ("file_too_large", 413)
    assert refusal.message.startswith("Page 2: ")


def test_all_pages_together_may_not_be_too_large(
    album: Album, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(uploads, "DOCUMENT_SIZES", 1)
    content = pdf(SCAN, SCAN, SCAN)
    settings.MAX_UPLOAD_BYTES = len(content)
    assert len(content) < 3 * len(JPEG)
    assert refused(album, content).code == "file_too_large"


def test_pages_end_in_time(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "DOCUMENT_SECONDS", -1)
    assert refused(album, DOCUMENT).code == "too_complex"


def test_documents_leave_room_for_other_uploads(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.1)
    with uploads.DOCUMENTS, uploads.DOCUMENTS:
        refusal = refused(album, DOCUMENT)
        add(album, picture_bytes())
    assert (refusal.code, refusal.retry_after) == ("busy", 5)
    assert len(add(album, DOCUMENT)) == 3


def test_the_quota_holds_for_all_pages(album: Album) -> None:
    add(album, pdf(SCAN))
    one = filestore.usage_of(album.owner)
    User.objects.update(quota_bytes=3 * one)
    album.owner.refresh_from_db()
    with pytest.raises(UploadError) as refusal:
        add(album, pdf(SCAN, SCAN, SCAN))
    assert refusal.value.code == "quota_exceeded"
    assert filestore.usage_of(album.owner) == one
    add(album, pdf(SCAN, SCAN))
    assert filestore.usage_of(album.owner) == 3 * one


def test_the_form_takes_documents_and_colors_every_page(client: Client, album: Album) -> None:
    client.force_login(album.owner)
    files = [make_upload(DOCUMENT, "attic.pdf"), make_upload()]
    response = client.post(
        reverse("gallery:album-upload", args=[album.pk]), {**STYLE, "photos": files}
    )
    assertRedirects(response, album.get_absolute_url())
    assert album.photos.count() == Job.objects.open().count() == Colorization.objects.count() == 4


def test_the_form_says_which_page_is_wrong(client: Client, album: Album) -> None:
    client.force_login(album.owner)
    data = {**STYLE, "photos": [make_upload(tiff(20, 8), "attic.tif")]}
    response = client.post(reverse("gallery:album-upload", args=[album.pk]), data, follow=True)
    assertContains(response, "attic.tif: Page 2: The picture is 8 x 8 pixels")


@pytest.mark.parametrize("route", ["photo-list", "colorize"])
def test_the_api_for_one_photo_names_the_other_way(route: str) -> None:
    response = client_of(make_user()).post(address(route), {"image": make_upload(DOCUMENT)})
    assert "3 pages" in assert_problem(response, 400, "several_pages")["detail"]
    assert not Photo.objects.exists()


def test_the_api_for_one_photo_takes_a_document_of_one_page() -> None:
    response = client_of(make_user()).post(address("photo-list"), {"image": make_upload(pdf(SCAN))})
    assert response.status_code == 201
    assert response.json()["format"] == "JPEG"


def make(upload: Any) -> Any:
    return client_of(upload.owner).post(address("upload-photos", upload))


def test_an_upload_in_parts_becomes_all_photos_once() -> None:
    upload = begin_upload(make_user(), DOCUMENT, filename="attic.pdf", variant="stable")
    first, again = make(upload), make(upload)
    assert (first.status_code, again.status_code) == (201, 200)
    names = [photo["original_name"] for photo in first.json()]
    assert names == ["attic, page 1.jpg", "attic, page 2.png", "attic, page 3.jpg"]
    assert [photo["id"] for photo in again.json()] == [photo["id"] for photo in first.json()]
    assert Photo.objects.count() == Colorization.objects.count() == 3


def test_a_document_is_recognized_when_it_comes_again(album: Album) -> None:
    first, second, _third = add(album, DOCUMENT)
    digest = hashlib.sha256(DOCUMENT).hexdigest()
    asked = {"sha256": [digest, second.original.sha256]}
    found = client_of(album.owner).post(address("photo-lookup"), asked, format="json").json()
    assert {photo["sha256"]: photo["web_url"].partition("/photos/")[2] for photo in found} == {
        digest: f"{first.pk}/",
        second.original.sha256: f"{second.pk}/",
    }
    stranger = client_of(make_user()).post(address("photo-lookup"), asked, format="json")
    assert stranger.json() == []
