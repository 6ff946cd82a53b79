"""What people see of the queue on pages and API: limits, waiting, and canceling all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import services
from jobs.models import Job
from tests.api import client_of
from tests.factories import make_album, make_colorization, make_photo, make_upload, make_user

pytestmark = pytest.mark.django_db
State = Job.State


def test_upload_beyond_the_limit_takes_what_fits_and_tells_the_rest(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    album = make_album()
    files = [make_upload(name="a.jpg"), make_upload(name="b.jpg")]
    colorizations, refused = services.add_photos_and_colorize(album, files, "stable", 20)
    assert [each.source.photo.original_name for each in colorizations] == ["a.jpg"]
    assert [(name, error.code) for name, error in refused] == [("b.jpg", "too_many_jobs")]
    assert album.photos.count() == 1


def test_page_and_api_answer_429(client: Client, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    photo = make_photo()
    enqueue(photo.original, "stable", 8)
    owner = photo.album.owner
    client.force_login(owner)
    choice = {"variant": "stable", "render_factor": 9}
    page = client.post(reverse("gallery:photo-colorize", args=[photo.pk]), choice)
    api = client_of(owner).post(reverse("api:photo-colorizations", args=[photo.pk]), choice)
    for response in (page, api):
        assert response.status_code == 429
        assert int(response["Retry-After"]) >= 1
    assert "You have 1 job waiting" in page.content.decode()
    assert api.json()["code"] == "too_many_jobs"


def test_wait_is_shown_on_page_and_api(client: Client) -> None:
    photo = make_photo()
    first = make_colorization(photo, State.QUEUED)
    Job.objects.filter(pk=first.job_id).update(queued_at=first.job.queued_at - timedelta(seconds=1))
    waiting = make_colorization(photo, State.QUEUED)
    client.force_login(photo.album.owner)
    page = client.get(reverse("gallery:photo", args=[photo.pk]), {"version": str(waiting.pk)})
    assert "In queue: 1 job ahead" in page.content.decode()
    url = reverse("api:colorization-detail", args=[waiting.pk])
    response = client_of(photo.album.owner).get(url)
    assert response.json()["jobs_ahead"] == 1
    assert response.json()["estimated_wait_seconds"] is None


@pytest.fixture
def owner() -> User:
    return make_user()


def open_jobs(owner: User) -> int:
    return Colorization.objects.editable_by(owner).open().count()


def test_all_open_jobs_are_cancelled_on_the_page(client: Client, owner: User) -> None:
    photo = make_photo(make_album(owner))
    for state in (State.QUEUED, State.RUNNING, State.SUCCEEDED):
        make_colorization(photo, state)
    of_somebody_else = make_colorization(state=State.QUEUED)
    client.force_login(owner)
    response = client.post(reverse("gallery:colorizations-cancel"), follow=True)
    assert "Cancelled: 2 photos." in response.content.decode()
    assert open_jobs(owner) == 0
    of_somebody_else.refresh_from_db()
    assert of_somebody_else.job.state == State.QUEUED


def test_open_jobs_of_one_album_are_cancelled_by_the_api(owner: User) -> None:
    album, other = make_album(owner), make_album(owner)
    for place in (album, other):
        make_colorization(make_photo(place), State.QUEUED)
    url = reverse("api:colorizations-cancel")
    assert client_of(owner).post(url, {"album": str(album.pk)}).json() == {"cancelled": 1}
    assert open_jobs(owner) == 1
    assert client_of(owner).post(url).json() == {"cancelled": 1}
    assert client_of(make_user()).post(url, {"album": str(album.pk)}).status_code == 400
