"""Making, editing, publishing and deleting an album."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from gallery import services
from gallery.models import Album, Photo
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_a_new_album_belongs_to_who_made_it(client: Client, owner: User) -> None:
    response = client.post("/albums/new/", {"title": "Summer", "description": "At the sea"})
    album = Album.objects.get(title="Summer")
    assertRedirects(response, album.get_absolute_url())
    assert (album.owner, album.description, album.is_public) == (owner, "At the sea", False)


def test_an_album_needs_a_title(client: Client, owner: User) -> None:
    response = client.post("/albums/new/", {"title": ""})
    assertContains(response, "This field is required.")
    assert not Album.objects.exists()


def test_the_owner_in_the_request_is_ignored(client: Client, owner: User) -> None:
    client.post("/albums/new/", {"title": "Summer", "owner": make_user().pk})
    assert Album.objects.get().owner == owner


def test_title_and_description_can_be_changed(client: Client, owner: User) -> None:
    album = make_album(owner)
    client.post(f"{album.get_absolute_url()}edit/", {"title": "Winter", "description": "Snow"})
    album.refresh_from_db()
    assert (album.title, album.description) == ("Winter", "Snow")


def test_an_order_that_is_sent_blank_stays_as_it_is(client: Client, owner: User) -> None:
    album = make_album(owner)
    services.edit_album(album, photo_order=Album.PhotoOrder.TAKEN)
    client.post(f"{album.get_absolute_url()}edit/", {"title": "Winter", "photo_order": ""})
    album.refresh_from_db()
    assert (album.title, album.photo_order) == ("Winter", Album.PhotoOrder.TAKEN)
    assert client.get(album.get_absolute_url()).status_code == 200


def test_publishing_tells_first_what_becomes_visible(client: Client, owner: User) -> None:
    photo = make_photo(make_album(owner))
    response = client.get(f"{photo.album.get_absolute_url()}publish/")
    assertContains(response, "Anyone will be able to see")
    assertContains(response, "1 photo, before and after")


def test_an_album_can_be_published_and_taken_back(client: Client, owner: User) -> None:
    album = make_album(owner)
    address = f"{album.get_absolute_url()}publish/"
    for action, public in (("publish", True), ("unpublish", False)):
        assertRedirects(client.post(address, {"action": action}), album.get_absolute_url())
        album.refresh_from_db()
        assert album.is_public == public


def test_an_unknown_action_publishes_nothing(client: Client, owner: User) -> None:
    album = make_album(owner)
    client.post(f"{album.get_absolute_url()}publish/", {"action": "explode"})
    album.refresh_from_db()
    assert not album.is_public


def test_deleting_asks_first(client: Client, owner: User) -> None:
    album = make_album(owner)
    assertContains(
        client.get(f"{album.get_absolute_url()}delete/"), "You can restore them there for 30 days"
    )
    assert Album.objects.filter(pk=album.pk).exists()


def test_deleting_takes_the_photos_along(client: Client, owner: User) -> None:
    photo = make_photo(make_album(owner))
    assertRedirects(client.post(f"{photo.album.get_absolute_url()}delete/"), "/")
    assert not Album.objects.kept().exists()
    assert not Photo.objects.kept().exists()
