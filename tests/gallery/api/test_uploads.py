"""Files that are sent in parts: the protocol tus 1.0, as any client speaks it."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import suspend
from filestore.models import Upload
from gallery.models import Photo
from tests.api import address, assert_problem, client_of, invalid_fields, token_of
from tests.factories import begin_upload, make_album, make_user, picture_bytes, stored_files

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"
CONTENT = picture_bytes()


def encoded(**texts: str) -> str:
    return ",".join(
        f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in texts.items()
    )


def begin(
    user: User, length: object = len(CONTENT), body: bytes = b"", metadata: str = "", **more: str
) -> Any:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata, **more}
    return client_of(user).post(
        address("upload-list"), data=body or None, content_type=PART, headers=headers
    )


def send(user: User, upload: Upload, offset: object, body: bytes, **more: str) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset), **more}
    return client_of(user).patch(
        address("upload-detail", upload), data=body, content_type=PART, headers=headers
    )


def head(user: User, upload: Upload) -> Any:
    return client_of(user).head(address("upload-detail", upload), headers=TUS)


@pytest.fixture
def user() -> User:
    return make_user()


def test_it_says_what_it_knows(user: User, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES, settings.MAX_FILM_BYTES = 2048, 12345
    response = client_of(user).options(address("upload-list"))
    assert response.status_code == 204
    assert response["Tus-Version"] == response["Tus-Resumable"] == "1.0.0"
    assert response["Tus-Max-Size"] == "12345"
    assert response["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert response["Tus-Extension"].split(",") == [
        "creation",
        "creation-with-upload",
        "termination",
        "expiration",
        "checksum",
    ]


def test_a_file_is_sent_in_parts(user: User) -> None:
    begun = begin(user, metadata=encoded(filename="grandmother.jpg"))
    upload = Upload.objects.get()
    assert begun.status_code == 201
    assert begun["Location"] == address("upload-detail", upload)
    assert (begun["Upload-Offset"], begun["Tus-Resumable"]) == ("0", "1.0.0")
    first = send(user, upload, 0, CONTENT[:100])
    assert (first.status_code, first["Upload-Offset"]) == (204, "100")
    assert first["Upload-Expires"].endswith("GMT")
    rest = send(user, upload, 100, CONTENT[100:])
    assert (rest.status_code, rest["Upload-Offset"]) == (204, str(len(CONTENT)))
    made = client_of(user).post(address("upload-photos", upload))
    assert made.status_code == 201
    [photo] = made.json()
    assert photo["original_name"] == "grandmother.jpg"
    assert photo["sha256"] == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("version", [{}, {"Tus-Resumable": "0.2.2"}])
@pytest.mark.parametrize("method", ["head", "patch", "delete"])
def test_another_version_is_refused(user: User, method: str, version: dict[str, str]) -> None:
    upload = begin_upload(user, CONTENT)
    response = getattr(client_of(user), method)(address("upload-detail", upload), headers=version)
    assert response.status_code == 412
    assert response["Tus-Version"] == "1.0.0"
    if method != "head":
        assert_problem(response, 412, "unsupported_version")


@pytest.mark.parametrize("length", ["", "-1", "1.5", "a", "9" * 19, "\u0663"])
def test_a_length_is_a_number(user: User, length: str) -> None:
    response = begin(user, length.encode().decode("latin-1"))
    assert invalid_fields(response) == {"Upload-Length": "invalid"}


def test_an_empty_file_is_refused(user: User) -> None:
    assert_problem(begin(user, 0), 400, "empty_file")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    user: User, settings: Settings
) -> None:
    settings.MAX_UPLOAD_BYTES = 2000
    assert_problem(begin(user, 2001), 413, "file_too_large")
    assert begin(user, 2000).status_code == 201


@pytest.mark.parametrize(
    "metadata",
    [
        "filename ***",
        "filename \xff",
        "filename /w==",
        "a b c",
        "filename YQ==,,",
        "filename YQ==,filename YQ==",
        "filename YQ",
    ],
    ids=["no-base64", "no-ascii", "no-utf8", "three", "no-name", "twice", "unpadded"],
)
def test_metadata_that_cannot_be_read(user: User, metadata: str) -> None:
    assert invalid_fields(begin(user, metadata=metadata)) == {"Upload-Metadata": "invalid"}
    assert not Upload.objects.exists()


def test_metadata_that_cannot_be_stored(user: User) -> None:
    assert_problem(begin(user, metadata=encoded(filename="a\0b")), 400, "parse_error")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("variant", "sepia"),
        ("render_factor", "7"),
        ("render_factor", "ten"),
        ("render_factor", "35.0"),
        ("sha256", "abc"),
        ("album", "mine"),
    ],
)
def test_metadata_that_makes_no_sense(user: User, name: str, text: str) -> None:
    assert list(invalid_fields(begin(user, metadata=encoded(**{name: text})))) == [name]


def test_an_album_has_to_be_ones_own(user: User) -> None:
    album = make_album(public=True)
    response = begin(user, metadata=encoded(album=str(album.pk)))
    assert_problem(response, 404, "not_found")


def test_what_the_client_says_comes_back(user: User) -> None:
    metadata = encoded(filename="Großmutter.tif", whatever="yes") + ",is_scan"
    begin(user, 1000, metadata=metadata)
    response = head(user, Upload.objects.get())
    assert response["Upload-Metadata"] == metadata
    assert (response["Upload-Length"], response["Upload-Offset"]) == ("1000", "0")
    assert response["Cache-Control"] == "no-store"


def test_it_tells_how_far_it_is(user: User) -> None:
    begin(user, 1000, bytes(10), metadata=encoded(filename="a.jpg", batch="7"))
    upload = Upload.objects.get()
    body = client_of(user).get(address("upload-detail", upload)).json()
    assert body["url"].endswith(address("upload-detail", upload))
    assert body["photos_url"].endswith(address("upload-photos", upload))
    assert (body["id"], body["state"], body["length"], body["offset"]) == (
        str(upload.pk),
        "receiving",
        1000,
        10,
    )
    assert (body["filename"], body["batch"], body["photos"]) == ("a.jpg", "7", [])
    assert (body["error_code"], body["error_text"]) == ("", "")


def test_the_first_part_may_come_at_once(user: User) -> None:
    response = begin(user, body=CONTENT)
    assert response.status_code == 201
    assert response["Upload-Offset"] == str(len(CONTENT))
    assert Upload.objects.get().state == Upload.State.RECEIVED


def test_a_first_part_that_is_refused_leaves_no_upload(user: User) -> None:
    wrong = {"Upload-Checksum": f"sha1 {base64.b64encode(bytes(20)).decode()}"}
    assert_problem(begin(user, body=CONTENT, **wrong), 460, "checksum_mismatch")
    assert_problem(begin(user, 10, CONTENT), 413, "request_too_large")
    assert not Upload.objects.exists()
    assert stored_files() == []


@pytest.mark.parametrize("offset", ["0", "4", "11"])
def test_a_part_at_another_byte_is_refused(user: User, offset: str) -> None:
    upload = begin_upload(user, bytes(10), 100)
    assert_problem(send(user, upload, offset, b"more"), 409, "wrong_offset")
    assert head(user, upload)["Upload-Offset"] == "10"


def test_a_part_without_an_offset_is_refused(user: User) -> None:
    upload = begin_upload(user, bytes(10), 100)
    assert invalid_fields(send(user, upload, "", b"more")) == {"Upload-Offset": "invalid"}


def test_a_part_that_is_longer_than_the_file_is_refused(user: User) -> None:
    upload = begin_upload(user, bytes(10), 12)
    assert_problem(send(user, upload, 10, b"abc"), 413, "request_too_large")
    assert send(user, upload, 10, b"ab").status_code == 204


def test_a_part_of_another_type_is_refused(user: User) -> None:
    upload = begin_upload(user, bytes(10), 100)
    response = client_of(user).patch(
        address("upload-detail", upload), {}, headers={**TUS, "Upload-Offset": "10"}, format="json"
    )
    assert_problem(response, 415, "unsupported_media_type")
    begun = client_of(user).post(address("upload-list"), {}, headers={**TUS, "Upload-Length": "9"})
    assert_problem(begun, 415, "unsupported_media_type")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_that_arrives_damaged_is_sent_again(user: User, algorithm: str) -> None:
    upload = begin_upload(user, bytes(10), 100)
    digest = base64.b64encode(hashlib.new(algorithm, b"more").digest()).decode()
    checksum = {"Upload-Checksum": f"{algorithm} {digest}"}
    assert_problem(send(user, upload, 10, b"MORE", **checksum), 460, "checksum_mismatch")
    assert send(user, upload, 10, b"more", **checksum)["Upload-Offset"] == "14"


@pytest.mark.parametrize("checksum", ["md5 YQ==", "sha1 ***", "sha1", ""])
def test_a_checksum_that_makes_no_sense(user: User, checksum: str) -> None:
    upload = begin_upload(user, bytes(10), 100)
    response = send(user, upload, 10, b"more", **{"Upload-Checksum": checksum})
    assert response.status_code in (400, 460)
    assert head(user, upload)["Upload-Offset"] == "10"


def test_patch_has_another_name(user: User) -> None:
    upload = begin_upload(user, bytes(10), 100)
    headers = {**TUS, "Upload-Offset": "10", "X-HTTP-Method-Override": "PATCH"}
    response = client_of(user).post(
        address("upload-detail", upload), data=b"more", content_type=PART, headers=headers
    )
    assert (response.status_code, response["Upload-Offset"]) == (204, "14")


@pytest.mark.django_db(transaction=True)
def test_giving_up_leaves_nothing(user: User) -> None:
    upload = begin_upload(user, bytes(10), 100)
    gone = client_of(user).delete(address("upload-detail", upload), headers=TUS)
    assert gone.status_code == 204
    assert head(user, upload).status_code == 404
    assert_problem(send(user, upload, 10, b"more"), 404, "not_found")
    assert_problem(client_of(user).post(address("upload-photos", upload)), 404, "not_found")
    assert stored_files() == []


def test_an_expired_one_is_gone(user: User) -> None:
    upload = begin_upload(user, CONTENT)
    Upload.objects.update(expires_at=Now())
    assert head(user, upload).status_code == 404
    assert_problem(client_of(user).post(address("upload-photos", upload)), 404, "not_found")


def test_beginning_counts_and_going_on_does_not(user: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"upload": "1/m/user"}
    assert begin(user).status_code == 201
    upload = Upload.objects.get()
    for start in range(3):
        assert send(user, upload, start, b"a").status_code == 204
    refused = begin(user)
    assert_problem(refused, 429, "throttled")
    assert refused["Retry-After"] == "60"


def test_a_suspended_owner_cannot_go_on(user: User) -> None:
    upload, token = begin_upload(user, bytes(10), 100), token_of(user)
    suspend(user, "Spam", make_user(is_staff=True))
    headers = {**TUS, "Upload-Offset": "10", "X-Session-Token": token}
    response = client_of().patch(
        address("upload-detail", upload), data=b"more", content_type=PART, headers=headers
    )
    assert_problem(response, 401, "authentication_failed")


def test_a_browser_session_needs_a_csrf_token(user: User) -> None:
    upload = begin_upload(user, bytes(10), 100)
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    part: dict[str, Any] = {"data": b"more", "content_type": PART}
    headers = {**TUS, "Upload-Offset": "10"}
    url = address("upload-detail", upload)
    assert_problem(client.patch(url, **part, headers=headers), 403, "permission_denied")
    client.get(reverse("gallery:home"))
    headers["X-CSRFToken"] = client.cookies["csrftoken"].value
    assert client.patch(url, **part, headers=headers).status_code == 204


def test_nothing_becomes_of_a_part_of_a_file(user: User) -> None:
    upload = begin_upload(user, CONTENT[:-1], len(CONTENT))
    response = client_of(user).post(address("upload-photos", upload))
    assert_problem(response, 409, "upload_incomplete")
    assert not Photo.objects.exists()
