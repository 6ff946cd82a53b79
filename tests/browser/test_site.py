"""The small helpers of every page (site.js)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Job
from tests.browser.conftest import complaints_of
from tests.factories import bring_to, make_album, make_colorization, make_photo


def test_a_picture_that_does_not_come_is_no_error_of_the_page(page: Page, member: User) -> None:
    complaints = complaints_of(page)
    colorization = make_colorization(make_photo(make_album(member)), Job.State.QUEUED)
    page.route("**/colorizations/*/thumbnail/**", lambda route: route.abort())
    page.goto("/")
    bring_to(colorization.job, Job.State.SUCCEEDED)
    expect(page.locator(".is-fresh")).to_have_class("print__after is-fresh is-developed")
    assert complaints == []
