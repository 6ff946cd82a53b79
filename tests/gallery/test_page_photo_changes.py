"""Coloring a photo again, stopping that, and deleting a version or the photo."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from colorizer.models import Colorization
from gallery.models import Photo
from jobs.models import Job
from tests.factories import make_colorization, make_photo

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def photo(client: Client) -> Photo:
    photo = make_photo()
    client.force_login(photo.album.owner)
    return photo


def test_another_look_is_queued(client: Client, photo: Photo) -> None:
    choices = {"variant": "video", "render_factor": 31}
    response = client.post(f"/photos/{photo.pk}/colorize/", choices)
    colorization = photo.colorizations.get()
    assertRedirects(response, f"{photo.get_absolute_url()}?version={colorization.pk}")
    assert (colorization.variant, colorization.render_factor, colorization.job.state) == (
        "video",
        31,
        "queued",
    )


@pytest.mark.parametrize(
    "choices",
    [{"variant": "sepia", "render_factor": 20}, {"variant": "stable", "render_factor": 7}, {}],
)
def test_impossible_choices_queue_nothing(
    client: Client, photo: Photo, choices: dict[str, Any]
) -> None:
    response = client.post(f"/photos/{photo.pk}/colorize/", choices)
    assertContains(response, "errorlist", status_code=400)
    assert not photo.colorizations.exists()


def test_a_waiting_job_can_be_cancelled(client: Client, photo: Photo) -> None:
    colorization = make_colorization(photo, State.QUEUED)
    client.post(f"/colorizations/{colorization.pk}/cancel/")
    colorization.refresh_from_db()
    assert colorization.job.state == State.CANCELLED


def test_what_is_finished_cannot_be_cancelled(client: Client, photo: Photo) -> None:
    colorization = make_colorization(photo)
    response = client.post(f"/colorizations/{colorization.pk}/cancel/", follow=True)
    assertContains(response, "finished before it could be cancelled")
    colorization.refresh_from_db()
    assert colorization.job.state == State.SUCCEEDED


def test_deleting_a_version_keeps_the_photo(client: Client, photo: Photo) -> None:
    colorization, other = make_colorization(photo), make_colorization(photo)
    address = f"/colorizations/{colorization.pk}/delete/"
    assertContains(client.get(address), "Only this version goes to the trash.")
    assertRedirects(client.post(address), photo.get_absolute_url())
    assert list(photo.colorizations.kept()) == [other]


def test_deleting_a_photo_asks_first(client: Client, photo: Photo) -> None:
    assertContains(
        client.get(f"/photos/{photo.pk}/delete/"), "You can restore them there for 30 days"
    )
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_deleting_a_photo_takes_its_versions_along(client: Client, photo: Photo) -> None:
    make_colorization(photo)
    response = client.post(f"/photos/{photo.pk}/delete/")
    assertRedirects(response, photo.album.get_absolute_url())
    assert not Photo.objects.kept().exists()
    assert not Colorization.objects.kept().exists()
