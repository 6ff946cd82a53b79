"""Staff decide about many records in one request, each for itself."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from moderation import decisions, services
from moderation.models import Report
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user
from tests.staff import log_of, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return make_staff()


def decide(staff: User, kind: str, records: list[Any], **order: object) -> list[str]:
    """The status of each."""
    keys = [getattr(record, "pk", record) for record in records]
    body = {"ids": keys, **order}
    response = client_of(staff).post(address(f"{kind}-decisions"), body, format="json")
    assert response.status_code == 200, response.content
    assert [each["id"] for each in response.json()] == [str(key) for key in keys]
    return [each["status"] for each in response.json()]


def test_photos_are_hidden_each_for_itself(staff: User) -> None:
    shown, hidden = make_photo(), make_photo()
    decisions.hide(hidden, staff, "Spam")
    nothing = "00000000-0000-4000-8000-000000000000"
    asked = [shown, hidden, nothing]
    statuses = decide(staff, "moderated_photos", asked, decision="hide", reason="Violence")
    assert statuses == ["done", "already_decided", "not_found"]
    assert (log_of(shown), log_of(hidden)) == (["Hidden: Violence"], ["Hidden: Spam"])


def test_albums_are_restored_and_reports_dismissed(staff: User) -> None:
    album = make_album(public=True)
    complaint = services.report(make_colorization(make_photo(album)), None, Report.Reason.OTHER)
    decisions.hide(album, staff, "Spam")
    assert decide(staff, "moderated_albums", [album], decision="restore") == ["done"]
    assert decide(staff, "reports", [complaint], decision="dismiss") == ["done"]
    assert log_of(complaint) == ["Dismissed."]


def test_members_are_suspended_and_staff_are_left_alone() -> None:
    member, colleague = make_user(), make_user(is_staff=True)
    moderator = make_moderator("accounts.change_user")
    asked = [member, colleague, moderator]
    statuses = decide(moderator, "members", asked, decision="suspend", reason="Spam")
    assert statuses == ["done", "permission_denied", "permission_denied"]
    assert log_of(member) == ["Suspended: Spam"]


def test_a_decision_that_needs_a_reason_is_refused_as_a_whole(staff: User) -> None:
    photo = make_photo()
    body = {"ids": [photo.pk], "decision": "hide"}
    response = client_of(staff).post(address("moderated_photos-decisions"), body, format="json")
    assert invalid_fields(response) == {"reason": "required"}
    assert not log_of(photo)
