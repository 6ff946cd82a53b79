"""What people are promised of the queue: turns, limits, estimates, and nothing done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from colorizer import clusters, jobs, waits
from colorizer.errors import TooManyJobsError
from colorizer.models import Colorization, Queue
from colorizer.runner import run
from colorizer.services import enqueue
from colorizer.weights_store.choice import sha256_of, weights_for
from gallery import services
from gallery.models import Photo
from tests.api import client_of
from tests.factories import make_album, make_colorization, make_photo, make_upload, make_user

pytestmark = pytest.mark.django_db

State = Colorization.State


def queue_many(photo: Photo, number: int) -> None:
    Colorization.objects.bulk_create(Colorization(photo=photo) for _ in range(number))


def finish(job: Colorization) -> None:
    assert jobs.fail(job, Colorization.ErrorCode.UNREADABLE, "Damaged.")


def make_current(pair: Colorization) -> Colorization:
    pair.weights_sha256 = sha256_of(weights_for("stable"))
    pair.save()
    return pair


def work(photo: Photo) -> Colorization:
    """Ask for a pair and have it made."""
    pair = enqueue(photo, "stable", 8)
    job = jobs.claim_next()
    assert job == pair
    run(job)
    pair.refresh_from_db()
    assert pair.state == State.SUCCEEDED
    return pair


@pytest.mark.parametrize("workers", [1, 2])
def test_one_photo_waits_behind_at_most_two_of_a_thousand(workers: int) -> None:
    queue_many(make_photo(), 1000)
    running = [jobs.claim_next() for _ in range(workers)]
    single = make_colorization(make_photo(), State.QUEUED)
    ended = 0
    while single not in running:
        job = running.pop(0)
        assert job
        finish(job)
        ended += 1
        running.append(jobs.claim_next())
    assert ended <= 2


def test_more_open_jobs_than_allowed_are_refused_with_the_time_to_come_back(
    settings: Settings,
) -> None:
    settings.MAX_OPEN_JOBS = 2
    photo = make_photo()
    for factor in (8, 9):
        enqueue(photo, "stable", factor)
    with pytest.raises(TooManyJobsError) as refusal:
        enqueue(photo, "stable", 10)
    assert refusal.value.retry_after >= 1
    assert enqueue(make_photo(), "stable", 10).state == State.QUEUED
    jobs.cancel(photo.colorizations.all()[0])
    assert enqueue(photo, "stable", 10).state == State.QUEUED


def test_upload_beyond_the_limit_takes_what_fits_and_tells_the_rest(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    album = make_album()
    files = [make_upload(name="a.jpg"), make_upload(name="b.jpg")]
    pairs, refused = services.add_photos_and_colorize(album, files, "stable", 20)
    assert [pair.photo.original_name for pair in pairs] == ["a.jpg"]
    assert [(name, error.code) for name, error in refused] == [("b.jpg", "too_many_jobs")]
    assert album.photos.count() == 1


def test_page_and_api_answer_429(client: Client, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    photo = make_photo()
    enqueue(photo, "stable", 8)
    owner = photo.album.owner
    client.force_login(owner)
    choice = {"variant": "stable", "render_factor": 9}
    page = client.post(reverse("gallery:photo-colorize", args=[photo.pk]), choice)
    answer = client_of(owner).post(reverse("api:photo-colorizations", args=[photo.pk]), choice)
    for response in (page, answer):
        assert response.status_code == 429
        assert int(response["Retry-After"]) >= 1
    assert "1 photos waiting" in page.content.decode()
    assert answer.json()["code"] == "too_many_jobs"


def test_who_asks_again_gets_the_job_that_is_open() -> None:
    photo = make_photo()
    first = enqueue(photo, "stable", 8)
    assert enqueue(photo, "stable", 8) == first
    assert jobs.claim_next() == first
    assert enqueue(photo, "stable", 8) == first
    assert enqueue(photo, "artistic", 8) != first


def test_result_that_would_come_out_again_is_there_at_once() -> None:
    photo = make_photo()
    pair = make_current(make_colorization(photo, render_factor=8))
    assert enqueue(photo, "stable", 8) == pair


@pytest.mark.parametrize("change", [{"weights_sha256": "1" * 64}, {"used_render_factor": 9}])
def test_result_of_other_weights_or_less_detail_is_made_anew(change: dict[str, object]) -> None:
    photo = make_photo()
    pair = make_current(make_colorization(photo, render_factor=20))
    Colorization.objects.filter(pk=pair.pk).update(**{"used_render_factor": 20, **change})
    assert enqueue(photo, "stable", 20) != pair


def test_same_bytes_of_somebody_else_get_the_same_result() -> None:
    first = work(make_photo())
    second = work(make_photo())
    assert second.result.name != first.result.name
    assert second.result.read() == first.result.read()
    assert second.weights_sha256 == first.weights_sha256


def test_wait_counts_those_whose_turn_is_before() -> None:
    """Of each other owner as many as of one's own: here one is running, and 2 + 1 come before."""
    busy, photo, other = make_photo(), make_photo(), make_photo()
    queue_many(busy, 10)
    assert jobs.claim_next()
    make_colorization(photo, State.QUEUED)
    own_second = make_colorization(photo, State.QUEUED)
    make_colorization(other, State.QUEUED)
    wait = waits.wait_of(own_second)
    assert wait == waits.Wait(jobs_ahead=1 + 1 + 2 + 1, seconds=None)


def test_wait_is_estimated_from_the_latest_jobs_and_the_workers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    done = make_colorization()
    Colorization.objects.filter(pk=done.pk).update(duration=timedelta(seconds=6))
    clusters.register(Queue.PHOTOS, workers=2)
    photo = make_photo()
    make_colorization(photo, State.QUEUED)
    job = make_colorization(photo, State.QUEUED)
    with django_assert_num_queries(3):
        wait = waits.wait_of(job)
    assert wait == waits.Wait(jobs_ahead=1, seconds=6)


def test_only_queued_jobs_wait() -> None:
    assert waits.wait_of(make_colorization(state=State.RUNNING)) is None


def test_wait_is_shown_on_page_and_api(client: Client) -> None:
    photo = make_photo()
    make_colorization(photo, State.QUEUED)
    job = make_colorization(photo, State.QUEUED)
    client.force_login(photo.album.owner)
    page = client.get(reverse("gallery:photo", args=[photo.pk]), {"pair": str(job.pk)})
    assert "Waiting: 1 photo ahead" in page.content.decode()
    answer = client_of(photo.album.owner).get(reverse("api:colorization-detail", args=[job.pk]))
    assert answer.json()["jobs_ahead"] == 1
    assert answer.json()["estimated_wait_seconds"] is None


@pytest.fixture
def owner() -> User:
    return make_user()


def open_jobs(owner: User) -> int:
    return Colorization.objects.open().filter(photo__album__owner=owner).count()


def test_all_open_jobs_are_cancelled_on_the_page(client: Client, owner: User) -> None:
    photo = make_photo(make_album(owner))
    for state in (State.QUEUED, State.RUNNING, State.SUCCEEDED):
        make_colorization(photo, state)
    of_somebody_else = make_colorization(state=State.QUEUED)
    client.force_login(owner)
    answer = client.post(reverse("gallery:colorizations-cancel"), follow=True)
    assert "Cancelled: 2 photos." in answer.content.decode()
    assert open_jobs(owner) == 0
    of_somebody_else.refresh_from_db()
    assert of_somebody_else.state == State.QUEUED


def test_open_jobs_of_one_album_are_cancelled_by_the_api(owner: User) -> None:
    album, other = make_album(owner), make_album(owner)
    for place in (album, other):
        make_colorization(make_photo(place), State.QUEUED)
    url = reverse("api:colorizations-cancel")
    assert client_of(owner).post(url, {"album": str(album.pk)}).json() == {"cancelled": 1}
    assert open_jobs(owner) == 1
    assert client_of(owner).post(url).json() == {"cancelled": 1}
    assert client_of(make_user()).post(url, {"album": str(album.pk)}).status_code == 400
