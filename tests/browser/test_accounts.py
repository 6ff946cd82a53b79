"""Signing up with a code, and what the browser shows after logging out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from tests.accounts.visitors import code_for
from tests.factories import PASSWORD


def test_a_new_member_types_the_code(page: Page, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.get_by_label("Code").fill(str(code_for("ada@example.org")).lower().replace("-", " "))
    page.get_by_role("button", name="Confirm email").click()
    expect(page.get_by_text("Drop photos here")).to_be_visible()


@pytest.mark.fresh_context
def test_going_back_after_logging_out_shows_nothing_personal(page: Page, member: User) -> None:
    page.goto("/accounts/email/")
    expect(page.get_by_role("main").get_by_text(member.email)).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert member.email not in page.content()
