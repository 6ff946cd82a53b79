"""Last-Modified of JSON: when anything of its owner's was written last, and never a date that two states may have."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from rest_framework.test import APIClient

from gallery.models import Album, LibraryChange
from tests.api import address, client_of
from tests.factories import make_album
from tests.gallery.test_changes import state

pytestmark = pytest.mark.django_db(transaction=True)

URL = address("album-list")


@pytest.fixture
def album() -> Album:
    return make_album()


@pytest.fixture
def client(album: Album) -> APIClient:
    return client_of(album.owner)


@pytest.fixture
def changed(album: Album, client: APIClient) -> int:
    """When: a day ago, for all that the database knows."""
    LibraryChange.objects.update(changed_at=timezone.now() - timedelta(days=1))
    return state(album.owner).changed_at


def since(client: APIClient, date: str, **headers: str) -> int:
    response = client.get(URL, headers={"If-Modified-Since": date, **headers})
    return int(response.status_code)


def sent(client: APIClient) -> int:
    return parse_http_date(client.get(URL)["Last-Modified"])


def test_is_the_second_of_the_last_change(client: APIClient, changed: int) -> None:
    # PostgreSQL: something else of the site may be uncommitted at the moment.
    assert sent(client) in {changed, changed - (connection.vendor == "postgresql")}


def test_is_the_second_before_as_long_as_another_change_may_have_it(
    album: Album, client: APIClient
) -> None:
    assert sent(client) == state(album.owner).changed_at - 1


def test_that_alone_is_enough_for_a_304(client: APIClient, changed: int) -> None:
    assert since(client, http_date(changed)) == 200  # nothing is remembered yet
    assert since(client, http_date(changed)) == 304
    Album.objects.update(title="Other")
    assert since(client, http_date(changed)) == 200


def test_another_date_than_was_sent_is_none(client: APIClient, changed: int) -> None:
    sent(client)
    for date in (http_date(changed - 1), http_date(changed + 3600), "yesterday", ""):
        assert since(client, date) == 200


def test_a_change_in_the_same_second_is_sent(album: Album, client: APIClient) -> None:
    for title in ("One", "Other", "Third"):
        date = client.get(URL)["Last-Modified"]
        Album.objects.update(title=title)
        client.get(URL)  # somebody else is sent it, and it is remembered
        assert since(client, date) == 200


def test_an_etag_goes_before_it(client: APIClient, changed: int) -> None:
    etag = client.get(URL)["ETag"]
    assert since(client, http_date(changed), **{"If-None-Match": '"another"'}) == 200
    assert since(client, http_date(0), **{"If-None-Match": etag}) == 304


def test_a_head_tells_it_as_well(client: APIClient) -> None:
    first = client.head(URL)
    assert first["Last-Modified"]
    assert client.head(URL, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["me", "limits", "trash", "share-list", "archive-list"])
def test_what_time_changes_has_none(client: APIClient, name: str) -> None:
    assert "Last-Modified" not in client.get(address(name))
