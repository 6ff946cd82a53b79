"""Responses tell how much one may still do, and refusals when one may again."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import make_colorization, make_photo, make_upload, make_user, photo_of

pytestmark = pytest.mark.django_db


def test_each_request_counts() -> None:
    client = client_of(make_user())
    first, second = (client.get(address("me")) for _ in range(2))
    assert first["RateLimit-Policy"] == second["RateLimit-Policy"] == '"requests";q=1200;w=60'
    assert first["RateLimit"].startswith('"requests";r=1199;t=')
    assert second["RateLimit"].startswith('"requests";r=1198;t=')


def test_what_is_made_counts_for_itself(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"album": "2/h/user"}
    client = client_of(make_user())
    responses = [client.post(address("album-list"), {"title": "Trip"}) for _ in range(3)]
    assert responses[0]["RateLimit-Policy"] == '"requests";q=1200;w=60, "album";q=2;w=3600'
    left = [response["RateLimit"].partition('"album";')[2].split(";")[0] for response in responses]
    assert left == ["r=1", "r=0", "r=0"]
    assert_problem(responses[2], 429, "throttled")
    assert responses[2]["Retry-After"] == "3600"


def test_adjusting_counts_as_coloring_does(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "2/h/user"}
    version = make_colorization()
    client, place = client_of(version.owner), address("colorization-adjustments", version)
    responses = [client.put(place, {"warmth": warmth}, format="json") for warmth in (10, 20, 30)]
    assert [response.status_code for response in responses] == [202, 202, 429]
    assert '"job";r=1' in responses[0]["RateLimit"]
    assert client.get(place).status_code == 200


def test_a_file_and_what_is_not_there_and_what_has_not_changed_count_too() -> None:
    photo = make_photo()
    client = client_of(photo.album.owner)
    etag = client.get(address("me"))["ETag"]
    for response in (
        client.get(address("me"), headers={"If-None-Match": etag}),
        client.get(address("photo-thumbnail", photo)),
        client.get(address("album-detail", photo)),
    ):
        assert '"requests";r=' in response["RateLimit"]


def test_who_has_not_logged_in_counts_nothing() -> None:
    assert "RateLimit" not in client_of().get(address("me"))


def test_whoever_has_too_many_jobs_hears_when_to_come_back(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    photo = photo_of(make_colorization(state=Job.State.QUEUED))
    client = client_of(photo.album.owner)
    response = client.post(address("photo-colorizations", photo), {"variant": "video"})
    assert_problem(response, 429, "too_many_jobs")
    assert int(response["Retry-After"]) > 0
    image = {"image": make_upload()}
    assert "Retry-After" in client.post(address("colorize"), image)
