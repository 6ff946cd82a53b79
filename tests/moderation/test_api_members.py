"""Accounts for staff: who is here, suspending and reinstating, and a second factor that was lost."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from accounts import second_factor
from accounts.models import User
from tests.api import address, assert_problem, client_of, invalid_fields, token_of
from tests.factories import make_staff, make_user
from tests.staff import log_of, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return make_staff()


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org", name="Ada Lovelace")


def decide(staff: User, user: User, **order: str) -> Any:
    return client_of(staff).post(address("member-decisions", user), order)


def found(staff: User, **parameters: Any) -> list[int]:
    response = client_of(staff).get(address("member-list"), parameters)
    return [member["id"] for member in response.json()["results"]]


def test_members_are_found_by_name_address_and_state(staff: User, ada: User) -> None:
    bob = make_user("bob@example.net")
    assert found(staff) == [bob.pk, ada.pk, staff.pk]
    assert found(staff, q="lovelace") == found(staff, q="ada@") == [ada.pk]
    decide(staff, bob, decision="suspend", reason="Spam")
    assert found(staff, suspended="true") == [bob.pk]
    assert found(staff, suspended="false") == [ada.pk, staff.pk]


def test_nothing_secret_is_shown(staff: User, ada: User) -> None:
    body = client_of(staff).get(address("member-detail", ada)).json()
    assert (body["email"], body["name"], body["has_two_factor"]) == (ada.email, ada.name, False)
    assert not body.keys() & {"password", "sessions_ended"}


def test_a_suspended_account_is_locked_until_it_is_reinstated(staff: User, ada: User) -> None:
    token = {"X-Session-Token": token_of(ada)}
    assert decide(staff, ada, decision="suspend", reason="Spam").json()["text"] == "Suspended: Spam"
    assert_problem(client_of().get(address("me"), headers=token), 401, "authentication_failed")
    body = client_of(staff).get(address("member-detail", ada)).json()
    assert (body["suspended_reason"], body["suspended_by"]["id"]) == ("Spam", staff.pk)
    assert decide(staff, ada, decision="reinstate").status_code == 201
    ada.refresh_from_db()
    assert ada.is_active
    assert log_of(ada) == ["Reinstated.", "Suspended: Spam"]
    assert_problem(client_of().get(address("me"), headers=token), 401, "authentication_failed")


def test_what_is_so_already_is_not_decided_again(staff: User, ada: User) -> None:
    assert_problem(decide(staff, ada, decision="reinstate"), 409, "already_decided")
    decide(staff, ada, decision="suspend", reason="Spam")
    again = decide(staff, ada, decision="suspend", reason="Other")
    assert_problem(again, 409, "already_decided")


def test_a_lost_second_factor_is_turned_off(staff: User, ada: User) -> None:
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    without = decide(staff, ada, decision="reset_two_factor")
    assert invalid_fields(without) == {"reason": "required"}
    decide(staff, ada, decision="reset_two_factor", reason="Showed her passport")
    assert not second_factor.is_on(ada)
    assert log_of(ada) == ["Two-factor authentication reset: Showed her passport"]


@pytest.mark.parametrize("decision", ["suspend", "reset_two_factor"])
def test_nobody_does_it_to_themselves(staff: User, decision: str) -> None:
    response = decide(staff, staff, decision=decision, reason="Tired")
    assert_problem(response, 403, "permission_denied")


@pytest.mark.parametrize("decision", ["suspend", "reset_two_factor"])
def test_only_superusers_do_it_to_staff(staff: User, decision: str) -> None:
    moderator, colleague = make_moderator("accounts.change_user"), make_user(is_staff=True)
    for other in (colleague, staff):
        response = decide(moderator, other, decision=decision, reason="Spam")
        assert_problem(response, 403, "permission_denied")
    assert decide(staff, colleague, decision=decision, reason="Spam").status_code == 201
