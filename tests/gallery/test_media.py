"""Pictures over HTTP: whose they are, what they are served as, and how long a browser may keep them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery import services
from jobs.models import Job
from moderation import services as moderation
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db

LOOK = ["photo-thumbnail", "photo-display", "colorization-preview", "colorization-thumbnail"]
DOWNLOAD = ["photo-original", "colorization-image"]


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def address(name: str, colorization: Colorization) -> str:
    return reverse(
        f"gallery:{name}",
        args=[colorization.source.photo.pk if "photo" in name else colorization.pk],
    )


@pytest.mark.parametrize("name", LOOK + DOWNLOAD)
def test_private_pictures_are_for_owner_and_staff(name: str) -> None:
    colorization = make_colorization()
    people = [colorization.source.photo.album.owner, make_staff(), make_user(), None]
    statuses = [client_of(user).get(address(name, colorization)).status_code for user in people]
    assert statuses == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("name", "status"), [(n, 200) for n in LOOK] + [(n, 404) for n in DOWNLOAD]
)
def test_published_pictures_may_be_looked_at_by_anybody(name: str, status: int) -> None:
    colorization = make_colorization()
    services.publish(colorization.source.photo.album)
    for user in (make_user(), None):
        assert client_of(user).get(address(name, colorization)).status_code == status


@pytest.mark.parametrize("name", LOOK)
def test_permissions_end_with_the_next_request(name: str) -> None:
    colorization, visitor = make_colorization(), Client()
    services.publish(colorization.source.photo.album)
    kept = visitor.get(address(name, colorization))["ETag"]
    moderation.hide(colorization.source.photo, by=make_staff(), reason="Not suitable.")
    again = visitor.get(address(name, colorization), headers={"If-None-Match": kept})
    assert again.status_code == 404


@pytest.mark.parametrize("name", LOOK + DOWNLOAD)
def test_browsers_keep_pictures_but_ask_each_time(name: str) -> None:
    colorization = make_colorization()
    client = client_of(colorization.source.photo.album.owner)
    first = client.get(address(name, colorization))
    assert first["Cache-Control"] == "private, no-cache"
    assert first["X-Content-Type-Options"] == "nosniff"
    again = client.get(address(name, colorization), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize(
    ("format", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("TIFF", "image/tiff"),
        ("BMP", "image/bmp"),
        ("GIF", "image/gif"),
    ],
)
def test_original_is_served_as_what_it_is_not_as_what_it_was_called(
    format: str,  # noqa: A002
    content_type: str,
) -> None:
    content = picture_bytes(format=format)
    photo = make_photo(content=content, name='ev"il.html')
    response = client_of(photo.album.owner).get(reverse("gallery:photo-original", args=[photo.pk]))
    assert response["Content-Type"] == content_type
    suffix = str(photo.original.name).rsplit(".")[-1]
    assert response["Content-Disposition"] == f'attachment; filename="ev-il.{suffix}"'
    assert response.getvalue() == content


def test_download_is_named_after_photo_and_variant() -> None:
    colorization = make_colorization(make_photo(name="Oma 1931.jpeg"), variant="artistic")
    response = client_of(colorization.source.photo.album.owner).get(
        address("colorization-image", colorization)
    )
    assert response["Content-Disposition"] == 'attachment; filename="Oma 1931-artistic.jpg"'


def test_thumbnail_is_small_and_shown_in_the_page() -> None:
    photo = make_photo(content=picture_bytes(1000, 500))
    response = client_of(photo.album.owner).get(reverse("gallery:photo-thumbnail", args=[photo.pk]))
    assert "attachment" not in response.get("Content-Disposition", "")
    assert response["Content-Type"] == "image/webp"
    with Image.open(BytesIO(response.getvalue())) as thumbnail:
        assert thumbnail.size == (720, 360)


@pytest.mark.parametrize("has_small", [True, False])
def test_there_is_a_smaller_thumbnail_for_photos_that_have_one(has_small: bool) -> None:
    photo = make_photo(content=picture_bytes(1000, 500))
    if not has_small:  # as in earlier versions of the site
        photo.original.derivatives.filter(purpose="small").delete()
    thumbnail = reverse("gallery:photo-thumbnail", args=[photo.pk], query={"size": "small"})
    response = client_of(photo.album.owner).get(thumbnail)
    with Image.open(BytesIO(response.getvalue())) as small:
        assert small.size == ((360, 180) if has_small else (720, 360))


def test_an_old_result_without_a_smaller_thumbnail_is_shown() -> None:
    colorization = make_colorization()
    StoredFile.objects.filter(derived_from=colorization.result, purpose="small").delete()
    thumbnail = address("colorization-thumbnail", colorization)
    response = client_of(colorization.job.owner).get(thumbnail, {"size": "small"})
    assert response.status_code == 200


@pytest.mark.parametrize("state", ["queued", "running", "failed", "cancelled"])
def test_there_is_no_picture_of_what_has_not_succeeded(state: str) -> None:
    colorization = make_colorization(state=Job.State(state))
    client = client_of(colorization.source.photo.album.owner)
    for name in ("colorization-preview", "colorization-image"):
        assert client.get(address(name, colorization)).status_code == 404


def test_missing_file_is_not_found() -> None:
    photo = make_photo(make_album(make_user()))
    display = photo.original.derivatives.get(purpose="display").name
    display.storage.delete(str(display))
    response = client_of(photo.album.owner).get(reverse("gallery:photo-display", args=[photo.pk]))
    assert response.status_code == 404


def test_pictures_are_only_read() -> None:
    colorization = make_colorization()
    response = client_of(colorization.source.photo.album.owner).post(
        address("photo-display", colorization)
    )
    assert response.status_code == 405
