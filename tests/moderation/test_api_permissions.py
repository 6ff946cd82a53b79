"""Who moderates by the API: staff with Django's permissions. For members and API keys there is no such address.

What owner, stranger, anonymous and staff without permissions get is in tests/colorsite/test_authorization.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model

from accounts import api_keys
from accounts.models import User
from gallery.models import Album, Photo
from jobs.models import Job
from moderation import services
from moderation.models import Report
from tests.api import address, assert_problem, client_of
from tests.factories import make_colorization, make_photo, make_staff, make_user
from tests.staff import make_moderator

pytestmark = pytest.mark.django_db


class Part(NamedTuple):
    """A part of the API, the permissions that its model has, and what is decided there."""

    kind: str
    model: type[Model]
    permission: str
    order: dict[str, str]


PARTS = [
    Part("report", Report, "moderation.{}_report", {"decision": "dismiss"}),
    Part("moderated_photo", Photo, "gallery.{}_photo", {"decision": "hide", "reason": "Violence"}),
    Part("moderated_album", Album, "gallery.{}_album", {"decision": "hide", "reason": "Violence"}),
    Part("moderated_job", Job, "jobs.{}_job", {"decision": "retry"}),
    Part("member", User, "accounts.{}_user", {"decision": "suspend", "reason": "Spam"}),
]
every_part = pytest.mark.parametrize("part", [pytest.param(part, id=part.kind) for part in PARTS])


@pytest.fixture
def records() -> dict[type[Model], Model]:
    photo = make_photo()
    complaint = services.report(make_colorization(photo), make_user(), Report.Reason.PRIVACY)
    failed = make_colorization(photo, Job.State.FAILED).job
    return {
        Report: complaint,
        Photo: photo,
        Album: photo.album,
        Job: failed,
        User: photo.album.owner,
    }


def statuses(client: Any, part: Part, record: Model) -> list[int]:
    """Of the list, of the record, of a decision about it, and of one about many."""
    many = {**part.order, "ids": [record.pk]}
    return [
        client.get(address(f"{part.kind}-list")).status_code,
        client.get(address(f"{part.kind}-detail", record)).status_code,
        client.post(address(f"{part.kind}-decisions", record), part.order).status_code,
        client.post(address(f"{part.kind}s-decisions"), many, format="json").status_code,
    ]


@every_part
def test_who_may_view_looks(part: Part, records: dict[type[Model], Model]) -> None:
    client = client_of(make_moderator(part.permission.format("view")))
    assert statuses(client, part, records[part.model]) == [200, 200, 403, 403]
    assert not LogEntry.objects.exists()


@every_part
def test_who_may_change_decides(part: Part, records: dict[type[Model], Model]) -> None:
    client = client_of(make_moderator(part.permission.format("change")))
    assert statuses(client, part, records[part.model]) == [200, 200, 201, 200]
    assert LogEntry.objects.filter(object_id=records[part.model].pk).exists()


@every_part
def test_who_may_do_something_else_does_not(part: Part, records: dict[type[Model], Model]) -> None:
    others = [each.permission.format("change") for each in PARTS if each != part]
    client = client_of(make_moderator(*others))
    assert statuses(client, part, records[part.model]) == [403, 403, 403, 403]


@every_part
def test_a_member_with_permissions_is_no_staff(
    part: Part, records: dict[type[Model], Model]
) -> None:
    member = make_moderator(part.permission.format("change"))
    User.objects.filter(pk=member.pk).update(is_staff=False)
    assert statuses(client_of(member), part, records[part.model]) == [404, 404, 404, 404]


@every_part
def test_no_api_key_moderates(part: Part, records: dict[type[Model], Model]) -> None:
    _record, key = api_keys.create(make_staff(), "Script", "write", None)
    client = client_of()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    assert statuses(client, part, records[part.model]) == [404, 404, 404, 404]
    assert_problem(client.get(address("decision-list")), 404, "not_found")
    assert not LogEntry.objects.exists()


def test_what_is_lacking_is_said(records: dict[type[Model], Model]) -> None:
    response = client_of(make_user(is_staff=True)).get(address("report-list"))
    assert_problem(response, 403, "permission_denied")


def test_a_member_is_told_that_there_is_no_such_address() -> None:
    assert_problem(client_of(make_user()).get(address("report-list")), 404, "not_found")
