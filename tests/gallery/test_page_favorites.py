"""Favorites: marking a photo on its card and on its page, and all of them on one page."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from gallery import services
from gallery.models import Album, Photo
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db

ADDRESS = reverse("gallery:favorites")


@pytest.fixture
def album(client: Client) -> Album:
    album = make_album(make_user())
    client.force_login(album.owner)
    return album


@pytest.fixture
def photo(album: Album) -> Photo:
    return add_bare_photos(album, 1)[0]


def address(photo: Photo) -> str:
    return reverse("gallery:photo-favorite", args=[photo.pk])


def is_favorite(photo: Photo) -> bool:
    return Photo.objects.get(pk=photo.pk).is_favorite


@pytest.mark.parametrize(("sent", "expected"), [("true", True), ("false", False), ("", False)])
def test_a_photo_is_marked_or_not(client: Client, photo: Photo, sent: str, expected: bool) -> None:
    services.set_favorite(photo, not expected)
    assertRedirects(client.post(address(photo), {"favorite": sent}), photo.get_absolute_url())
    assert is_favorite(photo) is expected


def mark_on(client: Client, page: str, photo: Photo) -> Any:
    """As a browser without scripts does on this page."""
    return client.post(address(photo), {"favorite": "true"}, headers={"Referer": page})


def test_without_scripts_the_page_comes_again(client: Client, photo: Photo) -> None:
    back = f"{photo.album.get_absolute_url()}?page=1"
    response = mark_on(client, f"{settings.SITE_URL}{back}", photo)
    assert response["Location"] == f"{settings.SITE_URL}{back}"


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "javascript:alert(1)", "http://[", ""]
)
def test_nobody_is_sent_to_another_site(client: Client, photo: Photo, back: str) -> None:
    response = mark_on(client, back, photo)
    assertRedirects(response, photo.get_absolute_url())


def test_with_scripts_only_the_button_comes(client: Client, photo: Photo) -> None:
    response = client.post(address(photo), {"favorite": "true"}, headers={"HX-Request": "true"})
    assertContains(response, 'aria-pressed="true"')
    assertNotContains(response, "<html")


def test_of_a_photo_in_the_trash_nobody_hears(client: Client, photo: Photo) -> None:
    Photo.objects.update(trashed_at=timezone.now())
    assert client.post(address(photo), {"favorite": "true"}).status_code == 404


def test_the_button_is_on_cards_and_on_the_page_of_a_photo(client: Client, photo: Photo) -> None:
    for page in (photo.album.get_absolute_url(), photo.get_absolute_url(), "/"):
        assertContains(client.get(page), address(photo))


def test_visitors_see_no_button(client: Client, photo: Photo) -> None:
    services.publish(photo.album)
    client.force_login(make_user())
    for page in (photo.album.get_absolute_url(), photo.get_absolute_url()):
        response = client.get(page)
        assertContains(response, str(photo.pk))
        assertNotContains(response, "favorite__button")


def test_favorites_of_all_albums_are_on_one_page(client: Client, photo: Photo) -> None:
    assertContains(client.get(ADDRESS), "No favorites yet")
    other = add_bare_photos(make_album(photo.album.owner), 1)[0]
    theirs = add_bare_photos(make_album(), 1)[0]
    for each in (photo, other, theirs):
        services.set_favorite(each, True)
    add_bare_photos(photo.album, 1)
    response = client.get(ADDRESS)
    assert response.context["photos"] == [other, photo]
