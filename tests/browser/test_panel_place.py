"""The panel of uploads is on every page, and lies over no control of any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from accounts.models import User
from jobs.models import Job
from tests.browser.test_accessible import keys, pages, with_session_of
from tests.browser.uploading import panel, show_details
from tests.factories import make_album, make_colorization, make_photo

__all__ = ["keys"]  # a fixture

SCREENS: Final[list[ViewportSize]] = [
    {"width": 1280, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
# What can be pressed or filled in is brought into sight as the keyboard does it. What lies over it then?
COVERED: Final = """() => {
  const panel = document.getElementById("uploads");
  const controls = document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex='0']");
  const points = [[0.5, 0.5], [0.1, 0.9], [0.9, 0.9]];
  return [...controls].filter((control) => {
    if (panel.contains(control) || !control.checkVisibility({ visibilityProperty: true })) return false;
    control.scrollIntoView({ block: "nearest" });
    const box = control.getBoundingClientRect();
    return points.some(([x, y]) =>
      panel.contains(document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
  }).map((control) => control.outerHTML.slice(0, 120));
}"""


def lasting(page: Page) -> list[str]:
    """What stays covered: the page makes room when the panel has become higher."""
    for _ in range(20):
        if not (found := page.evaluate(COVERED)):
            break
        page.wait_for_timeout(100)
    return list(found)


def while_something_is_colored(page: Page, member: User) -> None:
    """As after an upload: other pages go on counting."""
    page.evaluate(f"localStorage.setItem('uploads-coloring-{member.pk}', '{{\"since\": \"\"}}')")
    page.emulate_media(reduced_motion="reduce")


@pytest.mark.slow
def test_no_control_of_any_page_lies_under_the_panel(
    context: BrowserContext, page: Page, member: User, keys: Mapping[str, object]
) -> None:
    while_something_is_colored(page, member)
    covered = {}
    screens = SCREENS
    for address in pages(with_session_of(context), keys):
        if address == "/offline/":  # has no panel: it says itself what has not been sent
            continue
        page.goto(address)
        expect(panel(page)).to_be_visible()
        for screen in screens:
            page.set_viewport_size(screen)
            if found := lasting(page):
                covered[f"{address} at {screen['width']}"] = found
        screens = screens[::-1]  # the next page begins with the size that it has
    assert covered == {}


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
