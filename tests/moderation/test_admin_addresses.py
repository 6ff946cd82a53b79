"""Email addresses in the staff pages: an address opens the account, so not everybody changes everybody's."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.factories import make_staff, make_user
from tests.staff import act, client_of, make_moderator, page

pytestmark = pytest.mark.django_db


def add_address(user: User, *, verified: bool) -> Any:
    return EmailAddress.objects.create(user=user, email=user.email, verified=verified)


@pytest.fixture
def moderator() -> Client:
    actions = ("view", "add", "change", "delete")
    return client_of(make_moderator(*(f"account.{action}_emailaddress" for action in actions)))


def test_moderators_do_not_change_how_staff_log_in(moderator: Client) -> None:
    staff = make_staff()
    own, of_member = add_address(staff, verified=True), add_address(make_user(), verified=True)
    form = {"user": staff.pk, "email": "mine@example.org", "verified": "on"}
    moderator.post(page(EmailAddress, "add"), form)
    moderator.post(page(EmailAddress, "change", own), form)
    moderator.post(page(EmailAddress, "change", of_member), form)
    moderator.post(page(EmailAddress, "delete", own), {"post": "yes"})
    assert EmailAddress.objects.get(user=staff).email == staff.email


def test_moderators_confirm_addresses_of_members_only(moderator: Client) -> None:
    of_member, of_staff = (add_address(who, verified=False) for who in (make_user(), make_staff()))
    act(moderator, "make_verified", [of_member, of_staff])
    assert EmailAddress.objects.get(verified=True) == of_member


def test_who_may_only_look_confirms_none() -> None:
    address = add_address(make_user(), verified=False)
    act(client_of(make_moderator("account.view_emailaddress")), "make_verified", [address])
    assert not EmailAddress.objects.get().verified


def test_superusers_change_all() -> None:
    address = add_address(make_staff(), verified=False)
    form = {"user": address.user_id, "email": "other@example.org", "verified": "on"}
    client_of(make_staff()).post(page(EmailAddress, "change", address), form)
    assert EmailAddress.objects.get().email == "other@example.org"
