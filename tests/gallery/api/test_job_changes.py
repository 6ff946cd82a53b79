"""One feed for all of a person's jobs: what changed, and how these jobs are now."""

from __future__ import annotations

from typing import Any

import pytest

from gallery.models import Album
from gallery.services import trash_photos
from jobs import changes, transitions
from jobs.models import Job
from tests.api import absolute, assert_problem, client_of
from tests.factories import make_album, make_archive, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
State = Job.State
CHANGES = "/api/v1/jobs/changes/"


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


def since(album: Album, cursor: str = "") -> dict[str, Any]:
    response = client_of(album.owner).get(CHANGES, {"since": cursor} if cursor else {})
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def test_without_a_cursor_it_says_where_to_begin(album: Album) -> None:
    make_colorization(make_photo(album))
    beginning = since(album)
    assert (beginning["changes"], beginning["jobs"]) == ([], [])
    assert since(album, beginning["cursor"])["changes"] == []


def test_changes_come_in_order_and_each_job_once(album: Album) -> None:
    cursor = since(album)["cursor"]
    colorization = make_colorization(make_photo(album))
    archive = make_archive(album, State.QUEUED)
    transitions.cancel(archive.job)
    body = since(album, cursor)
    assert [(change["job"], change["state"], change["attempt"]) for change in body["changes"]] == [
        (str(colorization.job_id), "queued", None),
        (str(colorization.job_id), "running", 1),
        (str(colorization.job_id), "succeeded", 1),
        (str(archive.job_id), "queued", None),
        (str(archive.job_id), "cancelled", None),
    ]
    assert [(job["url"], job["state"], job["subject"]["type"]) for job in body["jobs"]] == [
        (absolute("job-detail", colorization.job), "succeeded", "colorization"),
        (absolute("job-detail", archive.job), "cancelled", "archive"),
    ]
    assert body["has_more"] is False
    assert since(album, body["cursor"])["changes"] == []


def test_many_changes_come_in_pages(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    cursor = since(album)["cursor"]
    make_colorization(make_photo(album))
    first = since(album, cursor)
    assert ([change["state"] for change in first["changes"]], first["has_more"]) == (
        ["queued", "running"],
        True,
    )
    second = since(album, first["cursor"])
    assert ([change["state"] for change in second["changes"]], second["has_more"]) == (
        ["succeeded"],
        False,
    )


def test_those_of_others_are_not_among_them(album: Album) -> None:
    cursor = since(album)["cursor"]
    make_colorization()
    assert since(album, cursor)["changes"] == []


def test_a_job_that_lies_in_the_trash_has_changed_and_is_not_shown(album: Album) -> None:
    photo = make_photo(album)
    make_colorization(photo, State.QUEUED)
    cursor = since(album)["cursor"]
    trash_photos([photo])
    body = since(album, cursor)
    assert [change["state"] for change in body["changes"]] == ["cancelled"]
    assert body["jobs"] == []


@pytest.mark.parametrize("cursor", ["x", "0", "-1", "99999999999999999999", "1.aaaa"])
def test_what_is_no_cursor_is_refused(album: Album, cursor: str) -> None:
    response = client_of(album.owner).get(CHANGES, {"since": cursor})
    assert_problem(response, 400, "invalid_cursor")


def test_an_empty_cursor_is_none(album: Album) -> None:
    response = client_of(album.owner).get(CHANGES, {"since": ""})
    assert response.json()["changes"] == []
