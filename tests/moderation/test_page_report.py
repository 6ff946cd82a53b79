"""Complaints: anyone may report what is published."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from colorizer.models import Colorization
from gallery import sharing
from moderation.models import Report
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db
COMPLAINT = {"reason": "privacy", "details": "That is my aunt."}


@pytest.fixture
def colorization() -> Colorization:
    return make_colorization(make_photo(make_album(public=True)))


def address(colorization: Colorization) -> str:
    return f"/colorizations/{colorization.pk}/report/"


def test_the_form_offers_every_reason(client: Client, colorization: Colorization) -> None:
    response = client.get(address(colorization))
    for label in Report.Reason.labels:
        assertContains(response, label)


def test_a_report_without_an_account(client: Client, colorization: Colorization) -> None:
    response = client.post(address(colorization), COMPLAINT)
    shown = reverse("gallery:colorization", args=[colorization.pk])
    assertRedirects(response, shown, target_status_code=302)
    report = Report.objects.get()
    assert (report.colorization, report.reporter) == (colorization, None)
    assert (report.reason, report.details) == ("privacy", "That is my aunt.")


def test_a_report_remembers_who_sent_it(client: Client, colorization: Colorization) -> None:
    reporter = make_user()
    client.force_login(reporter)
    client.post(address(colorization), COMPLAINT)
    assert Report.objects.get().reporter == reporter


def test_a_report_needs_a_reason(client: Client, colorization: Colorization) -> None:
    assertContains(
        client.post(address(colorization), {"details": "Bad"}), "This field is required."
    )
    assert not Report.objects.exists()


def test_private_colorizations_cannot_be_reported(client: Client) -> None:
    assert client.post(address(make_colorization()), COMPLAINT).status_code == 404


def test_too_many_reports_are_refused(
    client: Client, colorization: Colorization, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"report": "2/h/ip"}
    statuses = [client.post(address(colorization), COMPLAINT).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    assert Report.objects.count() == 2


def test_whoever_was_sent_a_link_reports_what_it_shows(client: Client) -> None:
    colorization = make_colorization(make_photo(make_album()))
    album = colorization.source.photo.album
    share = sharing.create(album.owner, album)
    photo = f"{share.get_absolute_url()}photos/{colorization.source.photo.pk}/"
    assertContains(client.get(photo), f"{photo}report/")
    form = client.get(f"{photo}report/")
    # Else the form could not be sent.
    assert form["Referrer-Policy"] == "same-origin"
    response = client.post(f"{photo}report/", COMPLAINT)
    assertRedirects(response, photo, fetch_redirect_response=False)
    assert Report.objects.get().colorization == colorization
    assertContains(client.get(photo), "A moderator will look at it.")
