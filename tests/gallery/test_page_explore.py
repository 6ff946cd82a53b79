"""The public gallery: published albums, and nothing of any other."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from gallery.models import Album
from gallery.views import home
from moderation import services as moderation
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


def make_exhibit(title: str) -> Album:
    album = make_album(title=title, public=True)
    make_colorization(make_photo(album))
    return album


def test_an_empty_gallery_tells_how_to_fill_it(client: Client) -> None:
    assertContains(client.get("/explore/"), "Publish one of your albums")


def test_published_albums_are_shown_with_a_picture(client: Client) -> None:
    album = make_exhibit("Harbor")
    response = client.get("/explore/")
    assertContains(response, "Harbor")
    assertContains(response, album.get_absolute_url())
    assertContains(response, "/colorizations/")
    assertContains(response, "/thumbnail/")


def test_private_albums_are_not_shown(client: Client) -> None:
    make_colorization(make_photo(make_album(title="Secret")))
    assertNotContains(client.get("/explore/"), "Secret")


def test_hidden_albums_are_not_shown(client: Client) -> None:
    moderation.hide(make_exhibit("Harbor"), make_user(), "Not nice")
    assertNotContains(client.get("/explore/"), "Harbor")


def test_albums_of_suspended_owners_are_not_shown(client: Client) -> None:
    owner = make_exhibit("Harbor").owner
    owner.is_active = False
    owner.save()
    assertNotContains(client.get("/explore/"), "Harbor")


def test_the_owners_address_is_not_shown(client: Client) -> None:
    owner = make_exhibit("Harbor").owner
    assertNotContains(client.get("/explore/"), owner.email)


def test_the_gallery_has_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "ALBUMS_PER_PAGE", 1)
    for title in ("Older", "Newer"):
        make_exhibit(title)
    assertNotContains(client.get("/explore/"), "Older</span>")
    assertContains(client.get("/explore/?page=2"), "Older</span>")
