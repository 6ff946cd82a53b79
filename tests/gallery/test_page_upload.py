"""Uploads by the plain form, which needs no scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from colorizer.models import Colorization
from gallery.models import Photo
from tests.colorizer.decoders import busy_decoders
from tests.factories import make_album, make_upload, picture_bytes
from tests.pictures import animated, png_bomb

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'

BAD_FILES = {
    "empty": (b"", "empty"),
    "text": (b"Dear diary", "neither a picture nor a film"),
    "renamed.exe": (b"MZ" + bytes(500), "neither a picture nor a film"),
    "svg": (SVG, "neither a picture nor a film"),
    "truncated": (picture_bytes(400, 300)[:2000], "damaged"),
    "tiny": (picture_bytes(1, 1, "PNG"), "1 x 1"),
    "bomb": (png_bomb(30_000), "megapixels"),
    "animated": (animated("AVIF"), "several frames"),
}


def order(*photos: SimpleUploadedFile, **choices: Any) -> dict[str, Any]:
    return {"photos": photos, "variant": "artistic", "render_factor": 12, **choices}


def test_several_photos_at_once(client: Client, owner: User) -> None:
    album = make_album(owner)
    photos = order(make_upload(name="one.jpg"), make_upload(name="two.jpg"))
    response = client.post(f"{album.get_absolute_url()}upload/", photos, follow=True)
    assertRedirects(response, album.get_absolute_url())
    assertContains(response, "2 photos are being colored.")
    assert album.photos.count() == 2


def test_style_and_detail_are_taken_from_the_form(client: Client, owner: User) -> None:
    client.post("/upload/", order(make_upload()))
    colorization = Colorization.objects.get()
    assert (colorization.variant, colorization.render_factor, colorization.job.state) == (
        "artistic",
        12,
        "queued",
    )


def test_the_first_upload_makes_an_album(client: Client, owner: User) -> None:
    client.post("/upload/", order(make_upload()))
    assert owner.albums.get().title == "My photos"


def test_bad_files_are_named_and_the_good_ones_go_on(client: Client, owner: User) -> None:
    mixed = order(make_upload(b"no picture", "letter.jpg"), make_upload(name="good.jpg"))
    response = client.post("/upload/", mixed, follow=True)
    assertContains(response, "letter.jpg: This is neither a picture nor a film")
    assert [photo.original_name for photo in Photo.objects.all()] == ["good.jpg"]


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(
    client: Client, owner: User, content: bytes, reason: str
) -> None:
    response = client.post("/upload/", order(make_upload(content, "bad.jpg")), follow=True)
    assertContains(response, "bad.jpg")
    assertContains(response, reason)
    assert not Photo.objects.exists()


def test_a_file_over_the_limit_is_refused(client: Client, owner: User, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    response = client.post("/upload/", order(make_upload(name="big.jpg")), follow=True)
    assertContains(response, "big.jpg: ")
    assert not Photo.objects.exists()


def test_the_form_has_a_page_of_its_own(client: Client, owner: User) -> None:
    assertContains(client.get("/upload/"), 'type="file"')


def test_an_album_has_a_form_that_leads_back_to_it(client: Client, owner: User) -> None:
    album = make_album(owner, "Attic")
    response = client.get(f"{album.get_absolute_url()}upload/")
    assertContains(response, f'action="{album.get_absolute_url()}upload/"')
    assertContains(response, f'href="{album.get_absolute_url()}"')


def test_the_dialog_offers_the_own_albums(client: Client, owner: User) -> None:
    make_album(owner, "Attic")
    make_album(title="Of somebody else")
    response = client.get("/upload/choices/")
    assertContains(response, "Attic")
    assertNotContains(response, "Of somebody else")


@pytest.mark.parametrize("is_there", [True, False])
def test_the_dialog_offers_the_usual_album_once(
    client: Client, owner: User, is_there: bool
) -> None:
    if is_there:
        make_album(owner, "My photos")
    assertContains(client.get("/upload/choices/"), ">My photos</option>", count=1)


def test_the_plain_form_names_what_was_not_taken_while_all_were_busy(
    client: Client, owner: User
) -> None:
    names = ["one.jpg", "two.jpg", "three.jpg"]
    with busy_decoders(patience=0.5):
        photos = order(*(make_upload(name=name) for name in names))
        response = client.post("/upload/", photos, follow=True)
    for name in names:
        assertContains(response, f"{name}: Too many photos are being uploaded right now.")


@pytest.mark.parametrize(
    "choices", [{"variant": "sepia"}, {"render_factor": 400}, {"render_factor": "much"}]
)
def test_impossible_choices_store_nothing(
    client: Client, owner: User, choices: dict[str, Any]
) -> None:
    response = client.post("/upload/", order(make_upload(), **choices))
    assertContains(response, "Nothing was uploaded", status_code=400)
    assert not Photo.objects.exists()


def test_no_file_at_all(client: Client, owner: User) -> None:
    assertContains(client.post("/upload/", order()), "Choose at least one photo.", status_code=400)
