"""Notices for apps: listed, and marked as read."""

from __future__ import annotations

import pytest

from gallery import services
from gallery.models import Notice
from gallery.trash import restoring
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db


def test_they_tell_what_is_done_and_where_it_is() -> None:
    album = make_album()
    Notice.objects.create(owner=album.owner, kind="photos", succeeded=300, failed=2, album=album)
    client = client_of(album.owner)
    [notice] = client.get(address("notice-list")).json()["results"]
    assert notice["text"] == "300 photos are in color, 2 failed"
    assert (notice["kind"], notice["succeeded"], notice["failed"]) == ("photos", 300, 2)
    assert client.get(notice["album_url"]).status_code == 200
    assert (notice["archive_url"], notice["read_at"]) == (None, None)


def test_an_album_in_the_trash_has_no_address() -> None:
    album = make_album()
    Notice.objects.create(owner=album.owner, kind="photos", succeeded=2, album=album)
    moment = services.trash_album(album)
    client = client_of(album.owner)
    assert client.get(address("notice-list")).json()["results"][0]["album_url"] is None
    restoring.undo(album.owner, moment)
    [notice] = client.get(address("notice-list")).json()["results"]
    assert client.get(notice["album_url"]).status_code == 200


def test_some_or_all_are_marked_as_read() -> None:
    owner = make_user()
    notices = [Notice.objects.create(owner=owner, kind="photos", failed=1) for _ in range(3)]
    theirs = Notice.objects.create(owner=make_user(), kind="photos", failed=1)
    client = client_of(owner)
    assert client.get(address("me")).json()["unread_notices"] == 3
    some = {"notices": [notices[0].pk, theirs.pk]}
    assert client.post(address("notices-read"), some).json() == {"unread": 2}
    assert client.post(address("notices-read")).json() == {"unread": 0}
    assert list(Notice.objects.unread()) == [theirs]


def test_keys_that_are_none() -> None:
    response = client_of(make_user()).post(address("notices-read"), {"notices": ["x"]})
    assert "notices" in str(invalid_fields(response))
