"""Downloading photos that were selected: what is asked, how large it gets, which zip file comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from gallery.models import Album, Archive
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
ADDRESS = reverse("gallery:selection-download")


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user(), "Family")
    client.force_login(album.owner)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        make_photo(album, name=name)
    return album


def post(client: Client, album: Album, number: int = 2, **answers: Any) -> Any:
    keys = [photo.pk for photo in album.photos.order_by("original_name")[:number]]
    return client.post(ADDRESS, {"photos": keys, **answers})


def test_a_page_asks_what_with_the_size_of_each(client: Client, album: Album) -> None:
    photos = list(album.photos.order_by("original_name"))
    version = make_colorization(photos[0])
    assert version.result
    page = post(client, album)
    assertContains(page, "<h1>Download 2 photos</h1>", html=True)
    originals = sum(photo.original.bytes for photo in photos[:2])
    for size in (originals, version.result.bytes, originals + version.result.bytes):
        assertContains(page, f"about {filesizeformat(size)}")
    assert not Archive.objects.exists()


def test_the_zip_file_is_made_of_the_selected(client: Client, album: Album) -> None:
    response = post(client, album, confirmed="yes", holds="originals", with_details="on")
    archive = Archive.objects.get()
    assertRedirects(response, archive.get_absolute_url())
    assert sorted(photo.original_name for photo in archive.photos.all()) == ["a.jpg", "b.jpg"]
    assert (archive.holds, archive.with_details) == ("originals", True)
    assertContains(client.get(archive.get_absolute_url()), "Download 2 photos of “Family”")


def test_a_double_click_makes_one(client: Client, album: Album) -> None:
    for _ in range(2):
        post(client, album, confirmed="yes")
    assert Archive.objects.count() == 1


def test_all_of_an_album_is_the_album(client: Client, album: Album) -> None:
    assertContains(
        client.post(ADDRESS, {"all_of": album.pk}), "<h1>Download 3 photos</h1>", html=True
    )
    client.post(ADDRESS, {"all_of": album.pk, "confirmed": "yes"})
    archive = Archive.objects.get()
    assert (archive.content, archive.album) == ("album", album)


def test_an_unknown_choice_is_asked_again(client: Client, album: Album) -> None:
    assert post(client, album, confirmed="yes", holds="secrets").status_code == 200
    assert not Archive.objects.exists()


def test_an_empty_zip_file_is_refused_with_the_reason(client: Client, album: Album) -> None:
    selected = post(client, album, confirmed="yes", holds="results")
    whole = post(client, album, confirmed="yes", holds="results", all_of=album.pk)
    for page in (selected, whole):
        assertContains(page, "none of these photos has been colored. Choose the originals.")
    assert not Archive.objects.exists()


def test_photos_of_others_are_left_out(client: Client, album: Album) -> None:
    theirs = make_photo()
    assert client.post(ADDRESS, {"photos": [theirs.pk], "confirmed": "yes"}).status_code == 404
    own = album.photos.all()[0]
    client.post(ADDRESS, {"photos": [own.pk, theirs.pk], "confirmed": "yes"})
    assert list(Archive.objects.get().photos.all()) == [own]


def test_who_has_too_many_jobs_is_told(client: Client, album: Album, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    post(client, album, 1, confirmed="yes")
    response = post(client, album, confirmed="yes")
    assertRedirects(response, album.get_absolute_url(), fetch_redirect_response=False)
    assertContains(client.get(album.get_absolute_url()), "You have 1 job waiting")
    assert Archive.objects.count() == 1
