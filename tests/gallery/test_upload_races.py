"""Two requests about one upload at the same time: one of them is late, and nothing is left or made twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from colorizer.models import Colorization
from filestore.models import StoredFile, Upload, UploadPart
from filestore.uploads import UploadChangedError
from gallery import services, uploads
from gallery.models import Album, Photo
from jobs.errors import GoneError
from tests.api import address, client_of
from tests.factories import begin_upload, make_album, make_user, picture_bytes, stored_files
from tests.gallery.test_deletion_races import while_deleting

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = picture_bytes()
TUS = {"Tus-Resumable": "1.0.0"}


def at_once(*functions: Callable[[], Any]) -> list[Any]:
    """What each returns or raises."""
    start = Barrier(len(functions))

    def run(function: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return function()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as threads:
        return list(threads.map(run, functions))


def photos(upload: Upload) -> Any:
    return client_of(upload.owner).post(address("upload-photos", upload))


def test_photos_are_made_once_however_many_ask() -> None:
    upload = begin_upload(make_user(), CONTENT, variant="stable")
    responses = at_once(*[lambda: photos(upload)] * 4)
    assert sorted(response.status_code for response in responses) == [200, 200, 200, 201]
    assert len({response.json()[0]["id"] for response in responses}) == 1
    assert (Photo.objects.count(), Colorization.objects.count(), len(stored_files())) == (1, 1, 4)


def test_a_refusal_is_the_same_for_all_who_ask() -> None:
    upload = begin_upload(make_user(), b"no picture at all")
    responses = at_once(*[lambda: photos(upload)] * 4)
    assert {response.status_code for response in responses} == {415}
    assert stored_files() == []


def test_of_two_parts_at_the_same_byte_one_is_taken() -> None:
    upload = begin_upload(make_user(), bytes(10), 1000)
    parts = [b"a" * 20, b"b" * 30]
    responses = at_once(*[partial(uploads.receive, upload, 10, BytesIO(part)) for part in parts])
    late = [response for response in responses if isinstance(response, UploadChangedError)]
    assert len(late) == 1
    upload.refresh_from_db()
    assert upload.offset in (30, 40)
    assert len(stored_files()) == UploadPart.objects.count() == 2


def test_who_asks_while_it_is_given_up_has_the_photo_or_nothing() -> None:
    kept = 0
    for _ in range(3):
        upload = begin_upload(make_user(), CONTENT)
        given_up, made = at_once(partial(uploads.cancel, upload), partial(photos, upload))
        assert given_up is None
        assert made.status_code in (201, 404)
        kept += 4 if made.status_code == 201 else 0
        assert len(stored_files()) == StoredFile.objects.count() == kept


def album(upload: Upload) -> None:
    services.delete_album(Album.objects.get(pk=upload.metadata["album"]))


def account(upload: Upload) -> None:
    services.delete_person(upload.owner)


def itself(upload: Upload) -> None:
    uploads.cancel(upload)


@pytest.mark.parametrize("delete", [album, account, itself])
def test_photos_of_what_is_being_deleted_are_not_made(delete: Callable[[Upload], None]) -> None:
    own = make_album(make_user())
    upload = begin_upload(own.owner, CONTENT, album=str(own.pk))
    client = _client(upload)
    response = while_deleting(
        lambda: delete(upload), lambda: client.post(address("upload-photos", upload))
    )
    assert response.status_code in (401, 404)
    assert not Photo.objects.exists()
    kept = 1 if delete is album else 0
    assert len(stored_files()) == StoredFile.objects.count() == kept


@pytest.mark.parametrize("delete", [account, itself])
def test_parts_of_what_is_being_deleted_are_not_kept(delete: Callable[[Upload], None]) -> None:
    upload = begin_upload(make_user(), bytes(10), 1000)

    def send() -> Any:
        try:
            return uploads.receive(upload, 10, BytesIO(b"more"))
        except (UploadChangedError, GoneError) as error:
            return error

    assert isinstance(while_deleting(lambda: delete(upload), send), Exception)
    assert stored_files() == []
    assert not Upload.objects.exists()


def test_nobody_begins_while_the_account_is_being_deleted() -> None:
    user = make_user()

    def begin() -> Any:
        try:
            return uploads.start(user, 1000, {})
        except GoneError as error:
            return error

    assert isinstance(while_deleting(lambda: services.delete_person(user), begin), GoneError)
    assert not Upload.objects.exists()


def test_an_account_goes_with_its_uploads() -> None:
    user = make_user()
    begin_upload(user, bytes(10), 1000)
    uploads.add_upload(begin_upload(user, CONTENT))
    services.delete_person(user)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()
    assert stored_files() == []


def _client(upload: Upload) -> Client:
    client = Client()
    client.force_login(upload.owner)
    return client
