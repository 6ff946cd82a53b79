"""The cover of an album: the newest result, unless its owner chooses a photo."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import User
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from moderation import services as moderation
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, public=True)


def choose(client: Client, *photos: Photo) -> int:
    keys = [photo.pk for photo in photos]
    return client.post(reverse("gallery:selection-cover"), {"photos": keys}).status_code


def of_result(colorization: Colorization) -> str:
    return reverse("gallery:colorization-thumbnail", args=[colorization.pk])


def of_photo(photo: Photo) -> str:
    return reverse("gallery:photo-thumbnail", args=[photo.pk])


def cover(client: Client, page: str = "/") -> str:
    content = client.get(page).content.decode()
    return content.split('class="album-card"')[1].split('src="')[1].split('"')[0]


def test_the_newest_result_is_the_cover(client: Client, album: Album) -> None:
    photo = make_photo(album)
    assert cover(client) == of_photo(photo)
    results = [make_colorization(make_photo(album)) for _ in range(2)]
    make_photo(album)
    assert cover(client) == of_result(results[1])


def test_the_owner_chooses_another(client: Client, album: Album) -> None:
    first, _ = (make_colorization(make_photo(album)) for _ in range(2))
    assert choose(client, first.source.photo) == 302
    assert cover(client) == cover(client, "/explore/") == of_result(first)


def test_a_gray_photo_is_a_cover_for_the_owner_only(client: Client, album: Album) -> None:
    result, gray = make_colorization(make_photo(album)), make_photo(album)
    choose(client, gray)
    assert cover(client) == of_photo(gray)
    assert cover(client, "/explore/") == of_result(result)


def test_a_hidden_cover_is_replaced_for_visitors(client: Client, album: Album) -> None:
    first, second = (make_colorization(make_photo(album)) for _ in range(2))
    choose(client, first.source.photo)
    moderation.hide(first.source.photo, make_staff(), "Not nice")
    assert cover(client, "/explore/") == of_result(second)


def test_a_cover_that_leaves_the_album_is_none(client: Client, album: Album) -> None:
    first, second = (make_colorization(make_photo(album)) for _ in range(2))
    choose(client, first.source.photo)
    services.move_photos([first.source.photo], make_album(make_user()))
    album.refresh_from_db()
    assert album.cover is None
    assert cover(client) == of_result(second)


def test_the_choice_is_given_up_on_the_page_to_edit(client: Client, album: Album) -> None:
    first, second = (make_colorization(make_photo(album)) for _ in range(2))
    edit = reverse("gallery:album-edit", args=[album.pk])
    assert "newest_as_cover" not in client.get(edit).context["form"].fields
    choose(client, first.source.photo)
    client.post(edit, {"title": "Farm"})
    assert cover(client) == of_result(first)
    client.post(edit, {"title": "Farm", "newest_as_cover": "on"})
    assert cover(client) == of_result(second)


def test_an_album_has_one_cover(client: Client, album: Album) -> None:
    photos = [make_photo(album) for _ in range(2)]
    keys = [photo.pk for photo in photos]
    response = client.post(reverse("gallery:selection-cover"), {"photos": keys})
    assertContains(response, "select one photo", status_code=400)
