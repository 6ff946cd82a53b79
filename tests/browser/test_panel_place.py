"""The panel of uploads leaves room for what is open beside it. All pages: test_accessible.py."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Job
from tests.browser.panel_place import SCREENS, while_something_is_colored
from tests.browser.uploading import panel, show_details
from tests.factories import make_album, make_colorization, make_photo


def test_the_viewer_and_its_tools_fit_above_the_panel(page: Page, member: User) -> None:
    photo = make_photo(make_album(member))
    make_colorization(photo)
    make_colorization(photo, Job.State.QUEUED, "artistic")
    while_something_is_colored(page, member)
    page.set_viewport_size(SCREENS[0])
    page.goto(photo.get_absolute_url())
    expect(panel(page)).to_contain_text("0 of 1 colored")
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".viewer.is-full")).to_be_visible()
    assert page.evaluate("scrollY") == 0


def test_the_open_list_can_be_scrolled_away_from(page: Page, member: User) -> None:
    for number in range(12):
        make_colorization(make_photo(make_album(member, f"Box {number}")), Job.State.QUEUED)
    while_something_is_colored(page, member)
    page.goto("/activity/")
    show_details(page)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    foot = page.locator(".site-footer").bounding_box()
    details = panel(page).locator("[data-part=details]").bounding_box()
    assert foot
    assert details
    assert foot["y"] + foot["height"] <= details["y"]
