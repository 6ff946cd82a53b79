"""Trying a colorization again, keeping it, rating it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from colorizer.models import Colorization
from gallery import films, queries, services
from gallery.models import Photo
from gallery.trash import restoring
from gallery.trash.contents import Trash
from jobs.models import Job
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_user,
    store_result,
)
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def photo() -> Photo:
    return make_photo(make_album(make_user(), public=True))


@pytest.fixture
def client(photo: Photo) -> APIClient:
    return client_of(photo.album.owner)


def keep(client: APIClient, version: Colorization, is_kept: object = True) -> object:
    opinion = {"is_kept": is_kept}
    return client.patch(address("colorization-detail", version), opinion, format="json")


def kept(photo: Photo) -> list[Colorization]:
    return list(photo.colorizations.filter(is_kept=True))


class TestRetry:
    @pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
    def test_what_has_no_result_is_queued_again(
        self, client: APIClient, photo: Photo, state: State
    ) -> None:
        version = make_colorization(photo, state)
        response = client.post(address("colorization-retry", version))
        assert response.status_code == 202
        assert response["Location"] == absolute("colorization-detail", version)
        assert response.json()["state"] == "queued"
        assert response.json()["jobs_ahead"] == 0
        assert int(response["Retry-After"]) >= 1

    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
    def test_what_is_open_or_done_is_not(
        self, client: APIClient, photo: Photo, state: State
    ) -> None:
        version = make_colorization(photo, state)
        assert_problem(client.post(address("colorization-retry", version)), 409, "not_retryable")

    def test_there_may_be_too_many_open(
        self, client: APIClient, photo: Photo, settings: Settings
    ) -> None:
        version = make_colorization(photo, State.FAILED)
        make_colorization(photo, State.QUEUED)
        settings.MAX_OPEN_JOBS = 1
        response = client.post(address("colorization-retry", version))
        assert_problem(response, 429, "too_many_jobs")
        version.job.refresh_from_db()
        assert version.job.state == State.FAILED


class TestKeep:
    def test_one_version_of_a_photo_is_kept(self, client: APIClient, photo: Photo) -> None:
        first, second = make_colorization(photo), make_colorization(photo, variant="video")
        for version in (first, second):
            assert keep(client, version).json()["is_kept"] is True  # type: ignore[attr-defined]
            assert kept(photo) == [version]
        assert keep(client, second, False).json()["is_kept"] is False  # type: ignore[attr-defined]
        assert kept(photo) == []

    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FAILED, State.CANCELLED])
    def test_what_has_no_result_cannot_be(
        self, client: APIClient, photo: Photo, state: State
    ) -> None:
        version = make_colorization(photo, state)
        assert_problem(keep(client, version), 409, "not_succeeded")

    def test_some_seconds_of_a_film_cannot_be(self) -> None:
        photo = make_photo(content=film_bytes())
        whole = make_colorization(photo, variant="video")
        client = client_of(photo.album.owner)
        keep(client, whole)
        trial = films.try_film(photo, 0.0, 8)[0]
        bring_to(trial.job, State.SUCCEEDED, lambda: store_result(trial))
        assert_problem(keep(client, trial), 400, "not_for_trials")
        assert kept(photo) == [whole]

    def test_it_stands_for_the_photo(self, client: APIClient, photo: Photo) -> None:
        older = make_colorization(photo)
        newer = make_colorization(photo, variant="video")
        (found,) = queries.photos_of_keys([photo.pk], photo.album.owner)
        assert found.shown_version == newer
        keep(client, older)
        (found,) = queries.photos_of_keys([photo.pk], photo.album.owner)
        assert found.shown_version == older
        (album,) = queries.own_albums(photo.album.owner)
        assert album.cover_colorization == older.pk  # type: ignore[attr-defined]
        (album,) = queries.public_albums()
        assert album.cover_colorization == older.pk  # type: ignore[attr-defined]
        body = client.get(address("photo-detail", photo)).json()
        assert [each["id"] for each in body["colorizations"]] == [str(older.pk), str(newer.pk)]

    def test_what_is_being_made_is_shown_nevertheless(
        self, client: APIClient, photo: Photo
    ) -> None:
        keep(client, make_colorization(photo))
        being_made = make_colorization(photo, State.RUNNING)
        (found,) = queries.photos_of_keys([photo.pk], photo.album.owner)
        assert found.shown_version == being_made

    def test_in_the_trash_it_stands_for_nothing(self, client: APIClient, photo: Photo) -> None:
        older, newer = make_colorization(photo), make_colorization(photo, variant="video")
        keep(client, older)
        services.trash_colorization(older)
        (found,) = queries.photos_of_keys([photo.pk], photo.album.owner)
        assert found.shown_version == newer
        keep(client, newer)
        restoring.restore(photo.album.owner, Trash.of(photo.album.owner))
        assert kept(photo) == [newer]

    def test_the_database_knows_one_only(self, photo: Photo) -> None:
        versions = [make_colorization(photo), make_colorization(photo, variant="video")]
        with pytest.raises(IntegrityError), transaction.atomic():
            photo.colorizations.filter(pk__in=[each.pk for each in versions]).update(is_kept=True)


class TestRating:
    def test_it_is_written_and_cleared(self, client: APIClient, photo: Photo) -> None:
        url = address("colorization-detail", make_colorization(photo))
        for rating in (5, 1, None):
            response = client.patch(url, {"rating": rating}, format="json")
            assert response.json()["rating"] == rating
            assert client.get(url).json()["rating"] == rating

    @pytest.mark.parametrize("rating", [0, 6, -1, "good", 2.5, 10**30])
    def test_it_is_one_to_five(self, client: APIClient, photo: Photo, rating: object) -> None:
        url = address("colorization-detail", make_colorization(photo))
        response = client.patch(url, {"rating": rating}, format="json")
        assert list(invalid_fields(response)) == ["rating"]

    def test_nobody_else_sees_it(self, client: APIClient, photo: Photo) -> None:
        version = make_colorization(photo)
        url = address("colorization-detail", version)
        client.patch(url, {"rating": 1, "is_kept": True}, format="json")
        for viewer in (make_user(), make_user(is_staff=True)):
            body = client_of(viewer).get(url).json()
            assert (body["rating"], body["is_kept"]) == (None, True)
        public = client_of().get(address("album-public-photos", photo.album)).content
        assert b"rating" not in public

    def test_other_fields_stay(self, client: APIClient, photo: Photo) -> None:
        version = make_colorization(photo)
        url = address("colorization-detail", version)
        body = client.patch(url, {"variant": "video", "state": "failed"}, format="json").json()
        assert (body["variant"], body["state"]) == ("stable", "succeeded")
