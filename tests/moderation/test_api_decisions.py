"""The log of what staff decided: read by those who may, written by decisions only."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import User
from gallery.models import Photo
from moderation import decisions
from tests.api import address, assert_problem, client_of
from tests.factories import make_photo, make_staff
from tests.staff import make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    return make_photo()


def texts(staff: User) -> list[str]:
    results = client_of(staff).get(address("decision-list")).json()["results"]
    return [entry["text"] for entry in results]


def decide(photo: Photo) -> User:
    """Of two kinds, by the same person."""
    staff = make_staff()
    decisions.hide(photo, staff, "Violence")
    decisions.suspend(photo.album.owner, staff, "Spam")
    return staff


def test_the_newest_come_first(photo: Photo) -> None:
    staff = decide(photo)
    assert texts(staff) == ["Suspended: Spam", "Hidden: Violence"]
    assert texts(make_moderator("admin.view_logentry")) == texts(staff)


def test_who_may_look_at_records_reads_their_history(photo: Photo) -> None:
    decide(photo)
    assert texts(make_moderator("gallery.view_photo")) == ["Hidden: Violence"]
    assert texts(make_moderator("accounts.change_user")) == ["Suspended: Spam"]
    assert texts(make_moderator()) == []


def test_one_says_who_and_what(photo: Photo) -> None:
    staff = decide(photo)
    entry = LogEntry.objects.get(object_id=str(photo.pk))
    body = client_of(staff).get(address("decision-detail", entry)).json()
    assert body["decided_by"] == {"id": staff.pk, "email": staff.email, "name": staff.name}
    assert (body["about_kind"], body["about_id"]) == ("photo", str(photo.pk))
    assert body["about_name"] == str(photo)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_nothing_of_it_is_changed(photo: Photo, method: str) -> None:
    staff = decide(photo)
    for where in (
        address("decision-list"),
        address("decision-detail", LogEntry.objects.earliest("pk")),
    ):
        response = getattr(client_of(staff), method)(where)
        assert_problem(response, 405, "method_not_allowed")
    assert LogEntry.objects.count() == 2
