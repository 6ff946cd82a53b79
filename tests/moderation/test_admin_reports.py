from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gallery.services import publish
from moderation.models import Report
from moderation.services import report
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    photo_of,
)
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db


def make_report() -> Report:
    album = make_album(make_user())
    publish(album)
    colorization = make_colorization(make_photo(album))
    return report(colorization, make_user(), Report.Reason.PRIVACY, "That is my aunt.")


def thumbnail_of(complaint: Report) -> str:
    return reverse("gallery:colorization-thumbnail", args=[complaint.colorization_id])


def test_list_and_page_show_before_and_after() -> None:
    complaint = make_report()
    client = client_of(make_staff())
    for url, size in (
        (page(Report, "changelist"), "thumbnail"),
        (page(Report, "change", complaint), "preview"),
    ):
        content = client.get(url).content.decode()
        assert reverse(f"gallery:colorization-{size}", args=[complaint.colorization_id]) in content
        assert str(photo_of(complaint.colorization).pk) in content
        assert "That is my aunt." in content


def test_a_report_of_a_visitor_can_be_looked_at() -> None:
    complaint = make_report()
    complaint.reporter = None
    complaint.save()
    content = client_of(make_staff()).get(page(Report, "change", complaint)).content.decode()
    assert "a visitor" in content


def test_hiding_the_photo_resolves_the_report() -> None:
    complaint, admin = make_report(), make_staff()
    act(client_of(admin), "hide_photo", [complaint], reason="Privacy")
    complaint.refresh_from_db()
    assert (complaint.outcome, complaint.resolved_by) == (Report.Outcome.HIDDEN, admin)
    assert photo_of(complaint.colorization).hidden_reason == "Privacy"
    assert Client().get(thumbnail_of(complaint)).status_code == 404
    assert log_of(complaint) == ["Photo hidden: Privacy"]
    assert log_of(photo_of(complaint.colorization)) == ["Hidden: Privacy"]


def test_hiding_asks_for_a_reason_first() -> None:
    complaint = make_report()
    response = act(client_of(make_staff()), "hide_photo", [complaint])
    assert "Reason:" in response.content.decode()
    assert Report.objects.open().exists()


def test_dismissing_resolves_the_report_and_hides_nothing() -> None:
    complaint = make_report()
    act(client_of(make_staff()), "dismiss", [complaint])
    complaint.refresh_from_db()
    assert complaint.outcome == Report.Outcome.DISMISSED
    assert Client().get(thumbnail_of(complaint)).status_code == 200
    assert log_of(complaint) == ["Dismissed."]


def test_a_decision_is_not_taken_twice() -> None:
    complaint = make_report()
    act(client_of(make_staff()), "dismiss", [complaint])
    act(client_of(make_staff()), "hide_photo", [complaint], reason="Changed my mind")
    complaint.refresh_from_db()
    assert complaint.outcome == Report.Outcome.DISMISSED
    assert not photo_of(complaint.colorization).is_hidden


def test_the_filter_finds_open_reports() -> None:
    open_report, decided = make_report(), make_report()
    client = client_of(make_staff())
    act(client, "dismiss", [decided])
    response = client.get(page(Report, "changelist"), {"open": "yes"})
    assert list(response.context["cl"].queryset) == [open_report]


def test_staff_who_may_only_look_cannot_decide() -> None:
    complaint = make_report()
    act(client_of(make_moderator("moderation.view_report")), "dismiss", [complaint])
    assert list(Report.objects.open()) == [complaint]
