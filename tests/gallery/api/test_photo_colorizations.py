from __future__ import annotations

from typing import Any

import pytest

from colorizer.models import Colorization
from jobs.models import Job
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_a_photo_is_queued_with_the_wished_options() -> None:
    photo = make_photo(make_album(make_user()))
    body = {"variant": "artistic", "render_factor": 12}
    response = client_of(photo.album.owner).post(address("photo-colorizations", photo), body)
    colorization = Colorization.objects.get()
    assert response.status_code == 202
    location = absolute("colorization-detail", colorization)
    assert response["Location"] == location
    assert int(response["Retry-After"]) >= 1
    assert (colorization.variant, colorization.render_factor) == ("artistic", 12)
    assert response.json()["state"] == "queued"


def test_the_options_have_defaults() -> None:
    photo = make_photo(make_album(make_user()))
    response = client_of(photo.album.owner).post(address("photo-colorizations", photo))
    assert (response.json()["variant"], response.json()["render_factor"]) == ("artistic", 20)


@pytest.mark.parametrize(
    ("options", "errors"),
    [
        ({"variant": "sepia"}, {"variant": "invalid_choice"}),
        ({"render_factor": 7}, {"render_factor": "min_value"}),
        ({"render_factor": 41}, {"render_factor": "max_value"}),
        ({"render_factor": "fine"}, {"render_factor": "invalid"}),
        (
            {"variant": "ARTISTIC", "render_factor": 0},
            {"variant": "invalid_choice", "render_factor": "min_value"},
        ),
    ],
)
def test_wrong_options_queue_nothing(options: dict[str, Any], errors: dict[str, str]) -> None:
    photo = make_photo(make_album(make_user()))
    response = client_of(photo.album.owner).post(address("photo-colorizations", photo), options)
    assert invalid_fields(response) == errors
    assert not Colorization.objects.exists()


def test_a_photo_of_somebody_else_queues_nothing() -> None:
    photo = make_photo(make_album(make_user()))
    response = client_of(make_user()).post(address("photo-colorizations", photo))
    assert_problem(response, 404, "not_found")
    assert not Colorization.objects.exists()


def test_the_list_holds_those_of_this_photo() -> None:
    album = make_album(make_user())
    photo = make_photo(album)
    mine = make_colorization(photo)
    make_colorization(make_photo(album))
    body = client_of(album.owner).get(address("photo-colorizations", photo)).json()
    assert [each["id"] for each in body["results"]] == [str(mine.pk)]


def test_visitors_see_what_came_out_not_what_failed() -> None:
    photo = make_photo(make_album(public=True))
    done = make_colorization(photo)
    failed = make_colorization(photo, Job.State.FAILED)
    visitor = client_of(make_user())
    listed = visitor.get(address("photo-colorizations", photo)).json()["results"]
    alone = visitor.get(address("photo-detail", photo)).json()["colorizations"]
    of_album = visitor.get(address("album-photos", photo.album)).json()["results"][0]
    for colorizations in (listed, alone, of_album["colorizations"]):
        assert [each["id"] for each in colorizations] == [str(done.pk)]
    assert_problem(visitor.get(address("colorization-detail", failed)), 404, "not_found")
    owner = client_of(photo.album.owner)
    assert len(owner.get(address("photo-detail", photo)).json()["colorizations"]) == 2
