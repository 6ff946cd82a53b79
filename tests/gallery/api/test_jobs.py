"""Jobs as resources: listed, followed, cancelled and tried again, whatever they are about."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from gallery import work
from gallery.models import Album
from gallery.services import trash_photos
from jobs import services
from jobs.models import Job
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Job.State
LIST = "/api/v1/jobs/"


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


def listed(album: Album, **parameters: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client_of(album.owner).get(LIST, parameters).json()["results"]
    return results


def detail(job: Job) -> dict[str, Any]:
    body: dict[str, Any] = client_of(job.owner).get(address("job-detail", job)).json()
    return body


class TestTheList:
    def test_has_all_kinds_with_what_they_are_about(self, album: Album) -> None:
        colorization = make_colorization(make_photo(album))
        archive = make_archive(album)
        assert [(job["kind"], job["subject"]) for job in listed(album)] == [
            (
                "album_archive",
                {"type": "archive", "url": absolute("archive-detail", archive)},
            ),
            (
                "colorize_photo",
                {"type": "colorization", "url": absolute("colorization-detail", colorization)},
            ),
        ]

    def test_is_your_own(self, album: Album) -> None:
        make_colorization()
        assert listed(album) == []

    def test_is_filtered_by_state_and_kind(self, album: Album) -> None:
        photo = make_photo(album)
        failed = make_colorization(photo, State.FAILED)
        make_colorization(photo, State.SUCCEEDED)
        make_archive(album, State.FAILED)
        found = listed(album, state="failed", kind="colorize_photo")
        assert [job["id"] for job in found] == [str(failed.job_id)]

    @pytest.mark.parametrize("name", ["state", "kind"])
    def test_refuses_what_there_is_not(self, album: Album, name: str) -> None:
        response = client_of(album.owner).get(LIST, {name: "sleeping"})
        assert invalid_fields(response) == {name: "invalid_choice"}

    def test_says_where_in_line_each_is(self, album: Album) -> None:
        photo = make_photo(album)
        for factor in (10, 11, 12):
            make_colorization(photo, State.QUEUED, render_factor=factor)
        assert [job["jobs_ahead"] for job in listed(album)] == [2, 1, 0]

    def test_leaves_out_what_lies_in_the_trash(self, album: Album) -> None:
        photo = make_photo(album)
        job = make_colorization(photo).job
        trash_photos([photo])
        assert listed(album) == []
        assert_problem(client_of(job.owner).get(address("job-detail", job)), 404, "not_found")


class TestOneJob:
    def test_says_how_long_it_waits(self, album: Album) -> None:
        photo = make_photo(album)
        make_colorization(photo, State.SUCCEEDED)
        job = make_colorization(photo, State.QUEUED).job
        response = client_of(album.owner).get(address("job-detail", job))
        body = response.json()
        assert response["Retry-After"] == "1"
        assert (body["state"], body["jobs_ahead"], body["attempts"]) == ("queued", 0, [])
        assert body["estimated_wait_seconds"] >= 0
        assert body["estimated_seconds_left"] is None

    def test_says_how_long_it_still_takes(self, album: Album) -> None:
        body = detail(make_colorization(make_photo(album), State.RUNNING).job)
        assert (body["progress"], body["jobs_ahead"]) == (40, None)
        assert body["estimated_seconds_left"] >= 1

    def test_says_why_it_failed_and_keeps_its_attempts(self, album: Album) -> None:
        job = make_colorization(make_photo(album), State.FAILED).job
        response = client_of(album.owner).get(address("job-detail", job))
        body = response.json()
        assert "Retry-After" not in response
        assert (body["error_code"], body["error_text"]) == (
            "unreadable_photo",
            "The picture is damaged.",
        )
        [attempt] = body["attempts"]
        assert (attempt["number"], attempt["outcome"]) == (1, "failed")
        assert attempt["error_code"] == "unreadable_photo"

    def test_is_where_its_subject_says(self, album: Album) -> None:
        for record, name in (
            (make_colorization(make_photo(album)), "colorization-detail"),
            (make_archive(album), "archive-detail"),
        ):
            body = client_of(album.owner).get(address(name, record)).json()
            assert body["job_url"] == absolute("job-detail", record.job)
            assert detail(record.job)["url"] == body["job_url"]

    def test_is_nobody_elses(self) -> None:
        job = make_colorization().job
        stranger = client_of(make_user())
        assert_problem(stranger.get(address("job-detail", job)), 404, "not_found")
        assert_problem(stranger.post(address("job-cancel", job)), 404, "not_found")
        assert_problem(stranger.post(address("job-retry", job)), 404, "not_found")

    def test_that_never_was_is_not_found(self) -> None:
        response = client_of(make_user()).get(f"{LIST}{uuid.uuid4()}/")
        assert_problem(response, 404, "not_found")


class TestCancel:
    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
    def test_ends_an_open_job(self, album: Album, state: Job.State) -> None:
        job = make_archive(album, state).job
        response = client_of(album.owner).post(address("job-cancel", job))
        assert response.status_code == 200
        assert response.json()["state"] == "cancelled"

    def test_leaves_a_finished_one(self, album: Album) -> None:
        job = make_archive(album, State.SUCCEEDED).job
        response = client_of(album.owner).post(address("job-cancel", job))
        assert_problem(response, 409, "already_finished")


class TestRetry:
    @pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
    def test_queues_it_before_your_others(self, album: Album, state: Job.State) -> None:
        job = make_colorization(make_photo(album), state).job
        make_colorization(make_photo(album), State.QUEUED)
        response = client_of(album.owner).post(address("job-retry", job))
        assert response.status_code == 202
        assert response["Location"] == absolute("job-detail", job)
        body = response.json()
        assert (body["state"], body["jobs_ahead"], body["error_code"]) == ("queued", 0, "")

    @pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
    def test_leaves_any_other(self, album: Album, state: Job.State) -> None:
        job = make_colorization(make_photo(album), state).job
        response = client_of(album.owner).post(address("job-retry", job))
        assert_problem(response, 409, "not_retryable")

    def test_keeps_within_the_number_of_open_jobs(self, album: Album, settings: Settings) -> None:
        job = make_colorization(make_photo(album), State.FAILED).job
        make_archive(album, State.QUEUED)
        settings.MAX_OPEN_JOBS = 1
        response = client_of(album.owner).post(address("job-retry", job))
        assert_problem(response, 429, "too_many_jobs")


@pytest.mark.parametrize(
    ("fields", "queries"),
    [("state,progress", 4), ("state,jobs_ahead", 7)],
    ids=["few", "estimates"],
)
def test_estimates_cost_queries_only_where_they_are_asked_for(
    album: Album, fields: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = make_colorization(make_photo(album), State.QUEUED).job
    client = client_of(album.owner)
    with django_assert_num_queries(queries):
        body = client.get(address("job-detail", job), {"fields": fields}).json()
    assert body["state"] == "queued"


class TestAllAtOnce:
    def test_what_failed_is_tried_again_as_far_as_there_is_room(
        self, album: Album, settings: Settings
    ) -> None:
        settings.MAX_OPEN_JOBS = 1
        failed = [make_colorization(make_photo(album), State.FAILED) for _ in range(2)]
        theirs = make_colorization(state=State.FAILED)
        client = client_of(album.owner)
        assert client.post(address("jobs-retry")).json() == {"retried": 1, "left": 1}
        states = Job.objects.filter(colorization__in=failed).values_list("state", flat=True)
        assert sorted(states) == [State.FAILED, State.QUEUED]
        theirs.job.refresh_from_db()
        assert theirs.job.state == State.FAILED

    def test_each_counts_and_a_request_has_a_limit(
        self, album: Album, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gallery.work.RETRIED_AT_ONCE", 2)
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "job": "3/m/user"}
        for _ in range(5):
            make_colorization(make_photo(album), State.FAILED)
        client = client_of(album.owner)
        assert client.post(address("jobs-retry")).json() == {"retried": 2, "left": 3}
        assert_problem(client.post(address("jobs-retry")), 429, "throttled")
        assert Job.objects.filter(state=State.FAILED).count() == 3

    def test_what_another_request_queued_meanwhile_is_not_counted(self, album: Album) -> None:
        for _ in range(2):
            make_colorization(make_photo(album), State.FAILED)
        chosen = work.to_retry(album.owner)
        services.retry(Job.objects.get(pk=chosen[0].pk))
        assert work.retry_some(album.owner, chosen) == (1, 0)

    def test_what_is_open_is_cancelled(self, album: Album) -> None:
        mine = make_colorization(make_photo(album), State.QUEUED)
        theirs = make_colorization(state=State.QUEUED)
        client = client_of(album.owner)
        assert client.post(address("jobs-cancel")).json() == {"cancelled": 1}
        mine.job.refresh_from_db()
        theirs.job.refresh_from_db()
        assert (mine.job.state, theirs.job.state) == (State.CANCELLED, State.QUEUED)
