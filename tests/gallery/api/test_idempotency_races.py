"""Several requests with the same Idempotency-Key at the same time: one of them is done."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from gallery import services
from gallery.models import Album, IdempotentRequest, Photo
from tests.api import address, assert_problem, client_of
from tests.factories import make_upload, make_user, stored_files
from tests.gallery.test_deletion_races import while_deleting
from tests.gallery.test_upload_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

KEY = {"Idempotency-Key": "a-key"}


def create_album(user: User) -> Any:
    return client_of(user).post(
        address("album-list"), {"title": "Trip"}, format="json", headers=KEY
    )


def upload(user: User) -> Any:
    return client_of(user).post(address("photo-list"), {"image": make_upload()}, headers=KEY)


def test_one_album_is_made_however_many_ask() -> None:
    user = make_user()
    responses = at_once(*[lambda: create_album(user)] * 6)
    assert {response.status_code for response in responses} <= {201, 409}
    made = {response.json()["id"] for response in responses if response.status_code == 201}
    assert {str(album.pk) for album in Album.objects.all()} == made
    assert len(made) == 1
    assert create_album(user).json()["id"] in made


def test_one_photo_is_made_however_many_send_it() -> None:
    user = make_user()
    responses = at_once(*[lambda: upload(user)] * 4)
    assert {response.status_code for response in responses} <= {201, 409}
    assert Photo.objects.count() == 1
    assert len(stored_files()) == 4


def test_what_was_begun_again_meanwhile_is_not_done_twice() -> None:
    user = make_user()

    def begin_again(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "gallery_album"'):
            IdempotentRequest.objects.all().delete()  # as whoever takes it for abandoned does
        return execute(sql, *args)

    with connection.execute_wrapper(begin_again):
        assert_problem(create_album(user), 409, "idempotency_in_progress")
    assert not Album.objects.exists()


def test_nothing_is_kept_of_who_is_being_deleted() -> None:
    user = make_user()
    client = client_of(user)
    response = while_deleting(
        lambda: services.delete_person(user),
        lambda: client.post(address("album-list"), {"title": "Trip"}, format="json", headers=KEY),
    )
    assert response.status_code in (401, 404)
    assert not IdempotentRequest.objects.exists()
