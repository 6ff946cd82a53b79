from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import Settings

from colorizer.models import Colorization
from gallery.services import publish
from moderation.models import Report
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Colorization:
    album = make_album(make_user())
    publish(album)
    return make_colorization(make_photo(album))


def test_a_published_colorization_can_be_reported(published: Colorization) -> None:
    reporter = make_user()
    body = {"reason": "privacy", "details": "That is my aunt.", "reporter": 1}
    response = client_of(reporter).post(address("colorization-reports", published), body)
    report = Report.objects.get()
    assert response.status_code == 201
    assert (report.reporter, report.reason) == (reporter, "privacy")
    assert response.json()["details"] == "That is my aunt."


def test_nobody_needs_a_token(published: Colorization) -> None:
    url = address("colorization-reports", published)
    key = {"Idempotency-Key": "1"}
    response = client_of().post(url, {"reason": "privacy"}, headers=key)
    assert response.status_code == 201
    assert Report.objects.get().reporter is None


def test_visitors_report_as_often_as_on_the_page(
    published: Colorization, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "report": "1/h/ip"}
    page = reverse("moderation:colorization-report", args=[published.pk])
    client = client_of()
    assert client.post(page, {"reason": "privacy"}).status_code == 302
    response = client.post(address("colorization-reports", published), {"reason": "privacy"})
    assert_problem(response, 429, "throttled")


def test_a_second_report_while_the_first_is_open_replaces_it(published: Colorization) -> None:
    client, url = client_of(make_user()), address("colorization-reports", published)
    client.post(url, {"reason": "privacy"})
    assert client.post(url, {"reason": "copyright"}).status_code == 201
    assert Report.objects.get().reason == "copyright"


def test_an_unknown_reason_is_refused(published: Colorization) -> None:
    url = address("colorization-reports", published)
    response = client_of(make_user()).post(url, {"reason": "ugly"})
    assert invalid_fields(response) == {"reason": "invalid_choice"}
    assert not Report.objects.exists()
