"""Pages that ask about photos show them in color, once they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from colorizer.services import keep
from gallery.models import Photo
from jobs.models import Job
from tests.factories import make_colorization, make_photo

pytestmark = pytest.mark.django_db

ASKING = ["selection-delete", "selection-move", "selection-edit", "selection-color"]


@pytest.fixture
def photo(client: Client) -> Photo:
    photo = make_photo()
    client.force_login(photo.album.owner)
    return photo


def gray(photo: Photo) -> str:
    return f'src="{reverse("gallery:photo-thumbnail", args=[photo.pk])}'


@pytest.mark.parametrize("page", ["photo-edit", "photo-delete"])
def test_a_photo_is_in_color(client: Client, photo: Photo, page: str) -> None:
    address = reverse(f"gallery:{page}", args=[photo.pk])
    make_colorization(photo, Job.State.FAILED)
    assertContains(client.get(address), gray(photo))
    version = make_colorization(photo)
    colored = reverse("gallery:colorization-thumbnail", args=[version.pk])
    assertContains(client.get(address), f'src="{colored}')


@pytest.mark.parametrize("page", ASKING)
def test_selected_photos_are_in_color(client: Client, photo: Photo, page: str) -> None:
    version = make_colorization(photo)
    other = make_photo(photo.album)
    address = reverse(f"gallery:{page}")
    shown = client.post(address, {"photos": f"{photo.pk},{other.pk}", "ask": "yes"})
    colored = reverse("gallery:colorization-thumbnail", args=[version.pk])
    assertContains(shown, f'src="{colored}')
    assertContains(shown, gray(other))


def test_the_version_that_stands_is_shown(client: Client, photo: Photo) -> None:
    kept, _ = make_colorization(photo, variant="artistic"), make_colorization(photo)
    keep(kept)
    colored = reverse("gallery:colorization-thumbnail", args=[kept.pk])
    assertContains(client.get(reverse("gallery:photo-delete", args=[photo.pk])), f'src="{colored}')


def test_a_version_to_be_deleted_is_shown_itself(client: Client, photo: Photo) -> None:
    older, _ = make_colorization(photo, variant="artistic"), make_colorization(photo)
    page = client.get(reverse("gallery:colorization-delete", args=[older.pk]))
    colored = reverse("gallery:colorization-thumbnail", args=[older.pk])
    assertContains(page, f'src="{colored}')
