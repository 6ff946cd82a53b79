"""`Prefer: wait=N`: the answer comes when something has changed, and pages are served meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from accounts.models import User
from colorsite.web_server import waiting
from colorsite.web_server.server import WebServer
from colorsite.wsgi import application
from jobs import changes, services, transitions
from jobs.models import Job
from tests.api import address, client_of, token_of
from tests.factories import make_album, make_archive, make_colorization, make_photo, make_user
from tests.web_server import THREADS, serving
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving(application) as server:
        yield server


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def job(owner: User) -> Job:
    return make_colorization(make_photo(make_album(owner)), State.QUEUED).job


class Asked:
    """A request that is on its way."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection

    def response(self) -> tuple[HTTPResponse, dict[str, Any]]:
        response = self._connection.getresponse()
        return response, json.loads(response.read() or "{}")


@contextmanager
def asked(
    server: WebServer,
    path: str,
    user: User,
    prefer: str = "wait=30",
    method: str = "GET",
    **others: str,
) -> Iterator[Asked]:
    headers = {"X-Session-Token": token_of(user), "Prefer": prefer, **others}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request(method, path, headers=headers)
        yield Asked(connection)


def wait_for_suspended(server: WebServer, number: int = 1) -> None:
    wait_until(lambda: len(server.waiting) == number, f"{number} suspended requests", pause=0.01)


def path_of(job: Job) -> str:
    return address("job-detail", job)


def test_a_job_is_answered_when_its_state_changes(server: WebServer, job: Job) -> None:
    with asked(server, path_of(job), job.owner) as request:
        wait_for_suspended(server)
        services.cancel(job)
        response, body = request.response()
    assert (response.status, body["state"]) == (200, "cancelled")
    assert response.headers["Preference-Applied"] == "wait=30"
    assert len(server.waiting) == 0


def test_and_when_it_makes_progress(server: WebServer, owner: User) -> None:
    job = make_colorization(make_photo(make_album(owner)), State.RUNNING).job
    with asked(server, path_of(job), owner) as request:
        wait_for_suspended(server)
        transitions.renew(job, 75)
        assert request.response()[1]["progress"] == 75


def test_and_when_it_is_deleted(server: WebServer, job: Job) -> None:
    with asked(server, path_of(job), job.owner) as request:
        wait_for_suspended(server)
        services.delete(Job.objects.filter(pk=job.pk))
        response, body = request.response()
    assert (response.status, body["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("colorization-detail", lambda photo: make_colorization(photo, State.QUEUED)),
        ("archive-detail", lambda photo: make_archive(photo.album, State.QUEUED)),
    ],
)
def test_so_is_what_it_is_about(
    server: WebServer, owner: User, name: str, make: Callable[..., Any]
) -> None:
    record = make(make_photo(make_album(owner)))
    with asked(server, address(name, record), owner) as request:
        wait_for_suspended(server)
        services.cancel(record.job)
        response, body = request.response()
    assert body["state"] == "cancelled"
    assert response.headers["Preference-Applied"] == "wait=30"


def test_the_feed_is_answered_when_any_job_changes(server: WebServer, owner: User) -> None:
    cursor = changes.latest(owner)
    with asked(server, f"/api/v1/jobs/changes/?since={cursor}", owner) as request:
        wait_for_suspended(server)
        job = make_colorization(make_photo(make_album(owner)), State.QUEUED).job
        response, body = request.response()
    assert [change["job"] for change in body["changes"]] == [str(job.pk)]
    assert response.headers["Preference-Applied"] == "wait=30"


def test_nobody_waits_longer_than_asked_for(server: WebServer, job: Job) -> None:
    with asked(server, path_of(job), job.owner, "respond-async, Wait = 1; x=y") as request:
        response, body = request.response()
    assert body["state"] == "queued"
    assert response.headers["Preference-Applied"] == "wait=1"
    assert response.headers["Retry-After"] == "1"


def test_nor_longer_than_the_site_has_it(server: WebServer, job: Job) -> None:
    with asked(server, path_of(job), job.owner, "wait=9999") as request:
        wait_for_suspended(server)
        services.cancel(job)
        assert request.response()[0].headers["Preference-Applied"] == "wait=30"


@pytest.mark.parametrize(
    "prefer", ["", "wait", "wait=", "wait=soon", "wait=-1", "wait=0", "await=30", "wait=1e3", "é"]
)
def test_other_preferences_are_passed_over(server: WebServer, job: Job, prefer: str) -> None:
    with asked(server, path_of(job), job.owner, prefer) as request:
        response, _body = request.response()
    assert response.status == 200
    assert "Preference-Applied" not in response.headers


def test_what_is_finished_is_answered_at_once(server: WebServer, owner: User) -> None:
    job = make_colorization(make_photo(make_album(owner))).job
    with asked(server, path_of(job), owner) as request:
        response, _body = request.response()
    assert "Preference-Applied" not in response.headers


def test_a_change_of_what_one_has_seen_is_made_once_and_at_once(
    server: WebServer, owner: User
) -> None:
    version = make_colorization(make_photo(make_album(owner)), State.QUEUED)
    path = address("colorization-detail", version)
    etag = client_of(owner).get(path)["ETag"]
    with asked(server, path, owner, method="DELETE", **{"If-Match": etag}) as request:
        response, _body = request.response()
    assert response.status == 204
    assert client_of(owner).get(path).status_code == 404


def test_another_web_server_answers_at_once(job: Job) -> None:
    response = client_of(job.owner).get(path_of(job), headers={"Prefer": "wait=30"})
    assert response.status_code == 200
    assert "Preference-Applied" not in response


def test_however_many_wait_pages_are_served(server: WebServer, job: Job) -> None:
    number = 4 * THREADS
    with ExitStack() as stack:
        requests = [stack.enter_context(asked(server, path_of(job), job.owner)) for _ in range(8)]
        wait_for_suspended(server, number)
        with asked(server, "/api/v1/me/", job.owner) as page:
            assert page.response()[0].status == 200
        assert len(server.waiting) == number
        services.cancel(job)
        assert {request.response()[1]["state"] for request in requests} == {"cancelled"}


@pytest.mark.parametrize("limit", ["MAX_WAITING", "MAX_WAITING_OF_ONE"])
def test_one_too_many_is_answered_at_once(
    server: WebServer, job: Job, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, limit, 1)
    with asked(server, path_of(job), job.owner) as first:
        wait_for_suspended(server)
        with asked(server, path_of(job), job.owner) as second:
            response, body = second.response()
        assert (response.status, body["state"]) == (200, "queued")
        assert "Preference-Applied" not in response.headers
        services.cancel(job)
        assert first.response()[1]["state"] == "cancelled"


def test_who_waits_is_answered_when_the_server_stops(job: Job) -> None:
    with serving(application) as server, asked(server, path_of(job), job.owner) as request:
        wait_for_suspended(server)
        server.stop()
        response, body = request.response()
    assert (response.status, body["state"]) == (200, "queued")


def test_a_session_that_ends_meanwhile_is_not_answered(server: WebServer, job: Job) -> None:
    with asked(server, path_of(job), job.owner) as request:
        wait_for_suspended(server)
        User.objects.filter(pk=job.owner_id).update(is_active=False)
        services.cancel(job)
        response, body = request.response()
    assert (response.status, body["code"]) == (401, "authentication_failed")


def test_a_wait_keeps_no_thread_behind() -> None:
    with serving(application):
        pass
    assert "waiting" not in {thread.name for thread in threading.enumerate()}
