"""Two changes of the same thing at the same time, each of what its sender has seen: one of them is refused."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from gallery import services
from gallery.models import Album
from tests.api import address, client_of
from tests.factories import make_album
from tests.gallery.test_deletion_races import while_deleting
from tests.gallery.test_upload_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def rename(album: Album, etag: str, title: str) -> Any:
    return client_of(album.owner).patch(
        address("album-detail", album),
        {"title": title},
        format="json",
        headers={"If-Match": etag},
    )


def etag(album: Album) -> str:
    return str(client_of(album.owner).get(address("album-detail", album))["ETag"])


def test_of_several_who_saw_the_same_one_changes_it() -> None:
    album = make_album()
    seen = etag(album)
    responses = at_once(*[partial(rename, album, seen, f"Title {number}") for number in range(4)])
    assert sorted(response.status_code for response in responses) == [200, 412, 412, 412]
    [changed] = [response for response in responses if response.status_code == 200]
    album.refresh_from_db()
    assert album.title == changed.json()["title"]


def test_what_a_page_is_changing_at_the_moment_is_waited_for() -> None:
    album = make_album()
    seen = etag(album)
    response = while_deleting(
        lambda: services.edit_album(album, title="Theirs"), lambda: rename(album, seen, "Mine")
    )
    assert response.status_code == 412
    album.refresh_from_db()
    assert album.title == "Theirs"
