"""The room of files that come in parts: reserved from the start, exact to the byte, and given back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import connections
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from colorizer.errors import UploadError
from filestore.models import StoredFile, Upload
from filestore.services import quota_of, usage_of
from filestore.uploads import reserved_for
from gallery import services, uploads
from gallery.models import Album, Photo
from tests.api import address, assert_problem, client_of
from tests.factories import (
    begin_upload,
    make_album,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
    stored_files,
)

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = picture_bytes()
AT_ONCE = 20


@pytest.fixture
def bytes_of_one(transactional_db: None) -> int:
    """What a photo of the factories needs, with what is shown of it."""
    photo = make_photo()
    used = usage_of(photo.album.owner)
    services.delete_photo(photo)
    return used


@pytest.fixture
def user(transactional_db: None) -> User:
    return make_user()


def taken_for(user: User) -> int:
    return usage_of(user) + reserved_for(user)


def test_the_whole_length_is_reserved(user: User, settings: Settings) -> None:
    settings.QUOTA_BYTES = 1000
    begin_upload(user, bytes(10), 600)
    with pytest.raises(UploadError, match="no room"):
        begin_upload(user, bytes(10), 401)
    begin_upload(user, bytes(10), 400)
    assert taken_for(user) == 1000
    me = client_of(user).get(address("me")).json()
    assert (me["bytes_used"], me["bytes_reserved"], me["quota_bytes"]) == (20, 980, 1000)


def test_it_is_refused_in_words(user: User, settings: Settings) -> None:
    settings.QUOTA_BYTES = 1000
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1001"}
    response = client_of(user).post(address("upload-list"), headers=headers)
    assert_problem(response, 507, "quota_exceeded")
    assert not Upload.objects.exists()


def test_other_ways_of_uploading_heed_what_is_reserved(
    user: User, settings: Settings, bytes_of_one: int
) -> None:
    settings.QUOTA_BYTES = bytes_of_one + 100
    begin_upload(user, bytes(1), 101)
    with pytest.raises(UploadError, match="no room"):
        make_photo(make_album(user))
    uploads.cancel(Upload.objects.get())
    begin_upload(user, bytes(1), 100)
    make_photo(make_album(user))
    assert taken_for(user) == settings.QUOTA_BYTES


def test_what_has_come_makes_room_for_what_becomes_of_it(
    user: User, settings: Settings, bytes_of_one: int
) -> None:
    settings.QUOTA_BYTES = bytes_of_one
    uploads.add_upload(begin_upload(user, CONTENT))
    assert taken_for(user) == bytes_of_one


def test_without_room_for_what_is_shown_it_is_given_up(
    user: User, settings: Settings, bytes_of_one: int
) -> None:
    settings.QUOTA_BYTES = bytes_of_one - 1
    upload = begin_upload(user, CONTENT)
    response = client_of(user).post(address("upload-photos", upload))
    assert_problem(response, 507, "quota_exceeded")
    assert taken_for(user) == 0
    assert stored_files() == []
    again = client_of(user).post(address("upload-photos", upload))
    assert_problem(again, 404, "not_found")


def test_what_one_gives_back_is_room_for_the_next(
    user: User, settings: Settings, bytes_of_one: int
) -> None:
    """All of their files fit, and what is shown of them does not."""
    settings.QUOTA_BYTES = 3 * bytes_of_one
    begun = [begin_upload(user, CONTENT) for _ in range(settings.QUOTA_BYTES // len(CONTENT))]
    statuses = [
        client_of(user).post(address("upload-photos", upload)).status_code for upload in begun
    ]
    assert statuses.count(201) == 3
    assert set(statuses) == {201, 507}
    assert taken_for(user) == settings.QUOTA_BYTES


def test_a_refused_file_gives_its_room_back(user: User) -> None:
    upload = begin_upload(user, b"no picture at all")
    with pytest.raises(UploadError):
        uploads.add_upload(upload)
    assert taken_for(user) == 0


def test_what_nobody_goes_on_with_gives_its_room_back(user: User) -> None:
    begin_upload(user, bytes(10), 1000)
    whole = begin_upload(make_user(), CONTENT)
    used = begin_upload(make_user(), CONTENT)
    uploads.add_upload(used)
    young = begin_upload(user, bytes(10), 500)
    Upload.objects.exclude(pk=young.pk).update(expires_at=Now())
    uploads.delete_expired()
    assert list(Upload.objects.all()) == [young]
    assert (taken_for(user), taken_for(whole.owner)) == (500, 0)
    assert Photo.objects.count() == 1
    assert len(stored_files()) == StoredFile.objects.count() == 5


def in_threads(function: object, number: int = AT_ONCE) -> list[bool]:
    def attempt(_: int) -> bool:
        try:
            function()  # type: ignore[operator]
        except UploadError as error:
            assert error.code == "quota_exceeded"  # noqa: PT017  (a thread has no pytest.raises of its own)
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(attempt, range(number)))


def test_many_that_begin_at_once_stay_within(user: User, settings: Settings) -> None:
    settings.QUOTA_BYTES = 7 * 1000 + 999
    taken = in_threads(lambda: uploads.start(user, 1000, {}))
    assert sum(taken) == 7
    assert reserved_for(user) == 7000


def test_many_at_once_in_both_ways_stay_within(
    user: User, settings: Settings, bytes_of_one: int
) -> None:
    """Some come whole, some in parts: what is kept is what fits, to the byte."""
    settings.QUOTA_BYTES = 5 * bytes_of_one + 17
    album = make_album(user)
    number = iter(range(AT_ONCE))

    def upload() -> None:
        if next(number) % 2:
            services.add_photo(album, make_upload(CONTENT))
        else:
            _in_parts(album)

    taken = in_threads(upload)
    assert 0 < sum(taken) <= 5
    assert taken_for(user) == usage_of(user) == sum(taken) * bytes_of_one
    assert Photo.objects.count() == sum(taken)
    assert len(stored_files()) == StoredFile.objects.count() == 4 * sum(taken)


def _in_parts(album: Album) -> None:
    upload = uploads.start(album.owner, len(CONTENT), {"album": str(album.pk)})
    for start in (0, 100, 200):
        stop = start + 100 if start < 200 else len(CONTENT)
        upload = uploads.receive(upload, start, BytesIO(CONTENT[start:stop]))
        assert taken_for(album.owner) <= (quota_of(album.owner) or 0)
    uploads.add_upload(upload)
