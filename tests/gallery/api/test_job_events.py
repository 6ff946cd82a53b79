"""Server-sent events: what the feed of changes has, as it comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.services import end_sessions
from colorsite.web_server.server import WebServer
from colorsite.wsgi import application
from gallery.api import event_stream
from jobs import changes, services
from jobs.models import Job
from tests.api import assert_problem, client_of, token_of
from tests.factories import make_album, make_colorization, make_photo, make_user
from tests.web_server import serving
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
State = Job.State
EVENTS = "/api/v1/jobs/events/"
STREAMS = 1


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    settings.SSE_CONNECTIONS = STREAMS
    monkeypatch.setattr(event_stream, "LOOK_EVERY_SECONDS", 0.05)
    with serving(application) as server:
        yield server


@pytest.fixture
def owner() -> User:
    return make_user()


@contextmanager
def stream(server: WebServer, user: User, **headers: str) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", EVENTS, headers={"X-Session-Token": token_of(user), **headers})
        with closing(connection.getresponse()) as response:
            yield response


def message(response: HTTPResponse) -> dict[str, str]:
    """The fields of the next one."""
    fields = {}
    while line := response.readline().decode().strip():
        name, _colon, value = line.partition(":")
        fields[name] = value.strip()
    return fields


def queue_one(owner: User) -> Job:
    return make_colorization(make_photo(make_album(owner)), State.QUEUED).job


def test_changes_come_as_they_happen(server: WebServer, owner: User) -> None:
    with stream(server, owner) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert message(response)["id"]
        job = queue_one(owner)
        first = message(response)
        services.cancel(job)
        second = message(response)
    assert (first["event"], second["event"]) == ("jobs", "jobs")
    body = json.loads(second["data"])
    assert [change["state"] for change in body["changes"]] == ["cancelled"]
    assert [shown["state"] for shown in body["jobs"]] == ["cancelled"]
    assert body["cursor"] == second["id"]


def test_who_comes_again_misses_nothing(
    server: WebServer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        event_stream, "HEARTBEAT_SECONDS", 0.1
    )  # that the first is gone is soon seen
    with stream(server, owner) as response:
        last = message(response)["id"]
    wait_until(lambda: event_stream._places._taken == 0, "the end of the first stream")
    job = queue_one(owner)
    with stream(server, owner, **{"Last-Event-ID": last}) as response:
        message(response)
        body = json.loads(message(response)["data"])
    assert [change["job"] for change in body["changes"]] == [str(job.pk)]


def test_it_ends_after_a_while(
    server: WebServer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "LONGEST_SECONDS", 0)
    with stream(server, owner) as response:
        assert message(response)["id"]
        assert response.read() == b""


def test_it_shows_that_it_lives(
    server: WebServer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0)
    with stream(server, owner) as response:
        message(response)
        assert message(response) == {"": ""}


def test_it_ends_with_the_server(settings: Settings, owner: User) -> None:
    settings.SSE_CONNECTIONS = STREAMS
    with serving(application) as server, stream(server, owner) as response:
        message(response)
        server.stop()
        assert response.read() == b""


def test_one_too_many_is_refused_and_pages_are_served(server: WebServer, owner: User) -> None:
    with ExitStack() as streams:
        message(streams.enter_context(stream(server, owner)))
        for _ in range(3):
            refused = streams.enter_context(stream(server, owner))
            assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
            assert json.loads(refused.read())["code"] == "streams_unavailable"
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        streams.enter_context(closing(connection))
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200


def test_a_place_is_given_back_when_the_client_is_gone(
    server: WebServer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0.1)
    for _ in range(3):
        with stream(server, owner) as response:
            assert response.status == 200
            message(response)
        wait_until(lambda: event_stream._places._taken == 0, "the end of a stream")


def test_it_is_off_by_default(owner: User) -> None:
    response = client_of(owner).get(EVENTS)
    assert_problem(response, 404, "streams_unavailable")
    assert "Retry-After" not in response


def test_what_is_no_cursor_is_refused(owner: User) -> None:
    client = client_of(owner)
    assert_problem(client.get(EVENTS, {"since": "x"}), 400, "invalid_cursor")
    assert_problem(client.get(EVENTS, headers={"Last-Event-ID": "x"}), 400, "invalid_cursor")


def test_the_header_of_who_comes_again_goes_first(
    server: WebServer, owner: User, settings: Settings
) -> None:
    old = changes.latest(owner)
    queue_one(owner)
    new = changes.latest(owner)
    with stream(server, owner, **{"Last-Event-ID": str(new)}) as response:
        assert message(response)["id"] == str(new)
        assert str(old) != str(new)


def test_a_stream_ends_with_the_session(
    server: WebServer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0.1)
    with stream(server, owner) as response:
        assert response.readline().startswith(b"id: ")
        end_sessions(owner)
        assert response.read().strip(b":\n") == b""  # to the end, long before five minutes
