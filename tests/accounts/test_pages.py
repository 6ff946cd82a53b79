"""The account pages look and speak like the rest of the site: sign up, log in and out, a new password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.services import suspend
from tests.accounts.visitors import code_for
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db
OPEN_PAGES = [
    "signup/",
    "login/",
    "inactive/",
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
        "/accounts/password/reset/", {"email": user.email}, headers={"host": "localhost:8123"}
    )
    message = mail.outbox[0]
    assert message.subject == f"[{settings.SITE_NAME}] Reset your password"
    lines = str(message.body).splitlines()
    assert lines[0] == "Hello,"
    assert lines[2] == f"Someone asked to reset the password of your {settings.SITE_NAME} account."
    assert lines[-2:] == [settings.SITE_NAME, settings.SITE_URL]
    (link,) = [line for line in lines if "/password/reset/key/" in line]
    assert link.startswith(f"{settings.SITE_URL}/")


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
    settings.HAS_MAIL_SERVER = True
    client.post(address, {"email": email, "password1": PASSWORD})
    message = mail.outbox[-1]
    assert message.subject == f"[{settings.SITE_NAME}] {subject}"
    assert str(message.body).startswith("Hello,\n\nSomeone ")


def test_an_old_link_to_reset_a_password_has_expired(client: Client) -> None:
    assertContains(client.get("/accounts/password/reset/key/1-set-password/"), "has expired")


def test_a_new_member_confirms_the_address(client: Client, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    form = {"email": "ada@example.org", "password1": PASSWORD}
    page = client.post("/accounts/signup/", form, follow=True)
    assertContains(page, "Enter the code from our message to <strong>ada@example.org</strong>")
    page = client.post("/accounts/confirm-email/", {"code": "BCDF-BCDF"})
    assertContains(page, "This code is not correct.")
    code = code_for("ada@example.org")
    page = client.post("/accounts/confirm-email/", {"code": code}, follow=True)
    assertContains(page, "ada@example.org is confirmed.")
    assertContains(page, "Drop photos here")


def test_a_new_code_replaces_the_old_one(client: Client, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    client.post("/accounts/signup/", {"email": "ada@example.org", "password1": PASSWORD})
    old = code_for("ada@example.org")
    page = client.post("/accounts/confirm-email/", {"action": "resend"}, follow=True)
    assertContains(page, "We sent a code to ada@example.org.")
    assertContains(client.post("/accounts/confirm-email/", {"code": old}), "not correct")
    code = code_for("ada@example.org")
    assertRedirects(client.post("/accounts/confirm-email/", {"code": code}), "/")


def test_who_mistyped_the_address_starts_again(client: Client, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    client.post("/accounts/signup/", {"email": "aad@example.org", "password1": PASSWORD})
    assertContains(client.get("/accounts/confirm-email/"), "Start again")
    page = client.post("/accounts/logout/", {"next": "/accounts/signup/"}, follow=True)
    assertContains(page, "Color your first photo")
    assertRedirects(client.get("/accounts/confirm-email/"), "/accounts/login/")


def test_who_added_an_address_comes_back_to_the_list(client: Client) -> None:
    client.force_login(make_user())
    client.post("/accounts/email/", {"action_add": "", "email": "ada@example.org"})
    form = {"code": code_for("ada@example.org")}
    page = client.post("/accounts/confirm-email/", form, follow=True)
    assertRedirects(page, "/accounts/email/")
    assertContains(page, "ada@example.org is confirmed.")


def test_an_account_without_a_confirmed_address_confirms_it(client: Client) -> None:
    user = make_user("ada@example.org")
    client.force_login(user)
    assertContains(client.get("/accounts/email/"), "Send a code to confirm it")
    client.post("/accounts/email/", {"action_send": "", "email": user.email})
    client.post("/accounts/confirm-email/", {"code": code_for(user.email)})
    assertContains(client.get("/accounts/email/"), "Confirmed")
    assertNotContains(client.get("/accounts/email/"), "Send a code to confirm it")


@pytest.mark.parametrize("has_mail_server", [True, False])
def test_pages_say_truthfully_where_the_message_went(
    client: Client, settings: Settings, has_mail_server: bool
) -> None:
    settings.HAS_MAIL_SERVER = has_mail_server
    says = assertNotContains if has_mail_server else assertContains
    page = client.post("/accounts/password/reset/", {"email": "ada@example.org"}, follow=True)
    says(page, "This site has no mail server")
    client.force_login(make_user())
    form = {"action_add": "", "email": "ada@example.org"}
    page = client.post("/accounts/email/", form, follow=True)
    says(page, "This site has no mail server: the message to")
    (assertContains if has_mail_server else assertNotContains)(page, "We sent a code")


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


def test_messages_are_in_the_language_of_whose_address_it_is(client: Client) -> None:
    make_user("ada@example.org", language="zh-hans")
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    assert "重置" in mail.outbox[0].body
    assert "重置密码" in mail.outbox[0].subject
