"""Who has an authenticator app is asked for its code: on pages, in the app's API and before the staff's pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import second_factor
from accounts.models import User
from tests.accounts.factors import (
    WRONG_CODE,
    add_app,
    add_recovery_codes,
    code_of,
    next_code_of,
    types_of,
)
from tests.accounts.visitors import (
    NEW_PASSWORD,
    App,
    Browser,
    Visitor,
    code_for,
    reset_key_for,
)
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"


class BrowserWithCode(Browser):
    def enter_second_code(self, code: str) -> Any:
        return self.client.post(reverse("mfa_authenticate"), {"code": code})


class AppWithCode(App):
    def enter_second_code(self, code: str) -> Any:
        return self.send("POST", "auth/2fa/authenticate", code=code)


@pytest.fixture(params=[BrowserWithCode, AppWithCode], ids=["pages", "api"])
def visitor(request: pytest.FixtureRequest) -> BrowserWithCode | AppWithCode:
    kind: Callable[[], BrowserWithCode | AppWithCode] = request.param
    return kind()


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


def test_the_password_alone_does_not_log_in(
    visitor: BrowserWithCode | AppWithCode, ada: User
) -> None:
    add_app(ada)
    visitor.log_in(ADA)
    assert visitor.account() is None


def test_the_code_of_the_app_logs_in(visitor: BrowserWithCode | AppWithCode, ada: User) -> None:
    secret = add_app(ada)
    visitor.log_in(ADA)
    visitor.enter_second_code(code_of(secret))
    assert visitor.account() == ada.pk


def test_a_code_works_once(visitor: BrowserWithCode | AppWithCode, ada: User) -> None:
    code = code_of(add_app(ada))
    visitor.log_in(ADA)
    visitor.enter_second_code(code)
    other = type(visitor)()
    other.log_in(ADA)
    other.enter_second_code(code)
    assert other.account() is None


def test_a_code_works_once_for_as_long_as_it_is_good(
    visitor: BrowserWithCode | AppWithCode, ada: User, settings: Settings
) -> None:
    settings.MFA_TOTP_PERIOD = 1
    code = next_code_of(add_app(ada))
    visitor.log_in(ADA)
    visitor.enter_second_code(code)
    assert visitor.account() == ada.pk
    time.sleep(1.05)
    other = type(visitor)()
    other.log_in(ADA)
    other.enter_second_code(code)
    assert other.account() is None


def test_a_wrong_code_does_not(visitor: BrowserWithCode | AppWithCode, ada: User) -> None:
    add_app(ada)
    visitor.log_in(ADA)
    visitor.enter_second_code(WRONG_CODE)
    assert visitor.account() is None


def test_a_recovery_code_works_once(visitor: BrowserWithCode | AppWithCode, ada: User) -> None:
    add_app(ada)
    code = add_recovery_codes(ada)[0]
    visitor.log_in(ADA)
    visitor.enter_second_code(code)
    assert visitor.account() == ada.pk
    other = type(visitor)()
    other.log_in(ADA)
    other.enter_second_code(code)
    assert other.account() is None


def test_guessing_codes_ends_after_a_few(visitor: BrowserWithCode | AppWithCode, ada: User) -> None:
    secret = add_app(ada)
    visitor.log_in(ADA)
    for _ in range(5):
        visitor.enter_second_code(WRONG_CODE)
    visitor.enter_second_code(code_of(secret))
    assert visitor.account() is None


def test_the_api_says_what_it_waits_for(ada: User) -> None:
    add_app(ada)
    response = App().log_in(ADA)
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    pending = [flow for flow in response.json()["data"]["flows"] if flow.get("is_pending")]
    assert [flow["id"] for flow in pending] == ["mfa_authenticate"]
    assert set(pending[0]["types"]) == {"totp"}


def test_a_code_without_the_password_gets_nowhere(client: Client, ada: User) -> None:
    response = client.post(reverse("mfa_authenticate"), {"code": code_of(add_app(ada))})
    assertRedirects(response, reverse("account_login"), fetch_redirect_response=False)
    assert App().send("POST", "auth/2fa/authenticate", code="1").status_code in (401, 409)


def test_staff_pass_no_other_way(client: Client) -> None:
    staff = make_staff(ADA)
    add_app(staff)
    admin = reverse("admin:index")
    page = client.post(reverse("admin:login"), {"username": ADA, "password": PASSWORD})
    assert page["Location"].startswith(reverse("account_login"))
    page = client.post(
        f"{reverse('account_login')}?next={admin}", {"login": ADA, "password": PASSWORD}
    )
    assertRedirects(page, reverse("mfa_authenticate"), fetch_redirect_response=False)
    assert client.get(admin).status_code == HTTPStatus.FOUND


def test_a_reset_of_the_password_does_not_get_around_it(
    visitor: BrowserWithCode | AppWithCode, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    visitor.get_in(ADA)
    secret = add_app(User.objects.get(email=ADA))
    other = type(visitor)()
    other.ask_for_reset(ADA)
    other.reset(reset_key_for(ADA))
    other.log_in(ADA, NEW_PASSWORD)
    assert other.account() is None
    other.enter_second_code(code_of(secret))
    assert other.account() is not None


def test_a_strangers_factors_go_when_the_owner_proves_the_address(settings: Settings) -> None:
    stranger = Browser()
    stranger.sign_up(ADA)  # without a mail server anybody may claim an address
    account = User.objects.get(email=ADA)
    add_app(account)
    settings.HAS_MAIL_SERVER = True
    owner = Browser()
    owner.get_in(ADA)
    owned = owner.account()
    assert owned is not None
    assert types_of(User.objects.get(pk=owned)) == set()


class TestSettingUp:
    @pytest.fixture
    def owner(self, ada: User) -> Browser:
        browser = Browser()
        browser.log_in(ADA)
        return browser

    def confirm(self, owner: Browser) -> None:
        owner.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    @pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
    def test_the_password_is_asked_first(self, owner: Browser, name: str) -> None:
        response = owner.client.get(reverse(name))
        assert response["Location"].startswith(reverse("account_reauthenticate"))

    def test_an_app_is_set_up_with_its_code(self, owner: Browser, ada: User) -> None:
        self.confirm(owner)
        page = owner.client.get(reverse("mfa_activate_totp"))
        assertContains(page, "data:image/svg+xml")
        secret = page.context["form"].secret
        page = owner.client.post(
            reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True
        )
        assertContains(page, "Recovery codes")
        assert types_of(ada) == {"totp", "recovery_codes"}

    def test_a_wrong_code_sets_nothing_up(self, owner: Browser, ada: User) -> None:
        self.confirm(owner)
        owner.client.get(reverse("mfa_activate_totp"))
        page = owner.client.post(reverse("mfa_activate_totp"), {"code": WRONG_CODE})
        assertContains(page, "This code is not correct.")
        assert types_of(ada) == set()

    def test_an_app_is_turned_off(self, owner: Browser, ada: User) -> None:
        add_app(ada)
        self.confirm(owner)
        owner.client.post(reverse("mfa_deactivate_totp"))
        assert types_of(ada) == set()

    def test_with_a_mail_server_the_address_comes_first(
        self, owner: Browser, ada: User, settings: Settings
    ) -> None:
        settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
        ada.emailaddress_set.get_or_create(email=ADA)  # type: ignore[attr-defined]
        page = owner.client.get(reverse("mfa_activate_totp"), follow=True)
        assertContains(page, "Confirm your email address before you turn on")

    def test_recovery_codes_are_downloaded(self, owner: Browser, ada: User) -> None:
        add_app(ada)
        codes = add_recovery_codes(ada)
        self.confirm(owner)
        assertContains(owner.client.get(reverse("mfa_download_recovery_codes")), codes[0])

    def test_codes_are_shown_only_after_the_password(self, owner: Browser, ada: User) -> None:
        add_app(ada)
        codes = add_recovery_codes(ada)
        session = owner.client.session
        session["account_authentication_methods"] = []
        session.save()
        page = owner.client.get(reverse("mfa_view_recovery_codes"), follow=True)
        assertNotContains(page, codes[0])


def test_turning_off_removes_everything(ada: User) -> None:
    add_app(ada)
    add_recovery_codes(ada)
    assert second_factor.is_on(ada)
    second_factor.turn_off(ada)
    assert not Authenticator.objects.filter(user=ada).exists()


@pytest.mark.parametrize(
    ("site", "works"),
    [
        ("https://photos.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.168.1.5", False),
        ("http://photos.example.org", False),
        ("https://[::1]", False),
    ],
)
def test_passkeys_need_a_name_and_https(settings: Settings, site: str, works: bool) -> None:
    settings.SITE_URL = site
    assert second_factor.passkeys_work_here() is works


def test_a_passkey_that_nobody_has_logs_nobody_in(client: Client, ada: User) -> None:
    for credential in ("", "{}", "null", "[1]", '{"response": {"userHandle": "MQ"}}'):
        response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert response.status_code == HTTPStatus.FOUND, credential
        assert "_auth_user_id" not in client.session


def test_codes_for_addresses_come_before_those_of_apps(settings: Settings) -> None:
    """A stranger with the password of an account that was never confirmed does not learn that it has an app."""
    settings.HAS_MAIL_SERVER = True
    waiting = make_user(ADA, awaits_confirmation=True)
    add_app(waiting)
    visitor: Visitor = Browser()
    visitor.log_in(ADA)
    assert code_for(ADA)
    assert visitor.account() is None
