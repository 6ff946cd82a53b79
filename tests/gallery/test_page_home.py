"""The home page: a landing page for visitors, uploads and the latest photos for members."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from jobs.models import Job
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_visitors_see_the_landing_page(client: Client) -> None:
    response = client.get("/")
    assertTemplateUsed(response, "gallery/landing.html")
    assertContains(response, "img-comparison-slider")


def test_the_landing_page_shows_published_albums(client: Client) -> None:
    make_colorization(make_photo(make_album(title="Harbor", public=True)))
    make_colorization(make_photo(make_album(title="Secret")))
    response = client.get("/")
    assertContains(response, "Harbor")
    assertNotContains(response, "Secret")


def test_a_new_member_finds_the_drop_zone(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/")
    assertContains(response, 'type="file"')
    assertContains(response, "Drop photos here")


def test_with_photos_a_button_leads_to_the_upload(client: Client) -> None:
    client.force_login(make_photo().album.owner)
    response = client.get("/")
    assertContains(response, 'href="/upload/"')
    assertContains(response, "Show all photos")
    assertNotContains(response, "Drop photos here")


def test_members_see_their_own_photos_only(client: Client) -> None:
    mine = make_photo(name="mine")
    make_photo(name="theirs")
    client.force_login(mine.album.owner)
    response = client.get("/")
    assertContains(response, "mine")
    assertNotContains(response, "theirs")


def test_open_jobs_are_marked_for_the_script(client: Client) -> None:
    colorization = make_colorization(state=Job.State.RUNNING)
    client.force_login(colorization.source.photo.album.owner)
    response = client.get("/")
    assertContains(response, f'data-open="{colorization.source.photo.pk}"')
    assertContains(response, '<noscript><meta http-equiv="refresh"')


def test_nothing_is_asked_for_when_all_is_done(client: Client) -> None:
    colorization = make_colorization()
    client.force_login(colorization.source.photo.album.owner)
    response = client.get("/")
    assertNotContains(response, "hx-trigger")
    assertNotContains(response, "data-open")
    assertNotContains(response, 'http-equiv="refresh"')
