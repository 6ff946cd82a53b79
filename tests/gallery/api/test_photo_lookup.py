"""Which files somebody has already: asked by checksum, before they are sent."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from gallery.models import Photo
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_user, picture_bytes

pytestmark = pytest.mark.django_db

CONTENT = picture_bytes()
DIGEST = hashlib.sha256(CONTENT).hexdigest()
OTHER = "0" * 64


def ask(user: User, *digests: str) -> Any:
    return client_of(user).post(address("photo-lookup"), {"sha256": digests}, format="json")


def test_it_tells_the_photo_and_its_album() -> None:
    photo = make_photo(make_album(title="1932"), CONTENT)
    [found] = ask(photo.album.owner, OTHER, DIGEST.upper()).json()
    assert found["sha256"] == DIGEST
    assert found["photo_url"].endswith(address("photo-detail", photo))
    assert found["web_url"].endswith(photo.get_absolute_url())
    assert found["album"] == {"id": str(photo.album_id), "title": "1932"}


def test_of_several_copies_the_newest_is_told() -> None:
    album = make_album()
    newest = [make_photo(album, CONTENT) for _ in range(3)][-1]
    [found] = ask(album.owner, DIGEST, DIGEST).json()
    assert found["photo_url"].endswith(address("photo-detail", newest))


def test_what_is_in_the_trash_and_what_others_have_is_not_told() -> None:
    photo = make_photo(make_album(public=True), CONTENT)
    assert ask(make_user(), DIGEST).json() == []
    Photo.objects.update(trashed_at=Now())
    assert ask(photo.album.owner, DIGEST).json() == []


@pytest.mark.parametrize("digests", [[], ["abc"], [OTHER] * 501, ["g" * 64]])
def test_what_cannot_be_a_checksum(digests: list[str]) -> None:
    fields = invalid_fields(ask(make_user(), *digests))
    assert [name.split(".")[0] for name in fields] == ["sha256"]


def test_many_cost_no_more_queries_than_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    album = make_album()
    contents = [picture_bytes(width) for width in (40, 50, 60)]
    for content in contents:
        make_photo(album, content)
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    digests += [f"{number:064}" for number in range(497)]
    client = client_of(album.owner)
    with django_assert_num_queries(4):  # session, user, pages of documents, photos
        found = client.post(address("photo-lookup"), {"sha256": digests}, format="json").json()
    assert len(found) == 3
