"""What becomes of a file that came in parts: its photos, once, or the same refusal each time."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from colorizer.models import Colorization
from filestore.buckets import BucketStorage
from filestore.models import StoredFile, Upload
from gallery import services, uploads
from gallery.models import Album, Photo
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.colorizer.decoders import busy_decoders
from tests.factories import (
    begin_upload,
    make_album,
    make_colorization,
    make_photo,
    make_user,
    picture_bytes,
    stored_files,
)

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = picture_bytes()
SHOWN = {"original", "display", "thumbnail", "small"}


def make(upload: Upload) -> Any:
    return client_of(upload.owner).post(address("upload-photos", upload))


def state(upload: Upload) -> dict[str, Any]:
    body: dict[str, Any] = client_of(upload.owner).get(address("upload-detail", upload)).json()
    return body


@pytest.fixture
def user() -> User:
    return make_user()


def test_asked_again_it_is_the_same_photo(user: User) -> None:
    upload = begin_upload(user, CONTENT, filename="C:\\scans\\a.jpg")
    first, again = make(upload), make(upload)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == state(upload)["photos"]
    photo = Photo.objects.get()
    assert (photo.original_name, photo.album.title) == ("a.jpg", services.DEFAULT_ALBUM_TITLE)
    assert state(upload)["state"] == "used"
    assert set(StoredFile.objects.values_list("purpose", flat=True)) == SHOWN
    assert len(stored_files()) == 4


def test_a_bucket_does_as_well(s3_storage: BucketStorage, user: User) -> None:
    upload = begin_upload(user, CONTENT[:200], len(CONTENT))
    uploads.receive(upload, 200, BytesIO(CONTENT[200:]))
    assert make(Upload.objects.get()).status_code == 201
    names = [name for name, _ in s3_storage.all_files("files")]
    assert sorted(names) == sorted(StoredFile.objects.values_list("name", flat=True))
    assert len(names) == 4


def test_asking_is_limited(user: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "1/m/user"}
    upload = begin_upload(user, CONTENT)
    assert [make(upload).status_code for _ in range(2)] == [201, 429]


@pytest.mark.parametrize("name", ["", ".", "..", "/", "x" * 300 + ".jpg", "a\n.jpg"])
def test_any_name_will_do(user: User, name: str) -> None:
    assert make(begin_upload(user, CONTENT, filename=name)).status_code == 201
    assert 0 < len(Photo.objects.get().original_name) <= 255


def test_it_goes_to_its_album_and_is_colored_as_asked(user: User) -> None:
    album = make_album(user)
    choices: dict[str, Any] = {"album": str(album.pk), "variant": "stable", "render_factor": "12"}
    [photo] = make(begin_upload(user, CONTENT, **choices)).json()
    assert photo["album_url"].endswith(address("album-detail", album))
    [colorization] = photo["colorizations"]
    assert (colorization["state"], colorization["variant"]) == ("queued", "stable")
    assert colorization["render_factor"] == 12


def test_without_a_variant_it_is_not_colored(user: User) -> None:
    assert make(begin_upload(user, CONTENT, render_factor="12")).json()[0]["colorizations"] == []


def test_the_right_checksum_is_right(user: User) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest().upper()
    assert make(begin_upload(user, CONTENT, sha256=digest)).status_code == 201


@pytest.mark.parametrize(
    ("content", "metadata", "status", "code"),
    [
        (b"no picture at all", {}, 415, "unsupported_format"),
        (picture_bytes(8, 8), {}, 400, "too_small"),
        (CONTENT, {"sha256": "0" * 64}, 460, "checksum_mismatch"),
    ],
    ids=["format", "size", "checksum"],
)
def test_a_refusal_is_remembered_and_the_file_is_not(
    user: User, content: bytes, metadata: dict[str, Any], status: int, code: str
) -> None:
    upload = begin_upload(user, content, **metadata)
    first = assert_problem(make(upload), status, code)
    assert stored_files() == []
    assert assert_problem(make(upload), status, code) == first
    body = state(upload)
    assert (body["state"], body["error_code"], body["error_text"]) == (
        "refused",
        code,
        first["detail"],
    )
    assert not StoredFile.objects.exists()


def test_while_all_decoders_are_busy_it_waits(user: User) -> None:
    upload = begin_upload(user, CONTENT)
    with busy_decoders(patience=0.1):
        response = make(upload)
    assert_problem(response, 503, "busy")
    assert response["Retry-After"] == "5"
    assert state(upload)["state"] == "received"
    assert make(upload).status_code == 201


def test_with_too_many_jobs_it_waits(user: User, settings: Settings) -> None:
    make_colorization(make_photo(make_album(user)), Job.State.QUEUED)
    upload = begin_upload(user, CONTENT, variant="stable")
    files = len(stored_files())
    settings.MAX_OPEN_JOBS = 1
    assert_problem(make(upload), 429, "too_many_jobs")
    assert len(stored_files()) == files
    settings.MAX_OPEN_JOBS = 2
    assert make(upload).status_code == 201
    assert Colorization.objects.count() == 2


def test_an_album_that_was_deleted_meanwhile_is_not_found(user: User) -> None:
    album = make_album(user)
    upload = begin_upload(user, CONTENT, album=str(album.pk))
    services.delete_album(album)
    assert_problem(make(upload), 404, "not_found")
    assert state(upload)["state"] == "received"
    assert not Photo.objects.exists()


def test_an_album_may_come_back_from_the_trash(user: User) -> None:
    album = make_album(user)
    upload = begin_upload(user, CONTENT, album=str(album.pk))
    Album.objects.update(trashed_at=Now())
    assert_problem(make(upload), 404, "not_found")
    Album.objects.update(trashed_at=None)
    assert make(upload).status_code == 201


def test_photos_that_were_deleted_are_left_out(user: User) -> None:
    upload = begin_upload(user, CONTENT)
    make(upload)
    services.delete_photo(Photo.objects.get())
    assert make(upload).json() == []
    assert not Photo.objects.exists()


def test_an_upload_that_was_used_goes_without_its_photo(user: User) -> None:
    upload = begin_upload(user, CONTENT)
    make(upload)
    headers = {"Tus-Resumable": "1.0.0"}
    client_of(user).delete(address("upload-detail", upload), headers=headers)
    assert Photo.objects.count() == 1
    assert len(stored_files()) == 4
