"""Everybody's jobs for staff: found by what became of them, tried again, stopped, put first."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import make_archive, make_colorization, make_staff
from tests.staff import log_of

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def staff() -> User:
    return make_staff()


def found(staff: User, **parameters: Any) -> list[str]:
    response = client_of(staff).get(address("moderated_job-list"), parameters)
    return [job["id"] for job in response.json()["results"]]


def test_jobs_are_found_by_what_became_of_them(staff: User) -> None:
    failed, archive = make_colorization(state=State.FAILED).job, make_archive().job
    assert set(found(staff)) == {str(failed.pk), str(archive.pk)}
    assert found(staff, state="failed") == [str(failed.pk)]
    assert found(staff, kind="album_archive") == found(staff, queue="files") == [str(archive.pk)]
    assert found(staff, owner=failed.owner_id) == [str(failed.pk)]
    assert found(staff, error_code=failed.error_code) == [str(failed.pk)]


def test_one_tells_whose_it_is_and_what_it_is_about(staff: User) -> None:
    version = make_colorization(state=State.FAILED)
    body = client_of(staff).get(address("moderated_job-detail", version.job)).json()
    assert body["owner"]["email"] == version.job.owner.email
    assert str(version.source.photo) in body["about"]
    assert body["error_text"] == version.job.error_message


@pytest.mark.parametrize(
    ("decision", "before", "after", "text"),
    [
        ("retry", State.FAILED, State.QUEUED, "Queued again."),
        ("cancel", State.QUEUED, State.CANCELLED, "Cancelled."),
        ("put_first", State.QUEUED, State.QUEUED, "Put first."),
    ],
)
def test_what_staff_do_is_logged_and_not_done_to_what_is_done(
    staff: User, decision: str, before: State, after: State, text: str
) -> None:
    job, done = make_colorization(state=before).job, make_colorization(state=State.SUCCEEDED).job
    client, order = client_of(staff), {"decision": decision}
    response = client.post(address("moderated_job-decisions", job), order)
    assert (response.status_code, response.json()["text"]) == (201, text)
    job.refresh_from_db()
    assert (job.state, job.priority) == (after, int(decision == "put_first"))
    refused = client.post(address("moderated_job-decisions", done), order)
    assert_problem(refused, 409, "already_decided")
    body = {"decision": decision, "ids": [done.pk]}
    response = client.post(address("moderated_jobs-decisions"), body, format="json")
    assert [outcome["status"] for outcome in response.json()] == ["already_decided"]
    assert (log_of(job), log_of(done)) == ([text], [])
