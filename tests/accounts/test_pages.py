"""The account pages look and speak like the rest of the site: sign up, log in and out, a new password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.services import suspend
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db
OPEN_PAGES = [
    "signup/",
    "login/",
    "inactive/",
    "confirm-email/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
]
MEMBER_PAGES = ["email/", "password/change/", "reauthenticate/", "logout/"]


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


def test_the_reset_email_speaks_for_the_site(client: Client, settings: Settings) -> None:
    user = make_user("ada@example.org")
    client.post(
        "/accounts/password/reset/", {"email": user.email}, headers={"host": "127.0.0.1:8123"}
    )
    message = mail.outbox[0]
    assert message.subject == f"[{settings.SITE_NAME}] Reset your password"
    lines = str(message.body).splitlines()
    assert lines[0] == "Hello,"
    assert lines[2] == f"Someone asked to reset the password of your {settings.SITE_NAME} account."
    assert lines[-2:] == [settings.SITE_NAME, settings.SITE_URL]
    assert [line for line in lines if "127.0.0.1:8123" in line] == [
        line for line in lines if "/password/reset/key/" in line
    ]


@pytest.mark.parametrize(
    ("address", "email", "subject"),
    [
        ("/accounts/signup/", "new@example.org", "Confirm your email address"),
        ("/accounts/signup/", "ada@example.org", "You already have an account"),
        ("/accounts/password/reset/", "nobody@example.org", "No account with this email"),
    ],
)
def test_every_email_has_a_subject_of_ours(
    client: Client, settings: Settings, address: str, email: str, subject: str
) -> None:
    make_user("ada@example.org")
    # Only then allauth sends an email about an account that exists, instead of an error in the form.
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post(address, {"email": email, "password1": PASSWORD})
    message = mail.outbox[-1]
    assert message.subject == f"[{settings.SITE_NAME}] {subject}"
    assert str(message.body).startswith("Hello,\n\nSomeone ")


def test_an_address_that_is_taken_is_named(client: Client) -> None:
    make_user("ada@example.org")
    form = {"email": "Ada@example.org", "password1": PASSWORD}
    assertContains(client.post("/accounts/signup/", form), "already an account with this email")


def test_an_old_link_to_reset_a_password_has_expired(client: Client) -> None:
    assertContains(client.get("/accounts/password/reset/key/1-set-password/"), "has expired")


def test_an_old_link_to_confirm_an_address_has_expired(client: Client) -> None:
    assertContains(client.get("/accounts/confirm-email/nonsense/"), "has expired")


def test_a_new_member_confirms_the_address(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "ada@example.org", "password1": PASSWORD})
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", str(mail.outbox[0].body))
    assert link
    assertContains(client.get(link[1]), "Is ada@example.org your email address?")
    assertContains(client.post(link[1], follow=True), "ada@example.org is confirmed.")


def test_labels_and_buttons_are_in_sentence_case(client: Client) -> None:
    client.force_login(make_user())
    page = client.get("/accounts/password/change/")
    assertContains(page, ">New password (again)</label>")
    assertContains(page, ">Change password</button>")


def test_who_logs_out_is_told_so(client: Client) -> None:
    client.force_login(make_user())
    assertContains(client.post("/accounts/logout/", follow=True), "You are logged out.")


def test_a_suspended_member_reads_the_reason(client: Client) -> None:
    user = make_user()
    suspend(user, "Too many complaints", make_staff())
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True
    )
    assertContains(response, "Too many complaints", status_code=response.status_code)
