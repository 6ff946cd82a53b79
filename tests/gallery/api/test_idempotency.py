"""A POST that is sent again with its Idempotency-Key is answered as the first time, and done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse
from pytest_django import Settings

from accounts import api_keys
from accounts.models import ApiKey
from colorizer.models import Colorization
from filestore.models import Upload
from gallery import idempotency_keys
from gallery.api import idempotency
from gallery.models import Album, IdempotentRequest, Photo
from gallery.services import trash_album
from jobs.models import Job
from tests.api import address, assert_problem, client_of, invalid_fields, token_of
from tests.factories import make_album, make_colorization, make_photo, make_upload, make_user

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


def key(text: str = "a-key") -> dict[str, str]:
    return {"Idempotency-Key": text}


def create_album(client: Any, title: str = "Trip", headers: dict[str, str] | None = None) -> Any:
    body = {"title": title}
    return client.post(address("album-list"), body, format="json", headers=headers or key())


def assert_replay(again: Any, first: Any) -> None:
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("Location", "Content-Type", "Retry-After", "Upload-Offset"):
        assert again.headers.get(name) == first.headers.get(name)


def test_the_same_again_is_answered_alike_and_done_once() -> None:
    client = client_of(make_user())
    first = create_album(client)
    assert first.status_code == 201
    assert_replay(create_album(client), first)
    assert Album.objects.count() == 1


def test_spaces_and_the_order_of_names_make_no_other_request() -> None:
    client = client_of(make_user())
    bodies = ('{"title": "Trip", "description": "x"}', '{"description":"x","title":"Trip"}')
    first, again = (
        client.post(
            address("album-list"),
            body,
            content_type="application/json; charset=utf-8",
            headers=key(),
        )
        for body in bodies
    )
    assert_replay(again, first)


def test_a_photo_is_uploaded_once() -> None:
    client = client_of(make_user())
    first, again = (
        client.post(address("photo-list"), {"image": make_upload()}, headers=key())
        for _ in range(2)
    )
    assert first.status_code == 201
    assert_replay(again, first)
    assert Photo.objects.count() == 1


def test_another_file_is_another_request() -> None:
    client = client_of(make_user())
    client.post(address("photo-list"), {"image": make_upload()}, headers=key())
    image = make_upload(b"other bytes")
    response = client.post(address("photo-list"), {"image": image}, headers=key())
    assert_problem(response, 422, "idempotency_key_reused")


def test_a_colorization_is_queued_once_and_polled_as_told() -> None:
    client = client_of(make_user())
    body = {"variant": "stable"}
    first, again = (
        client.post(address("colorize"), {"image": make_upload(), **body}, headers=key())
        for _ in range(2)
    )
    assert first.status_code == 202
    assert_replay(again, first)
    assert Colorization.objects.count() == 1


def test_an_upload_in_parts_begins_once() -> None:
    client = client_of(make_user())
    headers = {**TUS, **key(), "Upload-Length": "10"}
    first, again = (
        client.post(address("upload-list"), b"12345", content_type=PART, headers=headers)
        for _ in range(2)
    )
    assert (first.status_code, first["Upload-Offset"]) == (201, "5")
    assert_replay(again, first)
    assert Upload.objects.count() == 1
    other = {**headers, "Upload-Length": "11"}
    response = client.post(address("upload-list"), b"12345", content_type=PART, headers=other)
    assert_problem(response, 422, "idempotency_key_reused")


def test_a_request_without_a_body() -> None:
    colorization = make_colorization(state=Job.State.QUEUED)
    client = client_of(colorization.source.owner)
    first, again = (
        client.post(address("colorization-cancel", colorization), headers=key()) for _ in range(2)
    )
    assert first.status_code == 200
    assert_replay(again, first)


@pytest.mark.parametrize("title", ["Another", "Trip "])
def test_another_request_with_the_key_is_refused(title: str) -> None:
    client = client_of(make_user())
    create_album(client)
    assert_problem(create_album(client, title), 422, "idempotency_key_reused")
    assert Album.objects.count() == 1


def test_another_address_is_another_request() -> None:
    album = make_album()
    client = client_of(album.owner)
    create_album(client)
    response = client.post(
        address("album-sections", album), {"title": "Trip"}, format="json", headers=key()
    )
    assert_problem(response, 422, "idempotency_key_reused")


def test_keys_of_others_are_others() -> None:
    first, other = (create_album(client_of(make_user())) for _ in range(2))
    assert first.status_code == other.status_code == 201
    assert first.json()["id"] != other.json()["id"]


def test_who_may_not_write_hears_nothing_again() -> None:
    user = make_user()
    create_album(client_of(user))
    assert_problem(create_album(client_of()), 401, "not_authenticated")
    reads = api_keys.create(user, "Script", ApiKey.Scope.READ, None)[1]
    response = create_album(client_of(), headers={**key(), "Authorization": f"Bearer {reads}"})
    assert_problem(response, 403, "insufficient_scope")


def test_the_key_belongs_to_the_account_not_to_the_session() -> None:
    user = make_user()
    first = create_album(client_of(user))
    headers = {**key(), "X-Session-Token": token_of(user)}
    assert_replay(create_album(client_of(), headers=headers), first)


def test_while_the_first_is_being_worked_on_the_second_waits() -> None:
    client = client_of(make_user())
    create_album(client)
    IdempotentRequest.objects.update(status=None)
    response = create_album(client)
    assert_problem(response, 409, "idempotency_in_progress")
    assert response["Retry-After"] == "1"


def test_what_a_killed_process_left_is_free_after_some_minutes() -> None:
    client = client_of(make_user())
    create_album(client)
    earlier = F("created_at") - idempotency.ABANDONED_AFTER
    IdempotentRequest.objects.update(status=None, created_at=earlier)
    assert create_album(client).status_code == 201
    assert Album.objects.count() == 2


def test_the_late_end_of_a_request_that_was_given_up_changes_nothing() -> None:
    client = client_of(make_user())
    create_album(client)
    given_up = IdempotentRequest.objects.get()
    IdempotentRequest.objects.update(
        status=None, created_at=F("created_at") - idempotency.ABANDONED_AFTER
    )
    create_album(client)
    idempotency.release(given_up)
    assert IdempotentRequest.objects.get().status == 201


def test_a_refused_request_may_be_sent_again() -> None:
    client = client_of(make_user())
    assert invalid_fields(create_album(client, "x" * 121)) == {"title": "max_length"}
    assert create_album(client).status_code == 201


def test_a_request_that_came_too_often_may_be_sent_again(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"album": "1/h/user"}
    client = client_of(make_user())
    create_album(client, headers=key("first"))
    assert_problem(create_album(client), 429, "throttled")
    assert not IdempotentRequest.objects.filter(key="a-key").exists()


def test_a_crash_frees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(make_user())
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("gallery.services.create_album", None)
        assert create_album(client).status_code == 500
    assert create_album(client).status_code == 201


@pytest.mark.parametrize("text", ["", " ", "a b", "k" * 256, "käse", "a\tb", "\x7f"])
def test_what_is_no_key(text: str) -> None:
    response = create_album(client_of(make_user()), headers=key(text))
    assert invalid_fields(response) == {"Idempotency-Key": "invalid"}
    assert not Album.objects.exists()


def test_a_key_means_nothing_where_nothing_is_made() -> None:
    album = make_album()
    client = client_of(album.owner)
    url = address("album-detail", album)
    for title in ("One", "Two"):
        response = client.patch(url, {"title": title}, format="json", headers=key())
        assert response.json()["title"] == title
    assert client.get(url, headers=key()).status_code == 200


def test_parts_of_an_upload_have_no_key() -> None:
    client = client_of(make_user())
    client.post(address("upload-list"), headers={**TUS, "Upload-Length": "10"})
    url = address("upload-detail", Upload.objects.get())
    for offset in ("0", "5"):
        headers = {**TUS, **key(), "Upload-Offset": offset, "X-HTTP-Method-Override": "PATCH"}
        response = client.post(url, b"12345", content_type=PART, headers=headers)
        assert response.status_code == 204


def test_an_answer_is_kept_for_a_day() -> None:
    client = client_of(make_user())
    create_album(client)
    idempotency_keys.delete_old()
    IdempotentRequest.objects.update(
        created_at=F("created_at") - idempotency_keys.KEPT_FOR - timedelta(seconds=1)
    )
    assert "Idempotency-Replayed" not in create_album(client)
    IdempotentRequest.objects.update(
        created_at=F("created_at") - idempotency_keys.KEPT_FOR - timedelta(seconds=1)
    )
    idempotency_keys.delete_old()
    assert not IdempotentRequest.objects.exists()


def test_the_answer_is_the_one_of_then_whatever_came_since() -> None:
    client = client_of(make_user())
    first = create_album(client)
    trash_album(Album.objects.get())
    assert_replay(create_album(client), first)


def test_reports_take_keys_too() -> None:
    colorization = make_colorization(make_photo(make_album(public=True)))
    client = client_of(make_user())
    url = reverse("api:colorization-reports", args=[colorization.pk])
    first, again = (
        client.post(url, {"reason": "privacy"}, format="json", headers=key()) for _ in range(2)
    )
    assert first.status_code == 201
    assert_replay(again, first)
