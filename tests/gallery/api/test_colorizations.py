from __future__ import annotations

import pytest

from gallery.models import Photo
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def photo() -> Photo:
    return make_photo(make_album(make_user()))


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_an_open_colorization_says_when_to_ask_again(photo: Photo, state: State) -> None:
    colorization = make_colorization(photo, state)
    response = client_of(photo.album.owner).get(address("colorization-detail", colorization))
    assert response.json()["state"] == state
    assert response.json()["image_url"] is None
    assert int(response["Retry-After"]) >= 1


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_a_finished_colorization_need_not_be_asked_again(photo: Photo, state: State) -> None:
    colorization = make_colorization(photo, state)
    response = client_of(photo.album.owner).get(address("colorization-detail", colorization))
    assert response.json()["state"] == state
    assert "Retry-After" not in response


def test_a_failed_colorization_says_why(photo: Photo) -> None:
    colorization = make_colorization(photo, State.FAILED)
    body = client_of(photo.album.owner).get(address("colorization-detail", colorization)).json()
    assert body["error_code"] == colorization.job.error_code
    assert body["error_text"] == colorization.job.error_message


def test_every_link_of_a_result_answers(photo: Photo) -> None:
    colorization = make_colorization(photo, State.SUCCEEDED)
    client = client_of(photo.album.owner)
    body = client.get(address("colorization-detail", colorization)).json()
    links = [body[key] for key in ("url", "image_url", "preview_url", "thumbnail_url", "photo_url")]
    assert {client.get(link).status_code for link in links} == {200}
    assert client.get(body["web_url"], follow=True).status_code == 200


def test_a_result_tells_its_duration_and_weights(photo: Photo) -> None:
    colorization = make_colorization(photo, State.SUCCEEDED)
    body = client_of(photo.album.owner).get(address("colorization-detail", colorization)).json()
    assert colorization.job.duration is not None
    assert body["duration_seconds"] == colorization.job.duration.total_seconds()
    assert body["weights_name"] == "compact-stable"
    assert body["weights_sha256"] == colorization.weights_sha256
    assert body["used_render_factor"] == colorization.render_factor


def test_an_open_colorization_has_no_weights_yet(photo: Photo) -> None:
    colorization = make_colorization(photo, State.RUNNING)
    body = client_of(photo.album.owner).get(address("colorization-detail", colorization)).json()
    assert (body["weights_name"], body["weights_sha256"]) == ("", "")
    assert body["used_render_factor"] is None


def test_a_deleted_colorization_is_gone_and_its_photo_stays(photo: Photo) -> None:
    colorization = make_colorization(photo, State.SUCCEEDED)
    client = client_of(photo.album.owner)
    assert client.delete(address("colorization-detail", colorization)).status_code == 204
    assert_problem(client.get(address("colorization-detail", colorization)), 404, "not_found")
    assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_an_open_colorization_can_be_cancelled(photo: Photo, state: State) -> None:
    colorization = make_colorization(photo, state)
    response = client_of(photo.album.owner).post(address("colorization-cancel", colorization))
    assert response.json()["state"] == "cancelled"


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_a_finished_colorization_cannot_be_cancelled(photo: Photo, state: State) -> None:
    colorization = make_colorization(photo, state)
    response = client_of(photo.album.owner).post(address("colorization-cancel", colorization))
    assert_problem(response, 409, "already_finished")
    colorization.refresh_from_db()
    assert colorization.job.state == state
