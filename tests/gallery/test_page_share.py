"""The pages on which an owner shares an album or a photo, and looks after the links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from gallery import services, sharing
from gallery.models import Album
from gallery.models.shares import Share
from gallery.trash.deleting import trash_photos
from tests.bulk import add_photos
from tests.factories import make_album, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, "Summer")


def test_an_album_and_a_photo_lead_to_their_links(client: Client, album: Album) -> None:
    photo = make_photo(album)
    for thing in (album, photo):
        address = f"{thing.get_absolute_url()}share/"
        assertContains(client.get(thing.get_absolute_url()), address)
        assertContains(client.get(address), "Create link")


def test_a_link_is_made_and_shown_again(client: Client, album: Album) -> None:
    address = f"/albums/{album.pk}/share/"
    choices = {"message": "For you", "shows_originals": "on", "days": "7", "password": "cake"}
    assertRedirects(client.post(address, choices), address)
    share = Share.objects.get()
    assert (share.album, share.message, share.shows_originals) == (album, "For you", True)
    assert (share.shows_details, share.allows_downloads, share.has_password) == (False, False, True)
    assert share.expires_at
    assert timedelta(days=6) < share.expires_at - timezone.now() < timedelta(days=8)
    for page in (address, "/shares/"):
        assertContains(client.get(page), f"{settings.SITE_URL}/s/{share.token}/")


def test_there_are_only_so_many(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MAX_SHARES", 0)
    response = client.post(f"/albums/{album.pk}/share/", {})
    assertContains(response, "You have 0 links. Delete one first.")


def test_links_to_what_is_in_the_trash_take_no_place(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can delete one: their list does not have it."""
    monkeypatch.setattr(sharing, "MAX_SHARES", 1)
    gone = make_photo(album)
    sharing.create(album.owner, gone)
    trash_photos([gone])
    address = f"/albums/{album.pk}/share/"
    assertRedirects(client.post(address, {}), address)


def test_a_change_keeps_link_end_and_password(client: Client, album: Album) -> None:
    end = timezone.now() + timedelta(days=3)
    share = sharing.create(album.owner, album, password="cake", expires_at=end)
    client.post(f"/shares/{share.pk}/", {"title": "Lake", "days": "keep"})
    now = Share.objects.get()
    assert (now.title, now.shows_originals) == ("Lake", False)
    kept = ("token", "password", "expires_at", "view_count")
    assert [getattr(now, name) for name in kept] == [getattr(share, name) for name in kept]


def test_the_form_of_a_link_with_an_end_keeps_it_unless_another_is_chosen(
    client: Client, album: Album
) -> None:
    end = timezone.now() + timedelta(days=3)
    share = sharing.create(album.owner, album, expires_at=end)
    page = client.get(f"/shares/{share.pk}/")
    assertContains(page, '<option value="keep" selected>As it is</option>', html=True)
    forever = sharing.create(album.owner, album)
    page = client.get(f"/shares/{forever.pk}/")
    assertContains(page, '<option value="" selected>Never</option>', html=True)


def test_end_and_password_are_taken_away(client: Client, album: Album) -> None:
    end = timezone.now() + timedelta(days=3)
    share = sharing.create(album.owner, album, password="cake", expires_at=end)
    client.post(f"/shares/{share.pk}/", {"days": "", "removes_password": "on"})
    share.refresh_from_db()
    assert (share.expires_at, share.has_password) == (None, False)


def test_one_that_has_expired_is_there_to_be_given_another_end(
    client: Client, album: Album
) -> None:
    past = timezone.now() - timedelta(days=1)
    share = sharing.create(album.owner, album, expires_at=past)
    assertContains(client.get("/shares/"), "Expired")
    client.post(f"/shares/{share.pk}/", {"days": "30"})
    assert Share.objects.live().get() == share


def test_a_deleted_link_leaves_nothing(client: Client, album: Album) -> None:
    share = sharing.create(album.owner, album)
    assertContains(client.get(f"/shares/{share.pk}/delete/"), "Summer")
    client.post(f"/shares/{share.pk}/delete/")
    assert not Share.objects.exists()


def test_links_of_what_is_in_the_trash_are_not_listed(client: Client, album: Album) -> None:
    share = sharing.create(album.owner, album)
    services.trash_album(album)
    assertNotContains(client.get("/shares/"), share.token)


@pytest.mark.parametrize("rows", [10, 200])
def test_what_visitors_see_costs_the_same_for_any_number(
    owner: User, album: Album, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_photos(album, rows)
    share = sharing.create(owner, album)
    visitor = Client()
    # link, album, sections, number, keys, photos, versions, the visit
    with django_assert_num_queries(8):
        assert visitor.get(share.get_absolute_url()).status_code == 200
    photo = album.photos.all()[rows // 2]
    # link, photo, version, sections, neighbors, their versions
    with django_assert_num_queries(6):
        address = f"{share.get_absolute_url()}photos/{photo.pk}/"
        assert visitor.get(address).status_code == 200
