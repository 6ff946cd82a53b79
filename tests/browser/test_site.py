"""The small helpers of every page (site.js): forms that are sent once, pictures that fade in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from gallery.models import Album
from jobs.models import Job
from tests.browser.conftest import complaints_of
from tests.factories import bring_to, make_album, make_colorization, make_photo
from tests.worker import wait_until

FORM = "/albums/new/"
RESTORED = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


class SlowLine:
    """The first POST gets no response until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posts: list[Route] = []
        page.goto(FORM)
        page.get_by_label("Title").fill("Harbor")
        page.route(f"**{FORM}", self._hold)
        box = page.get_by_role("button", name="Create album").bounding_box()
        assert box
        self._place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _hold(self, route: Route) -> None:
        if route.request.method == "POST":
            self.posts.append(route)
        if route.request.method != "POST" or len(self.posts) > 1:
            route.continue_()

    def press(self) -> None:
        """By the mouse itself: locators wait until the next page has come."""
        self.page.mouse.click(*self._place)

    def wait_for_posts(self, number: int) -> None:
        wait_until(lambda: self._count() == number, "requests", pause=0.02)

    def lead_nowhere(self) -> None:
        self.wait_for_posts(1)
        self.posts[0].fulfill(status=204)

    def _count(self) -> int:
        self.page.wait_for_timeout(1)  # lets the listener hear
        return len(self.posts)


@pytest.mark.usefixtures("member")
def test_a_form_whose_button_is_pressed_again_on_a_slow_line_is_sent_once(page: Page) -> None:
    line = SlowLine(page)
    line.press()
    line.wait_for_posts(1)
    line.press()
    page.keyboard.press("Enter")
    line.posts[0].continue_()
    expect(page.get_by_role("heading", name="Harbor")).to_be_visible()
    assert len(line.posts) == 1
    assert Album.objects.filter(title="Harbor").count() == 1


@pytest.mark.usefixtures("member")
def test_a_form_that_the_back_button_brings_again_can_be_sent_again(page: Page) -> None:
    line = SlowLine(page)
    line.press()
    line.lead_nowhere()
    page.evaluate(RESTORED)  # as a page that was kept: the browsers of tests keep none
    line.press()
    line.wait_for_posts(2)
    expect(page.get_by_role("heading", name="Harbor")).to_be_visible()


@pytest.mark.fresh_context
@pytest.mark.usefixtures("member")
def test_a_form_that_led_nowhere_can_be_sent_again(page: Page) -> None:
    """Whoever stops the page, or gets a file, is still there."""
    page.clock.install()
    line = SlowLine(page)
    line.press()
    line.lead_nowhere()
    line.press()
    page.clock.fast_forward("00:25")
    line.press()
    line.wait_for_posts(2)
    expect(page.get_by_role("heading", name="Harbor")).to_be_visible()


def test_a_picture_that_does_not_come_is_no_error_of_the_page(page: Page, member: User) -> None:
    complaints = complaints_of(page)
    colorization = make_colorization(make_photo(make_album(member)), Job.State.QUEUED)
    page.route("**/colorizations/*/thumbnail/**", lambda route: route.abort())
    page.goto("/")
    bring_to(colorization.job, Job.State.SUCCEEDED)
    expect(page.locator(".is-fresh")).to_have_class("print__after is-fresh is-developed")
    assert complaints == []
