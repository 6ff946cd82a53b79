from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from colorizer.models import Colorization
from gallery.models import Album
from gallery.services import publish
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    stored_files,
)
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def album() -> Album:
    album = make_album(make_user())
    publish(album)
    make_photo(album)
    return album


def test_the_list_counts_photos_and_links_to_them(album: Album) -> None:
    make_photo(make_album(make_user()))
    client = client_of(make_staff())
    content = client.get(page(Album, "changelist")).content.decode()
    link = f"/admin/gallery/photo/?album__id__exact={album.pk}"
    assert f'<a href="{link}">1</a>' in content
    assert list(client.get(link).context["cl"].queryset) == list(album.photos.all())


def test_a_hidden_album_is_gone_for_visitors_and_stays_with_its_owner(album: Album) -> None:
    act(client_of(make_staff()), "hide", [album], reason="Not theirs to publish")
    assert Client().get(album.get_absolute_url()).status_code == 404
    assert client_of(album.owner).get(album.get_absolute_url()).status_code == 200
    assert log_of(album) == ["Hidden: Not theirs to publish"]


def test_a_restored_album_is_back(album: Album) -> None:
    client = client_of(make_staff())
    act(client, "hide", [album], reason="Not theirs to publish")
    act(client, "restore", [album])
    assert Client().get(album.get_absolute_url()).status_code == 200


def test_deleting_an_album_leaves_no_file(
    album: Album, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_colorization(album.photos.get())
    make_archive(album)
    assert stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        client_of(make_staff()).post(page(Album, "delete", album), {"post": "yes"})
    assert not Album.objects.exists()
    assert not stored_files()


def test_staff_without_the_right_to_delete_photos_cannot_delete_their_album(album: Album) -> None:
    client = client_of(make_moderator("gallery.view_album", "gallery.delete_album"))
    assert client.post(page(Album, "delete", album), {"post": "yes"}).status_code == 403
    assert Album.objects.exists()


def test_the_page_that_asks_before_deleting_lists_the_colorizations_too(album: Album) -> None:
    make_colorization(album.photos.get())
    content = client_of(make_staff()).get(page(Album, "delete", album)).content.decode()
    assert "Colorizations: 1" in content
    assert page(Colorization, "change", Colorization.objects.get()) in content


def test_staff_without_the_right_to_delete_colorizations_cannot_delete_their_album(
    album: Album,
) -> None:
    permissions = ["gallery.view_album", "gallery.delete_album", "gallery.delete_photo"]
    make_colorization(album.photos.get())
    client = client_of(make_moderator(*permissions))
    assert client.post(page(Album, "delete", album), {"post": "yes"}).status_code == 403
    client = client_of(make_moderator(*permissions, "colorizer.delete_colorization"))
    assert client.post(page(Album, "delete", album), {"post": "yes"}).status_code == 302
    assert not Album.objects.exists()
