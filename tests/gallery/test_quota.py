"""How much may be kept for one person: never exceeded by uploads, not even by many at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains

from accounts.models import User
from colorizer.errors import UploadError
from filestore.services import usage_of
from gallery.models import Album, Photo
from gallery.services import add_photo, delete_photo
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_photo, make_upload, make_user, stored_files

pytestmark = pytest.mark.django_db(transaction=True)

UPLOADS_AT_ONCE = 20


@pytest.fixture
def bytes_of_one(transactional_db: None) -> int:
    """What a photo of the factories needs, with what is shown of it."""
    photo = make_photo()
    used = usage_of(photo.album.owner)
    delete_photo(photo)
    return used


def test_the_last_photo_that_fits_is_taken(bytes_of_one: int, settings: Settings) -> None:
    settings.QUOTA_BYTES = 2 * bytes_of_one
    user = make_user()
    for _ in range(2):
        assert (
            client_of(user).post(address("photo-list"), {"image": make_upload()}).status_code == 201
        )
    refused = client_of(user).post(address("photo-list"), {"image": make_upload()})
    assert_problem(refused, 507, "quota_exceeded")
    assert usage_of(user) == 2 * bytes_of_one
    assert len(stored_files()) == 8


def test_one_byte_less_is_too_little(bytes_of_one: int, settings: Settings) -> None:
    settings.QUOTA_BYTES = bytes_of_one - 1
    with pytest.raises(UploadError, match="no room"):
        make_photo()
    assert not Photo.objects.exists()
    assert stored_files() == []


def test_staff_may_give_somebody_more(bytes_of_one: int, settings: Settings) -> None:
    settings.QUOTA_BYTES = 0
    user = make_user(quota_bytes=bytes_of_one)
    make_photo(make_album(user))
    body = client_of(user).get(address("me")).json()
    assert (body["bytes_used"], body["quota_bytes"]) == (bytes_of_one, bytes_of_one)


def test_a_form_names_the_file_without_room(
    client: Client, bytes_of_one: int, settings: Settings
) -> None:
    settings.QUOTA_BYTES = bytes_of_one
    client.force_login(make_user())
    files = [make_upload(name="first.jpg"), make_upload(name="second.jpg")]
    form = {"variant": "stable", "render_factor": 10, "photos": files}
    page = client.post(reverse("gallery:upload"), form, follow=True)
    assertContains(page, "second.jpg: There is no room for this photo")
    assert Photo.objects.count() == 1


def test_the_home_page_shows_what_is_used(client: Client, settings: Settings) -> None:
    user = make_user(quota_bytes=2**30)
    client.force_login(user)
    assertContains(client.get("/"), "0\xa0bytes of 1.0\xa0GB used")
    settings.QUOTA_BYTES = None
    User.objects.update(quota_bytes=None)
    assertContains(client.get("/"), "0\xa0bytes used")


def test_many_uploads_at_once_stay_within(settings: Settings) -> None:
    one = usage_of(make_photo().album.owner)
    settings.QUOTA_BYTES = 5 * one
    album = make_album(make_user())
    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as threads:
        taken = list(threads.map(_is_taken, [album] * UPLOADS_AT_ONCE))
    assert sum(taken) == 5
    assert usage_of(album.owner) == 5 * one


def _is_taken(album: Album) -> bool:
    try:
        add_photo(album, make_upload())
    except UploadError as error:
        assert error.code == "quota_exceeded"  # noqa: PT017  (a thread has no pytest.raises of its own)
        return False
    finally:
        connections.close_all()
    return True
