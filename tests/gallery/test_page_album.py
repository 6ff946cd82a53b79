"""The page of an album, for its owner and for visitors."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from jobs.models import Job
from moderation import services as moderation
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
State = Job.State


def test_the_owner_can_upload_and_change(client: Client) -> None:
    album = make_album()
    client.force_login(album.owner)
    response = client.get(album.get_absolute_url())
    for address in ("upload/", "edit/", "publish/", "delete/"):
        assertContains(response, f"{album.get_absolute_url()}{address}")


def test_visitors_only_look(client: Client) -> None:
    album = make_album(public=True)
    colorization = make_colorization(make_photo(album, name="pier.jpg"))
    response = client.get(album.get_absolute_url())
    assertContains(response, f"/colorizations/{colorization.pk}/thumbnail/")
    # But for the language, in the footer.
    assertContains(response, "<form", count=1)
    assertNotContains(response, album.owner.email)


def test_visitors_see_results_and_not_failures(client: Client) -> None:
    photo = make_photo(make_album(public=True))
    result = make_colorization(photo)
    make_colorization(photo, State.FAILED)
    response = client.get(photo.album.get_absolute_url())
    assertContains(response, f"/colorizations/{result.pk}/thumbnail/")
    assertNotContains(response, "The picture is damaged.")


def test_the_owner_reads_why_a_job_failed_and_can_try_again(client: Client) -> None:
    colorization = make_colorization(state=State.FAILED)
    client.force_login(colorization.source.photo.album.owner)
    response = client.get(colorization.source.photo.album.get_absolute_url())
    assertContains(response, "The picture is damaged.")
    assertContains(response, f'action="/photos/{colorization.source.photo.pk}/colorize/"')


def test_the_owner_can_cancel_what_is_open(client: Client) -> None:
    colorization = make_colorization(state=State.RUNNING)
    client.force_login(colorization.source.photo.album.owner)
    response = client.get(colorization.source.photo.album.get_absolute_url())
    assertContains(response, f'action="/colorizations/{colorization.pk}/cancel/"')
    assertContains(response, "Coloring, 40")


def test_the_owner_reads_why_an_album_is_hidden(client: Client) -> None:
    album = make_album(public=True)
    moderation.hide(album, make_user(), "Somebody complained")
    client.force_login(album.owner)
    assertContains(client.get(album.get_absolute_url()), "Somebody complained")


def test_hidden_photos_are_missing_for_visitors(client: Client) -> None:
    album = make_album(public=True)
    photo = make_photo(album)
    moderation.hide(photo, make_user(), "Not nice")
    assertNotContains(client.get(album.get_absolute_url()), str(photo.pk))


def test_markup_in_names_is_text(client: Client) -> None:
    photo = make_photo(make_album(title="<b>bold</b>"), name="<i>.jpg")
    client.force_login(photo.album.owner)
    response = client.get(photo.album.get_absolute_url())
    assertContains(response, "&lt;b&gt;bold&lt;/b&gt;")
    assertContains(response, "&lt;i&gt;")
    assertNotContains(response, "<i>")
