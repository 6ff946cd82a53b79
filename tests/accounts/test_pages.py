"""The account pages look and speak like the rest of the site: sign up, log in and out, a new password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.services import suspend
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db
OPEN_PAGES = ["signup/", "login/", "password/reset/", "password/reset/done/"]
MEMBER_PAGES = ["email/", "password/change/", "logout/"]


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_pages_for_everybody(client: Client, page: str) -> None:
    assertContains(client.get(f"/accounts/{page}"), "site-header")


@pytest.mark.parametrize("page", MEMBER_PAGES)
def test_pages_for_members(client: Client, page: str) -> None:
    client.force_login(make_user())
    assertContains(client.get(f"/accounts/{page}"), "site-header")


def test_sign_up_leads_to_the_drop_zone(client: Client) -> None:
    form = {"email": "ada@example.org", "password1": PASSWORD}
    response = client.post("/accounts/signup/", form, follow=True)
    assertRedirects(response, "/")
    assertContains(response, "Drop photos here")


def test_a_weak_password_is_refused_with_a_reason(client: Client) -> None:
    form = {"email": "ada@example.org", "password1": "12345678"}
    assertContains(client.post("/accounts/signup/", form), "too common")


def test_log_in_and_out(client: Client) -> None:
    user = make_user()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assertContains(client.get("/"), user.email)
    client.post("/accounts/logout/")
    assertNotContains(client.get("/"), user.email)


def test_a_wrong_password_is_named(client: Client) -> None:
    response = client.post("/accounts/login/", {"login": make_user().email, "password": "wrong"})
    assertContains(response, "not correct")


def test_a_forgotten_password_is_replaced_by_email(client: Client) -> None:
    user = make_user()
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    page = client.get(link[1], follow=True)
    new = "another long password"
    address = page.request["PATH_INFO"]
    client.post(address, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_suspended_member_reads_the_reason(client: Client) -> None:
    user = make_user()
    suspend(user, "Too many complaints", make_staff())
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True
    )
    assertContains(response, "Too many complaints", status_code=response.status_code)
