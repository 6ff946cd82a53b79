"""Downloads that tell what is known of the photo, when that is asked for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
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
from tests.film_files import film_bytes

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


@pytest.mark.parametrize("wish", ["yes", "xmp"])
def test_what_is_made_for_the_request_comes_whole(wish: str) -> None:
    photo = described()
    response = client_of(photo.album.owner).get(
        address("photo-original", photo), {"details": wish}, headers={"Range": "bytes=0-7"}
    )
    assert response.status_code == 200
    assert "ETag" not in response
    assert len(content_of(response)) > 8


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


def film_with_details() -> Photo:
    photo = make_photo(content=film_bytes(4), name="Pier.mp4")
    details.edit_photo(photo, {"title": "Pier"})
    # Whoever read it would fail.
    Path(photo.original.name.path).unlink()
    return photo


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_film_is_refused_without_being_read(client: Client, method: str) -> None:
    photo = film_with_details()
    client.force_login(photo.album.owner)
    place = f"{photo.get_absolute_url()}original/"
    response = getattr(client, method)(place, {"details": "yes"})
    assert response.status_code == 400
    problem = client_of(photo.album.owner).get(address("photo-original", photo), {"details": "yes"})
    assert_problem(problem, 400, "parse_error")
    assert problem.json()["detail"] == (
        "Details cannot be written into MP4 files. Ask for details=xmp: they come in a file of their own."
    )


def test_a_file_of_which_nothing_is_known_is_served_as_it_is(client: Client) -> None:
    photo = make_photo(content=film_bytes(4), name="Pier.mp4")
    response = original(client, photo, details="yes")
    assert "ETag" in response
    assert len(content_of(response)) == photo.original.bytes


def test_a_file_of_their_own_has_room_for_all(client: Client) -> None:
    photo = described()
    people = [f"{number:03}{'照' * 97}" for number in range(100)]
    details.edit_photo(photo, {"caption": "照" * 2000}, people=people, tags=people)
    client.force_login(photo.album.owner)
    assertContains(original(client, photo, details="yes"), "too long", status_code=400)
    content = content_of(original(client, photo, details="xmp")).decode()
    assert all(name in content for name in people)


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
