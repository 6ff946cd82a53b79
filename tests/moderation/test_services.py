"""Hiding, reporting and deciding: from the next request on, and once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from gallery import queries, services
from gallery.models import Album, Photo
from moderation import services as moderation
from moderation.models import Report
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db


def test_an_edit_does_not_undo_what_staff_do_meanwhile() -> None:
    album = make_album()
    moderation.hide(Album.objects.get(), by=make_staff(), reason="Not suitable.")
    services.edit_album(album, title="Summer", description="By the sea")
    album.refresh_from_db()
    assert (album.title, album.description, album.is_hidden) == ("Summer", "By the sea", True)


@pytest.mark.parametrize("hide_album", [True, False])
def test_hidden_is_for_owner_and_staff_until_restored(hide_album: bool) -> None:
    colorization, staff, stranger = make_colorization(), make_staff(), make_user()
    album = colorization.source.photo.album
    services.publish(album)
    hidden: Album | Photo = album if hide_album else colorization.source.photo
    moderation.hide(hidden, by=staff, reason=" Not suitable. ")
    assert hidden.hidden_reason == "Not suitable."
    seen_by = {
        who: queries.visible_colorizations(user).exists()
        for who, user in {"stranger": stranger, "owner": album.owner, "staff": staff}.items()
    }
    assert seen_by == {"stranger": False, "owner": True, "staff": True}
    moderation.restore(hidden)
    assert queries.visible_colorizations(stranger).exists()


def test_hiding_needs_a_reason() -> None:
    photo = make_photo()
    with pytest.raises(ValidationError, match="Give a reason"):
        moderation.hide(photo, by=make_staff(), reason="  ")
    photo.refresh_from_db()
    assert not photo.is_hidden


def test_second_report_of_the_same_person_replaces_the_first() -> None:
    colorization, reporter = make_colorization(), make_user()
    moderation.report(colorization, reporter, Report.Reason.PRIVACY)
    moderation.report(colorization, reporter, Report.Reason.COPYRIGHT, "My picture.")
    report = Report.objects.get()
    assert (report.reason, report.details) == (Report.Reason.COPYRIGHT, "My picture.")


def test_report_needs_a_known_reason() -> None:
    with pytest.raises(ValidationError, match="reason"):
        moderation.report(make_colorization(), None, "boring")


def test_report_is_resolved_once() -> None:
    report = moderation.report(make_colorization(), None, Report.Reason.OTHER)
    staff = make_staff()
    assert moderation.resolve_report(report, staff, Report.Outcome.DISMISSED)
    assert not moderation.resolve_report(report, staff, Report.Outcome.HIDDEN)
    report.refresh_from_db()
    assert report.outcome == Report.Outcome.DISMISSED
