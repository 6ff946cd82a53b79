"""Downloads that tell what is known of the photo, when that is asked for."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from colorizer.models import Colorization
from filestore.storages import media_storage
from gallery import details
from gallery.models import Photo
from tests.api import address, assert_problem, client_of
from tests.factories import make_colorization, make_photo, picture_bytes

pytestmark = pytest.mark.django_db
FORMATS = {"JPEG": "jpg", "PNG": "png", "TIFF": "tif", "WebP": "webp"}


def described(content: bytes | None = None, name: str = "Oma 1931.jpg") -> Photo:
    photo = make_photo(content=content, name=name)
    details.edit_photo(photo, {"title": "Grandmother"}, people=["Anna"], tags=["sea"])
    return photo


def original(client: Client, photo: Photo, **query: str) -> Any:
    client.force_login(photo.album.owner)
    return client.get(f"{photo.get_absolute_url()}original/", query)


def content_of(response: Any) -> bytes:
    content: bytes = response.getvalue()
    return content


@pytest.mark.parametrize(("format_name", "suffix"), FORMATS.items())
def test_an_original_takes_them_along(client: Client, format_name: str, suffix: str) -> None:
    before = picture_bytes(format=format_name)
    response = original(client, described(before, f"Oma.{suffix}"), details="yes")
    after = content_of(response)
    assert response["Content-Disposition"] == f'attachment; filename="Grandmother.{suffix}"'
    assert int(response["Content-Length"]) == len(after)
    assert response["Cache-Control"] == "private, no-store"
    assert b"Grandmother" in after
    assert b"Anna" in after
    with Image.open(BytesIO(before)) as one, Image.open(BytesIO(after)) as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))


@pytest.mark.parametrize("query", [{}, {"details": ""}, {"details": "no"}, {"details": "false"}])
def test_unless_asked_for_it_is_the_file_as_it_came(client: Client, query: dict[str, str]) -> None:
    before = picture_bytes()
    response = original(client, described(before), **query)
    assert content_of(response) == before
    assert "ETag" in response


def test_nothing_is_left_behind(client: Client) -> None:
    photo = described()
    content_of(original(client, photo, details="yes"))
    folder = media_storage().temporary_location
    assert [path for path in folder.iterdir() if path.is_dir()] == []


def test_a_result_says_too_that_its_colors_were_made(client: Client) -> None:
    photo = described()
    colorization = make_colorization(photo, variant="artistic")
    client.force_login(photo.album.owner)
    response = client.get(f"/colorizations/{colorization.pk}/image/", {"details": "yes"})
    content = content_of(response)
    assert response["Content-Disposition"] == 'attachment; filename="Grandmother-artistic.jpg"'
    assert b"Grandmother" in content
    assert b"algorithmicallyEnhanced" in content


def test_a_file_of_their_own(client: Client) -> None:
    response = original(client, described(), details="xmp")
    assert response["Content-Disposition"] == 'attachment; filename="Grandmother.xmp"'
    assert response["Content-Type"] == "application/rdf+xml"
    assert b"Grandmother" in content_of(response)


def test_where_a_format_takes_none_the_way_out_is_named(client: Client) -> None:
    photo = described(picture_bytes(format="GIF"), "Oma.gif")
    response = original(client, photo, details="yes")
    assertContains(response, "details=xmp", status_code=400)
    problem = client_of(photo.album.owner).get(
        address("photo-original", photo), {"details": "true"}
    )
    assert_problem(problem, 400, "parse_error")


def test_another_wish_is_refused(client: Client) -> None:
    assertContains(
        original(client, described(), details="maybe"), "yes, no or xmp", status_code=400
    )


def test_the_api_gives_them_too() -> None:
    photo = described()
    client = client_of(photo.album.owner)
    assert b"Anna" in content_of(client.get(address("photo-original", photo), {"details": "true"}))
    colorization: Colorization = make_colorization(photo)
    image = client.get(address("colorization-image", colorization), {"details": "yes"})
    assert b"Anna" in content_of(image)


def test_the_page_offers_it_where_there_is_something_to_tell(client: Client) -> None:
    photo = make_photo()
    make_colorization(photo)
    client.force_login(photo.album.owner)
    assertNotContains(client.get(photo.get_absolute_url()), "?details=")
    details.edit_photo(photo, {"place": "Trieste"})
    page = client.get(photo.get_absolute_url())
    assertContains(page, "image/?details=yes", count=1)
    assertContains(page, "original/?details=yes", count=1)


def test_the_page_offers_a_file_of_their_own_where_the_format_takes_none(client: Client) -> None:
    photo = described(picture_bytes(format="GIF"), "Oma.gif")
    client.force_login(photo.album.owner)
    page = client.get(photo.get_absolute_url())
    assertContains(page, "original/?details=xmp")
    assertNotContains(page, "?details=yes")
