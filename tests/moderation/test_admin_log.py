from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from gallery.models import Photo
from tests.factories import make_photo, make_staff, make_user
from tests.staff import act, client_of, make_moderator, page

pytestmark = pytest.mark.django_db


def hidden_by(staff: User) -> Photo:
    photo = make_photo()
    act(client_of(staff), "hide", [photo], reason="Shows a license plate")
    return photo


def test_the_log_tells_who_did_what_to_whom() -> None:
    moderator = make_moderator("gallery.change_photo")
    photo = hidden_by(moderator)
    content = client_of(make_staff()).get(page(LogEntry, "changelist")).content.decode()
    assert moderator.email in content
    assert page(Photo, "change", photo) in content
    assert "Hidden: Shows a license plate" in content


def test_a_deletion_is_in_the_log_and_leads_nowhere() -> None:
    photo, client = make_photo(), client_of(make_staff())
    client.post(page(Photo, "delete", photo), {"post": "yes"})
    content = client.get(page(LogEntry, "changelist")).content.decode()
    assert "Deletion" in content
    assert page(Photo, "change", photo) not in content


def test_entries_cannot_be_changed_or_deleted() -> None:
    staff = make_staff()
    hidden_by(staff)
    entry, client = LogEntry.objects.get(), client_of(staff)
    assert client.post(page(LogEntry, "change", entry), {}).status_code == 403
    assert client.post(page(LogEntry, "delete", entry), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [entry], post="yes")
    assert LogEntry.objects.exists()


def test_staff_who_stand_in_the_log_cannot_be_deleted() -> None:
    moderator = make_moderator("gallery.change_photo")
    hidden_by(moderator)
    client = client_of(make_staff())
    assert client.post(page(User, "delete", moderator), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=moderator.pk).exists()


@pytest.mark.parametrize("permissions", [[], ["gallery.change_photo"]])
def test_the_log_is_for_those_who_may_view_it(permissions: list[str]) -> None:
    client = client_of(make_moderator(*permissions))
    assert client.get(page(LogEntry, "changelist")).status_code == 403


def test_visitors_and_customers_are_sent_to_the_login() -> None:
    for client in (Client(), client_of(make_user())):
        assert client.get(page(LogEntry, "changelist")).status_code == 302
