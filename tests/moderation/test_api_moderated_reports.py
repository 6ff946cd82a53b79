"""Reports for staff: the list with its filters, one with what it is about, and the decision."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from gallery.models import Photo
from gallery.services import publish, trash_photos
from moderation import decisions, services
from moderation.models import Report
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    photo_of,
)
from tests.staff import log_of

pytestmark = pytest.mark.django_db

Reason = Report.Reason


@pytest.fixture
def staff() -> User:
    return make_staff()


def make_report(photo: Photo | None = None, reason: Reason = Reason.PRIVACY) -> Report:
    photo = photo or make_photo(make_album(make_user()))
    publish(photo.album)
    colorization = photo.colorizations.first() or make_colorization(photo)
    return services.report(colorization, make_user(), reason, "That is my aunt.")


def found(staff: User, **parameters: Any) -> list[int]:
    response = client_of(staff).get(address("report-list"), parameters)
    return [report["id"] for report in response.json()["results"]]


def test_the_newest_come_first_or_the_oldest(staff: User) -> None:
    first, second = make_report(), make_report()
    assert found(staff) == [second.pk, first.pk]
    assert found(staff, order="oldest") == [first.pk, second.pk]
    page = (
        client_of(staff).get(address("report-list"), {"order": "oldest", "page_size": "1"}).json()
    )
    (next_one,) = client_of(staff).get(page["next"]).json()["results"]
    assert next_one["id"] == second.pk


def test_filters(staff: User) -> None:
    one, other = make_report(), make_report(reason=Reason.COPYRIGHT)
    decisions.dismiss(other, staff)
    photo = photo_of(one.colorization)
    assert found(staff, state="open") == [one.pk]
    assert found(staff, state="decided") == found(staff, outcome="dismissed") == [other.pk]
    assert found(staff, reason="copyright") == [other.pk]
    assert found(staff, photo=str(photo.pk)) == found(staff, owner=photo.album.owner_id) == [one.pk]
    assert found(staff, state="open", reason="copyright") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "maybe"},
        {"reason": "ugly"},
        {"photo": "x"},
        {"owner": "9" * 30},
        {"order": "random"},
    ],
)
def test_filters_that_cannot_be_are_refused(staff: User, wrong: dict[str, str]) -> None:
    response = client_of(staff).get(address("report-list"), wrong)
    assert list(invalid_fields(response)) == list(wrong)


def test_one_shows_what_it_is_about_and_the_other_reports(staff: User) -> None:
    report = make_report()
    photo = photo_of(report.colorization)
    other = make_report(photo, Reason.OTHER)
    make_report()
    client = client_of(staff)
    body = client.get(address("report-detail", report)).json()
    assert (body["reason"], body["details"], body["outcome"]) == ("privacy", "That is my aunt.", "")
    assert report.reporter
    assert body["reporter"]["email"] == report.reporter.email
    assert body["photo"]["owner"]["email"] == photo.album.owner.email
    assert body["photo"]["display_url"] == absolute("photo-display", photo)
    preview = body["colorization"]["preview_url"]
    assert preview == absolute("colorization-preview", report.colorization)
    assert client.get(preview).status_code == 200
    assert [each["id"] for each in body["other_reports"]] == [other.pk]


def test_a_visitor_has_no_name(staff: User) -> None:
    report = make_report()
    Report.objects.update(reporter=None)
    assert client_of(staff).get(address("report-detail", report)).json()["reporter"] is None


def test_pictures_in_the_trash_have_no_addresses(staff: User) -> None:
    report = make_report()
    trash_photos([photo_of(report.colorization)])
    body = client_of(staff).get(address("report-detail", report)).json()
    assert body["photo"]["display_url"] is body["colorization"]["preview_url"] is None
    assert body["photo"]["trashed_at"] is not None


def decide(staff: User, report: Report, **order: str) -> Any:
    return client_of(staff).post(address("report-decisions", report), order)


def test_hiding_the_photo_decides_the_report(staff: User) -> None:
    report = make_report()
    response = decide(staff, report, decision="hide", reason="Privacy")
    body = response.json()
    report.refresh_from_db()
    assert (response.status_code, response["Location"]) == (201, body["url"])
    assert (body["text"], body["decided_by"]["id"]) == ("Photo hidden: Privacy", staff.pk)
    assert (body["about_kind"], body["about_id"]) == ("report", str(report.pk))
    assert (report.outcome, report.resolved_by) == (Report.Outcome.HIDDEN, staff)
    photo = photo_of(report.colorization)
    assert (photo.hidden_reason, photo.hidden_by) == ("Privacy", staff)
    assert log_of(photo) == ["Hidden: Privacy"]
    display = address("photo-display", photo)
    assert client_of(make_user()).get(display).status_code == 404


def test_dismissing_hides_nothing(staff: User) -> None:
    report = make_report()
    assert decide(staff, report, decision="dismiss").json()["text"] == "Dismissed."
    body = client_of(staff).get(address("report-detail", report)).json()
    assert (body["outcome"], body["resolved_by"]["id"]) == ("dismissed", staff.pk)
    assert not body["photo"]["is_hidden"]


def test_a_decision_is_not_taken_twice(staff: User) -> None:
    report = make_report()
    decide(staff, report, decision="dismiss")
    again = decide(staff, report, decision="hide", reason="Changed my mind")
    assert_problem(again, 409, "already_decided")
    assert not photo_of(report.colorization).is_hidden
    assert log_of(report) == ["Dismissed."]


@pytest.mark.parametrize(
    ("order", "errors"),
    [
        ({}, {"decision": "required"}),
        ({"decision": "restore"}, {"decision": "invalid_choice"}),
        ({"decision": "hide"}, {"reason": "required"}),
        ({"decision": "hide", "reason": " "}, {"reason": "required"}),
        ({"decision": "hide", "reason": "x" * 301}, {"reason": "max_length"}),
    ],
)
def test_what_is_no_decision_is_refused(
    staff: User, order: dict[str, str], errors: dict[str, str]
) -> None:
    report = make_report()
    assert invalid_fields(decide(staff, report, **order)) == errors
    assert Report.objects.open().exists()
