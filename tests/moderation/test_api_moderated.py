"""Photos and albums for staff: what is hidden, hiding it, and taking that back."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from gallery.models import Album, Photo
from gallery.services import trash_album
from moderation import decisions
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_staff, make_user
from tests.staff import log_of

pytestmark = pytest.mark.django_db

both = pytest.mark.parametrize("kind", ["moderated_photo", "moderated_album"])


@pytest.fixture
def staff() -> User:
    return make_staff()


def make(kind: str) -> Photo | Album:
    album = make_album(make_user(), public=True)
    return album if kind == "moderated_album" else make_photo(album)


def decide(staff: User, kind: str, record: Photo | Album, **order: str) -> Any:
    return client_of(staff).post(address(f"{kind}-decisions", record), order)


@both
def test_what_is_hidden_is_found_and_restored(staff: User, kind: str) -> None:
    hidden, other = make(kind), make(kind)
    assert decide(staff, kind, hidden, decision="hide", reason="Violence").status_code == 201
    client = client_of(staff)

    def found(**parameters: Any) -> list[str]:
        response = client.get(address(f"{kind}-list"), parameters)
        return [each["id"] for each in response.json()["results"]]

    assert found() == [str(other.pk), str(hidden.pk)]
    assert found(hidden="true") == [str(hidden.pk)]
    assert found(hidden="false") == [str(other.pk)]
    body = client.get(address(f"{kind}-detail", hidden)).json()
    assert (body["hidden_reason"], body["hidden_by"]["id"]) == ("Violence", staff.pk)
    assert found(owner=body["owner"]["id"]) == [str(hidden.pk)]

    assert decide(staff, kind, hidden, decision="restore").json()["text"] == "Restored."
    assert found(hidden="true") == []
    assert log_of(hidden) == ["Restored.", "Hidden: Violence"]


@both
def test_what_is_so_already_is_not_decided_again(staff: User, kind: str) -> None:
    record = make(kind)
    assert_problem(decide(staff, kind, record, decision="restore"), 409, "already_decided")
    decisions.hide(record, make_staff(), "Violence")
    again = decide(staff, kind, record, decision="hide", reason="Spam")
    assert_problem(again, 409, "already_decided")
    record.refresh_from_db()
    assert (record.hidden_reason, log_of(record)) == ("Violence", ["Hidden: Violence"])


@both
def test_hiding_needs_a_reason(staff: User, kind: str) -> None:
    response = decide(staff, kind, make(kind), decision="hide")
    assert invalid_fields(response) == {"reason": "required"}


@both
def test_what_is_in_the_trash_is_hidden_too_and_not_shown(staff: User, kind: str) -> None:
    record = make(kind)
    trash_album(record if isinstance(record, Album) else record.album)
    assert decide(staff, kind, record, decision="hide", reason="Spam").status_code == 201
    body = client_of(staff).get(address(f"{kind}-detail", record)).json()
    assert body["trashed_at"] is not None
    links = {"photo_url", "display_url", "thumbnail_url", "album_url"} & body.keys()
    assert {body[link] for link in links} == {None}
