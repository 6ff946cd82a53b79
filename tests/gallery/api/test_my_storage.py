from __future__ import annotations

import pytest
from pytest_django import Settings

from filestore.services import usage_of
from gallery.services import trash_photos
from tests.api import absolute, address, client_of
from tests.factories import make_album, make_archive, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_the_kinds_are_all_that_is_kept(settings: Settings) -> None:
    album = make_album(make_user(), "Harbor")
    make_colorization(make_photo(album))
    used = usage_of(album.owner)
    settings.QUOTA_BYTES = used + 100
    body = client_of(album.owner).get(address("me-storage")).json()
    assert (body["bytes_used"], body["bytes_free"], body["bytes_reserved"]) == (used, 100, 0)
    assert [kind["name"] for kind in body["kinds"]] == ["originals", "results", "previews"]
    assert sum(kind["bytes"] for kind in body["kinds"]) == used
    (largest,) = body["albums"]
    assert (largest["title"], largest["url"]) == ("Harbor", absolute("album-detail", album))


def test_zip_files_are_named_and_do_not_count() -> None:
    album = make_album(make_user())
    make_photo(album)
    used = usage_of(album.owner)
    make_archive(album)
    body = client_of(album.owner).get(address("me-storage")).json()
    assert (body["bytes_used"], body["quota_bytes"], body["bytes_free"]) == (used, None, None)
    assert "archives" in [kind["name"] for kind in body["kinds"]]


def test_it_tells_what_the_trash_gives_back() -> None:
    photo = make_photo()
    trash_photos([photo])
    body = client_of(photo.album.owner).get(address("me-storage")).json()
    assert body["trash_bytes"] == body["bytes_used"] > 0
    assert body["albums"] == []
