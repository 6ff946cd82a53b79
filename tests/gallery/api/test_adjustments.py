"""Adjustments by the API: read, saved, taken back, for one version and for many photos."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from colorizer import adjusting
from colorizer.adjusting import adjustments_of
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Colorization
from jobs.models import Job
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import bring_to, make_colorization, make_photo, photo_of
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db

STROKE = {"points": [[10, 20], [300, 400]], "radius": 500, "erases": False}
NOTHING = {**Adjustments().as_json(), "gray": []}


@pytest.fixture
def version() -> Colorization:
    return make_colorization()


@pytest.fixture
def client(version: Colorization) -> APIClient:
    return client_of(version.owner)


def put(client: APIClient, version: Colorization, content: Any, **headers: str) -> Any:
    place = address("colorization-adjustments", version)
    return client.put(place, content, format="json", headers=headers)


def saved(version: Colorization) -> Adjustments:
    return adjustments_of(Colorization.objects.get(pk=version.pk))


def test_they_are_saved_followed_and_taken_back(client: APIClient, version: Colorization) -> None:
    place = address("colorization-adjustments", version)
    nothing = client.get(place).json()
    assert nothing["adjustments"] == NOTHING
    assert (nothing["state"], nothing["job_url"]) == (None, None)
    assert client.get(nothing["unadjusted_url"]).status_code == 200
    response = put(client, version, {"warmth": 30, "levels": "auto", "gray": [STROKE]})
    assert (response.status_code, response["Retry-After"]) == (202, "1")
    body = response.json()
    assert body["adjustments"] == {**NOTHING, "warmth": 30, "levels": "auto", "gray": [STROKE]}
    job = client.get(body["job_url"]).json()
    assert job["kind"] == "adjust_photo"
    subject = {"type": "colorization", "url": absolute("colorization-detail", version)}
    assert job["subject"] == subject
    shown = client.get(subject["url"]).json()
    assert shown["is_adjusted"]
    assert client.get(shown["adjustments_url"]).json() == body
    listed = client.get(address("job-list"), {"kind": "adjust_photo"}).json()["results"]
    assert [each["subject"] for each in listed] == [subject]

    bring_to(Job.objects.get(kind="adjust_photo"), Job.State.FAILED)
    failed = client.get(place)
    assert failed.json()["error_code"]
    assert "Retry-After" not in failed
    assert put(client, version, body["adjustments"]).status_code == 202, "tried again"
    assert client.delete(place).json() == nothing
    assert put(client, version, {}).status_code == 200


def test_who_has_not_seen_the_last_ones_does_not_overwrite_them(
    client: APIClient, version: Colorization
) -> None:
    etag = client.get(address("colorization-adjustments", version))["ETag"]
    adjusting.save(version, Adjustments(tint=5))
    refused = put(client, version, {"warmth": 1}, **{"If-Match": etag})
    assert_problem(refused, 412, "precondition_failed")
    assert saved(version) == Adjustments(tint=5)
    etag = client.get(address("colorization-adjustments", version))["ETag"]
    assert put(client, version, {"warmth": 1}, **{"If-Match": etag}).status_code == 202


def test_what_cannot_be_is_refused_by_its_name(client: APIClient, version: Colorization) -> None:
    wrong = {"warmth": 101, "tint": "x", "gray": [{"points": [[1]], "radius": 5}]}
    fields = invalid_fields(put(client, version, wrong))
    assert {"warmth", "tint"} < set(fields)
    assert any(name.startswith("gray") for name in fields)
    assert invalid_fields(put(client, version, {"levels": {"black": 250}}))
    assert invalid_fields(put(client, version, {"gray": [STROKE] * 201}))
    running = make_colorization(make_photo(photo_of(version).album), Job.State.RUNNING)
    assert_problem(put(client, running, {"warmth": 1}), 409, "not_succeeded")
    assert saved(version) == Adjustments()


def test_many_photos_get_the_same(client: APIClient, version: Colorization) -> None:
    photo = photo_of(version)
    gray = make_photo(photo.album)
    order = {
        "action": "adjust",
        "photos": [photo.pk, gray.pk, make_photo().pk],
        "adjustments": {"intensity": -30},
    }
    rows = client.post(address("photos-bulk"), order, format="json").json()
    assert [(row["status"], row["code"]) for row in rows] == [
        ("done", ""),
        ("refused", "not_colored"),
        ("not_found", "not_found"),
    ]
    assert rows[0]["colorization_url"] == absolute("colorization-detail", version)
    assert saved(version) == Adjustments(intensity=-30)
    again = client.post(address("photos-bulk"), order, format="json").json()
    assert again[0]["status"] == "unchanged"
    missing = client.post(
        address("photos-bulk"), {"action": "adjust", "photos": [photo.pk]}, format="json"
    )
    assert set(invalid_fields(missing)) == {"adjustments"}


@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.CANCELLED])
def test_of_many_photos_those_are_tried_again_whose_files_lack_it(
    client: APIClient, version: Colorization, state: Job.State
) -> None:
    photos = [photo_of(version).pk]
    order = {"action": "adjust", "photos": photos, "adjustments": {"warmth": 20}}
    client.post(address("photos-bulk"), order, format="json")
    bring_to(Job.objects.get(kind="adjust_photo"), state)
    [row] = client.post(address("photos-bulk"), order, format="json").json()
    assert row["status"] == "done"
    assert Job.objects.get(kind="adjust_photo").state == Job.State.QUEUED


def test_films_are_refused_by_their_code() -> None:
    film = make_photo(content=film_bytes(), name="boat.mp4")
    version = make_colorization(film, variant="video")
    client = client_of(film.album.owner)
    place = address("colorization-adjustments", version)
    for refused in (client.get(place), put(client, version, {"warmth": 1}), client.delete(place)):
        assert_problem(refused, 400, "not_for_films")
    wish = client.post(address("colorization-downloads", version), {"form": "png"}, format="json")
    assert_problem(wish, 400, "not_for_films")
    order = {"action": "adjust", "photos": [film.pk], "adjustments": {"warmth": 1}}
    (row,) = client.post(address("photos-bulk"), order, format="json").json()
    assert (row["status"], row["code"]) == ("refused", "not_for_films")
    assert "only photos" in row["detail"]
    assert not Job.objects.filter(kind__in=["adjust_photo", "download"]).exists()
