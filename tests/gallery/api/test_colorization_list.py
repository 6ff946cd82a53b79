"""Your colorizations: which are listed, and what changed of them since a moment."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from colorizer.models import Colorization
from gallery import copying, services
from gallery.models import Album, Photo
from gallery.moments import database_time
from gallery.trash import restoring
from gallery.trash.contents import Trash
from jobs import services as jobs
from jobs import transitions
from jobs.models import Job, Queue
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def photo() -> Photo:
    return make_photo(make_album(make_user()))


@pytest.fixture
def client(photo: Photo) -> APIClient:
    return client_of(photo.album.owner)


def listed(client: APIClient, **filters: Any) -> list[str]:
    response = client.get(address("colorization-list"), filters)
    assert response.status_code == 200, response.content
    return [colorization["id"] for colorization in response.json()["results"]]


def keys(*colorizations: Colorization) -> list[str]:
    return [str(colorization.pk) for colorization in colorizations]


def test_your_own_are_listed_the_newest_first(client: APIClient, photo: Photo) -> None:
    other = make_colorization()
    services.publish(other.source.photo.album)
    first, second = make_colorization(photo), make_colorization(photo, State.QUEUED)
    deleted = make_colorization(photo, variant="video")
    services.trash_colorization(deleted)
    assert listed(client) == keys(second, first)


@pytest.mark.parametrize("state", State.values)
def test_those_of_a_state(client: APIClient, photo: Photo, state: str) -> None:
    versions = {each: make_colorization(photo, State(each)) for each in State.values}
    make_colorization(state=State(state))
    assert listed(client, state=state) == keys(versions[state])


def test_those_of_a_variant_a_photo_and_an_album(client: APIClient, photo: Photo) -> None:
    stable, video = (make_colorization(photo, variant=each) for each in ("stable", "video"))
    elsewhere = make_colorization(make_photo(make_album(photo.album.owner)))
    assert listed(client, variant="video") == keys(video)
    assert listed(client, photo=photo.pk) == keys(video, stable)
    assert listed(client, album=photo.album_id, variant="stable") == keys(stable)
    assert listed(client, album=elsewhere.source.photo.album_id) == keys(elsewhere)
    assert listed(client, album=make_album().pk) == []


@pytest.mark.parametrize(
    "filters",
    [{"state": "done"}, {"variant": "sepia"}, {"album": "1"}, {"photo": "x"}],
)
def test_values_that_cannot_be_are_refused(client: APIClient, filters: dict[str, str]) -> None:
    response = client.get(address("colorization-list"), filters)
    assert list(invalid_fields(response)) == list(filters)


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00Z", "1", "99999-01-01"])
def test_a_moment_that_is_none_is_refused(client: APIClient, moment: str) -> None:
    response = client.get(address("colorization-list"), {"changed_since": moment})
    assert list(invalid_fields(response)) == ["changed_since"]


def test_a_moment_that_no_database_knows_lists_what_there_is(
    client: APIClient, photo: Photo
) -> None:
    version = make_colorization(photo)
    assert listed(client, changed_since="0001-01-01T00:00:00Z") == keys(version)
    assert listed(client, changed_since="9999-12-31T23:59:59Z") == []


class TestChangedSince:
    """Both versions are older than the moment; then something is done with one of them."""

    @pytest.fixture(autouse=True)
    def _versions(self, client: APIClient, photo: Photo) -> None:
        self.client, self.photo = client, photo
        self.open = make_colorization(photo, State.QUEUED)
        self.failed = make_colorization(photo, State.FAILED)
        self.done = make_colorization(photo)
        self.moment = self._latest()

    def _latest(self) -> str:
        """Later than all that has happened."""
        last = database_time()
        while database_time() == last:
            continue
        return database_time().isoformat()

    def changed(self) -> list[str]:
        return listed(self.client, changed_since=self.moment)

    def test_nothing(self) -> None:
        assert self.changed() == []

    def test_what_was_begun(self) -> None:
        transitions.claim_next(Queue.PHOTOS)
        assert self.changed() == keys(self.open)

    def test_what_ended(self) -> None:
        jobs.cancel(self.open.job)
        assert self.changed() == keys(self.open)

    def test_what_is_tried_again(self) -> None:
        self.client.post(address("colorization-retry", self.failed))
        assert self.changed() == keys(self.failed)
        assert listed(self.client, changed_since=self.moment, state="succeeded") == []

    def test_what_is_new(self) -> None:
        new = make_colorization(self.photo, State.QUEUED, "video")
        assert self.changed() == keys(new)

    @pytest.mark.parametrize("opinion", [{"is_kept": True}, {"rating": 3}])
    def test_what_was_judged(self, opinion: dict[str, Any]) -> None:
        self.client.patch(address("colorization-detail", self.done), opinion, format="json")
        assert self.changed() == keys(self.done)

    def test_what_was_copied(self) -> None:
        other = make_album(self.photo.album.owner)
        copying.copy_photos([self.photo], other)
        copy = Colorization.objects.get(source__photo__album=other)
        assert self.changed() == keys(copy)

    def test_what_was_restored(self) -> None:
        services.trash_colorization(self.done)
        assert self.changed() == []
        restoring.restore(self.photo.album.owner, Trash.of(self.photo.album.owner))
        assert self.changed() == keys(self.done)

    def test_the_answer_tells_the_moment_to_go_on_from(self) -> None:
        jobs.cancel(self.open.job)
        response = self.client.get(address("colorization-list"))
        moments = {each["id"]: each["changed_at"] for each in response.json()["results"]}
        latest = max(moments.values())
        assert latest == moments[str(self.open.pk)]
        assert listed(self.client, changed_since=latest) == keys(self.open)


def test_pages_of_changes_hold_each_once(client: APIClient, photo: Photo) -> None:
    versions = [make_colorization(photo, State.QUEUED) for _ in range(3)]
    filters = {"changed_since": "2020-01-01T00:00:00Z", "page_size": "2"}
    first = client.get(address("colorization-list"), filters).json()
    second = client.get(first["next"]).json()
    found = [each["id"] for each in (*first["results"], *second["results"])]
    assert found == keys(*versions[::-1])
    assert second["next"] is None


def test_an_album_of_another_is_empty(client: APIClient, photo: Photo) -> None:
    album: Album = make_colorization().source.photo.album
    services.publish(album)
    assert listed(client, album=album.pk) == []
