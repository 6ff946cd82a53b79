"""Links that people share: staff see what they open, never the secret, and may end them."""

from __future__ import annotations

import pytest
from django.test import Client

from gallery import sharing
from gallery.models import Album
from gallery.models.shares import Share
from tests.factories import make_album, make_staff, make_user
from tests.staff import client_of, make_moderator, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def share() -> Share:
    album = make_album(title="Summer")
    return sharing.create(album.owner, album, password="cake")


def test_list_and_page_tell_what_it_opens_and_not_the_link(share: Share) -> None:
    client = client_of(make_staff())
    for address in (page(Share, "changelist"), page(Share, "change", share)):
        content = client.get(address).content.decode()
        assert "Summer" in content
        assert share.owner.email in content
        assert f"{share.token[:4]}…" in content
        assert share.token[:8] not in content
        assert share.password not in content
    assert client_of(make_user(is_staff=True)).get(address).status_code == 403


def test_staff_end_it(share: Share) -> None:
    client = client_of(make_moderator("gallery.delete_share", "gallery.view_share"))
    client.post(page(Share, "delete", share), {"post": "yes"})
    assert not Share.objects.exists()
    assert Client().get(share.get_absolute_url()).status_code == 404


def test_whoever_may_delete_an_album_deletes_its_links_with_it(share: Share) -> None:
    client = client_of(make_moderator("gallery.delete_album", "gallery.view_album"))
    client.post(page(Album, "delete", Album.objects.get()), {"post": "yes"})
    assert not Album.objects.exists()
    assert not Share.objects.exists()
