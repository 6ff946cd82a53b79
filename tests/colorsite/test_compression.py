"""JSON of the API is compressed for whoever takes it, and for nobody else."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.api import address, client_of
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip"}


def test_a_page_of_photos_comes_compressed() -> None:
    client, url = client_of(make_photo().album.owner), address("photo-list")
    plain, compressed = client.get(url), client.get(url, headers=GZIP)
    assert compressed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(compressed.content)) == plain.json()
    assert len(compressed.content) == int(compressed["Content-Length"]) < len(plain.content)
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_its_etag_is_weak_and_good_for_both_conditions() -> None:
    photo = make_photo()
    client, url = client_of(photo.album.owner), address("photo-detail", photo)
    etag = client.get(url, headers=GZIP)["ETag"]
    assert etag == "W/" + client.get(url)["ETag"]
    assert client.get(url, headers={**GZIP, "If-None-Match": etag}).status_code == 304
    response = client.patch(
        url, {"title": "Other"}, format="json", headers={**GZIP, "If-Match": etag}
    )
    assert response.status_code == 200


def test_what_is_short_is_sent_as_it_is() -> None:
    response = client_of(make_user()).get(address("trash-size"), headers=GZIP)
    assert "Content-Encoding" not in response


def test_pictures_and_pages_are_sent_as_they_are() -> None:
    photo = make_photo(make_album(public=True))
    client = client_of(photo.album.owner)
    for url in (address("photo-original", photo), "/", "/explore/"):
        assert "Content-Encoding" not in client.get(url, headers=GZIP)


def test_long_problems_are_compressed_too() -> None:
    names = {f"unknown{number}": "" for number in range(50)}
    response = client_of(make_user()).get(address("me"), names, headers=GZIP)
    assert (response.status_code, response["Content-Encoding"]) == (400, "gzip")
    assert json.loads(gzip.decompress(response.content))["status"] == 400
