from __future__ import annotations

import pytest

from accounts import api_keys
from accounts.models import User
from accounts.services import suspend
from gallery.api.problems import ProblemCode
from gallery.api.serializers import UserSerializer
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


def test_it_says_who_you_are_and_nothing_secret() -> None:
    user = make_user()
    body = client_of(user).get(address("me")).json()
    assert body.pop("date_joined")
    assert body == {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "language": "",
        "theme": "auto",
        "mail_when_done": False,
        "unread_notices": 0,
        "deletion_due_at": None,
        "bytes_used": 0,
        "bytes_reserved": 0,
        "quota_bytes": None,
    }


def test_its_owner_changes_how_the_site_speaks() -> None:
    user = make_user()
    changes = {"name": "Ada", "language": "zh-hans", "theme": "dark", "mail_when_done": True}
    assert client_of(user).patch(address("me"), changes).status_code == 200
    user.refresh_from_db()
    assert {name: getattr(user, name) for name in changes} == changes


@pytest.mark.parametrize("change", [{"language": "tlh"}, {"theme": "pink"}])
def test_what_is_no_choice_is_refused(change: dict[str, str]) -> None:
    response = client_of(make_user()).patch(address("me"), change)
    assert invalid_fields(response) == dict.fromkeys(change, "invalid_choice")


def test_the_address_is_changed_elsewhere() -> None:
    user = make_user("ada@example.org")
    client_of(user).patch(address("me"), {"email": "other@example.org", "is_staff": True})
    user.refresh_from_db()
    assert (user.email, user.is_staff) == ("ada@example.org", False)


def test_a_suspension_at_the_same_time_stays() -> None:
    user = make_user()
    changes = UserSerializer(User.objects.get(pk=user.pk), {"name": "Ada"}, partial=True)
    suspend(user, "Spam", make_staff())
    changes.is_valid(raise_exception=True)
    changes.save()
    user.refresh_from_db()
    assert (user.name, user.is_active) == ("Ada", False)


def test_an_api_key_changes_nothing_of_it() -> None:
    user = make_user()
    _record, key = api_keys.create(user, "Script", "write", None)
    headers = {"Authorization": f"Bearer {key}"}
    response = client_of().patch(address("me"), {"name": "Eve"}, headers=headers)
    assert_problem(response, 403, ProblemCode.INSUFFICIENT_SCOPE)
    assert client_of().get(address("me"), headers=headers).status_code == 200
