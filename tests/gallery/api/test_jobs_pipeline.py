"""A client that follows its jobs while real workers do them, through the site's own web server."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from colorsite.web_server.server import WebServer
from colorsite.wsgi import application
from gallery import archives, services
from jobs.transitions import ENDED
from tests.api import token_of
from tests.factories import make_album, make_photo, make_user
from tests.web_server import serving
from tests.worker import running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CHANGES = "/api/v1/jobs/changes/"


def ask(server: WebServer, path: str, token: str) -> dict[str, Any]:
    headers = {"X-Session-Token": token, "Prefer": "wait=30"}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body: dict[str, Any] = json.loads(response.read())
        assert response.status == 200, body
    return body


class Follower:
    """Asks for changes, and goes on from where it was told."""

    def __init__(self, server: WebServer, owner: User) -> None:
        self._server = server
        self._token = token_of(owner)
        self._cursor = ask(server, CHANGES, self._token)["cursor"]
        self.told: dict[str, list[str]] = {}

    def has_ended(self, jobs: Iterable[str]) -> bool:
        feed = ask(self._server, f"{CHANGES}?since={self._cursor}", self._token)
        self._cursor = feed["cursor"]
        for change in feed["changes"]:
            self.told.setdefault(change["job"], []).append(change["state"])
        return all(self.told.get(job, [""])[-1] in ENDED for job in jobs)


def test_each_change_is_told_once_and_in_order(tmp_path: Path) -> None:
    album = make_album(make_user())
    with serving(application) as server:
        follower = Follower(server, album.owner)
        versions = [services.colorize_photo(make_photo(album), "stable", 8) for _ in range(3)]
        jobs = {str(version.job_id) for version in versions}
        jobs.add(str(archives.request_archive(album).job_id))
        with running_worker(tmp_path, FILE_WORKERS="1"):
            wait_until(lambda: follower.has_ended(jobs), "the end of all jobs")
    assert follower.told == {job: ["queued", "running", "succeeded"] for job in jobs}
