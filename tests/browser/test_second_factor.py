"""Passkeys and codes of an app, with the browser's own part in it: Chromium has an authenticator for tests."""

from __future__ import annotations

import pytest
from django.conf import settings as site
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.accounts.factors import code_of
from tests.browser.accessibility import violations
from tests.factories import PASSWORD

SETTINGS = ["", "preferences/", "security/", "sessions/", "api-keys/", "storage/"]


@pytest.fixture(autouse=True)
def _address(live_server: LiveServer, settings: Settings) -> None:
    """Passkeys are bound to the site's name."""
    settings.SITE_URL = live_server.url
    settings.SITE_HOST = live_server.url.partition("//")[2]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


@pytest.fixture
def authenticator(page: Page, context: BrowserContext) -> None:
    """As a phone that knows its owner's finger."""
    protocol = context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def confirm_password(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out", exact=True).last.click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def test_a_passkey_is_added_and_logs_in_alone(
    page: Page, authenticator: None, member: User
) -> None:
    page.goto("/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    if "reauthenticate" in page.url:
        confirm_password(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/settings/security/")
    expect(page.get_by_role("link", name="Rename Passkey 1")).to_be_visible()
    page.goto("/")
    log_out(page)
    page.goto("/albums/new/")
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", name="New album")).to_be_visible()


def test_the_code_of_an_app_comes_after_the_password(page: Page, member: User) -> None:
    page.goto("/accounts/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        confirm_password(page)
    page.get_by_text("Can't scan it?").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("link", name="Download codes")).to_be_visible()
    recovery_code = page.locator(".codes code").first.inner_text()
    log_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(member.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(recovery_code)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("/")


def test_settings_fit_a_narrow_phone_and_break_no_rule_of_accessibility(
    page: Page, member: User
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for section in SETTINGS:
        assert violations(page, f"/settings/{section}") == [], section
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, section


def test_a_form_survives_a_logout(page: Page, context: BrowserContext, member: User) -> None:
    page.goto("/albums/new/")
    context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    page.get_by_label("Title").fill("Harbor 1932")
    page.get_by_role("button", name="Create album").click()
    page.get_by_label("Email").fill(member.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_text("Harbor 1932")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("heading", name="Harbor 1932")).to_be_visible()


def test_the_page_of_a_new_api_key_makes_no_second_one_when_it_is_loaded_again(
    page: Page, member: User
) -> None:
    page.goto("/settings/api-keys/new/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Scanner")
    page.get_by_role("button", name="Make API key").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="New API key")).to_be_visible()
    assert member.api_keys.count() == 1
