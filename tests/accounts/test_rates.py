"""Pages and API count together what a person does, in a place that all processes share."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from colorsite.settings import SHARED_CACHE
from gallery.models import Album, Photo
from tests.api import address, client_of
from tests.factories import make_album, make_photo, make_upload, make_user

pytestmark = pytest.mark.django_db


def test_pages_and_api_share_the_count_of_albums(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"album": "2/m/user"}
    user = make_user()
    client.force_login(user)
    assert client.post(reverse("gallery:album-create"), {"title": "One"}).status_code == 302
    api = client_of(user)
    assert api.post(address("album-list"), {"title": "Two"}).status_code == 201
    for refused in (
        api.post(address("album-list"), {"title": "Three"}),
        client.post(reverse("gallery:album-create"), {"title": "Three"}),
    ):
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert client.get(reverse("gallery:album-create")).status_code == 200
    assert Album.objects.count() == 2


def test_each_file_of_a_form_counts(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"upload": "2/m/user"}
    client.force_login(make_user())
    form = {"variant": "artistic", "render_factor": 10, "photos": [make_upload()] * 3}
    assert client.post(reverse("gallery:upload"), form).status_code == 429
    assert not Photo.objects.exists()


def test_colorizing_on_a_page_is_limited(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "1/m/user"}
    photo = make_photo(make_album(make_user()))
    client.force_login(photo.album.owner)
    url = reverse("gallery:photo-colorize", args=[photo.pk])
    choices = {"variant": "artistic", "render_factor": 10}
    assert [client.post(url, choices).status_code for _ in range(2)] == [302, 429]


def test_others_are_not_held_up(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"album": "1/m/user"}
    for user in (make_user(), make_user()):
        response = client_of(user).post(address("album-list"), {"title": "One"})
        assert response.status_code == 201


def test_without_redis_the_database_keeps_the_count(settings: Settings) -> None:
    settings.CACHES = {**settings.CACHES, "default": SHARED_CACHE}
    settings.ACCOUNT_RATE_LIMITS = {"album": "1/m/user"}
    client_of(make_user()).post(address("album-list"), {"title": "One"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        [(key,)] = cursor.fetchall()
    assert ":album:1/60" in key
