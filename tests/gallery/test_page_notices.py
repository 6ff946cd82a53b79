"""The list of notices, their number on every page, and what makes them read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from gallery.models import Album, Notice
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db
ADDRESS = reverse("gallery:notices")


def make_notice(owner: User, album: Album | None = None, **fields: int) -> Notice:
    numbers = {"succeeded": 300, **fields}
    return Notice.objects.create(owner=owner, kind="photos", album=album, **numbers)


def test_there_is_nothing_at_first(client: Client, owner: User) -> None:
    assertContains(client.get(ADDRESS), "Nothing yet.")
    assertNotContains(client.get("/"), "notice-link__count")


def test_the_newest_comes_first(client: Client, owner: User) -> None:
    older = make_notice(owner)
    Notice.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(days=1))
    make_notice(owner, succeeded=1, failed=2)
    text = client.get(ADDRESS).content.decode()
    assert text.index("1 photo is in color, 2 failed") < text.index("300 photos are in color")


def test_every_page_tells_how_many_are_new(client: Client, owner: User) -> None:
    for _ in range(2):
        make_notice(owner)
    make_notice(make_user())
    assertContains(client.get("/explore/"), "2 new notices")


def test_who_follows_one_has_read_it(client: Client, owner: User) -> None:
    album = make_album(owner)
    notice = make_notice(owner, album)
    assertRedirects(client.get(notice.get_absolute_url()), album.get_absolute_url())
    notice.refresh_from_db()
    assert notice.read_at is not None
    assertNotContains(client.get("/"), "notice-link__count")


def test_all_are_marked_as_read(client: Client, owner: User) -> None:
    make_notice(owner)
    theirs = make_notice(make_user())
    assertRedirects(client.post(reverse("gallery:notices-read")), ADDRESS)
    assert list(Notice.objects.unread()) == [theirs]


def test_those_of_others_are_theirs(client: Client, owner: User) -> None:
    notice = make_notice(make_user())
    assert client.get(notice.get_absolute_url()).status_code == 404
    assertNotContains(client.get(ADDRESS), "300 photos")
