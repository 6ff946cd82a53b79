"""The queue as staff and people see it, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from jobs import clusters
from jobs.models import Job, Queue
from tests.browser.test_admin import log_in
from tests.factories import bring_to, make_album, make_colorization, make_photo, store_result

State = Job.State


def test_the_queue_renews_itself_and_its_buttons_work(page: Page) -> None:
    clusters.register(Queue.PHOTOS, workers=2)
    photos = [make_photo(name=f"{name}.jpg") for name in ("beach", "wedding", "harbor")]
    make_colorization(photos[0], State.RUNNING)
    make_colorization(photos[1], State.QUEUED)
    make_colorization(photos[0], State.FAILED)
    log_in(page)
    page.get_by_role("link", name="Queue and workers").click()
    expect(page.get_by_text("Alive")).to_be_visible()
    page.get_by_role("button", name="Put first").focus()
    make_colorization(photos[2], State.QUEUED)
    expect(page.get_by_role("cell", name="harbor")).to_be_visible()
    expect(page.get_by_role("button", name="Put first").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 put first.")).to_be_visible()
    expect(page.get_by_role("cell", name="Next in queue")).to_be_visible()


def test_people_see_what_is_ahead_and_cancel_all(page: Page, member: User) -> None:
    photo = make_photo(make_album(member))
    for factor in (8, 9):
        make_colorization(photo, State.QUEUED, render_factor=factor)
    page.goto(photo.get_absolute_url())
    expect(page.get_by_text("In queue: 1 job ahead")).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="Cancel all").click()
    expect(page.get_by_text("Cancelled: 2 photos.")).to_be_visible()


def test_my_work_shows_the_colors_without_a_reload(page: Page, member: User) -> None:
    colorization = make_colorization(make_photo(make_album(member)), State.QUEUED)
    page.goto("/activity/")
    picture = page.locator(".job__picture")
    expect(picture).to_have_attribute("src", re.compile("^/photos/"))
    bring_to(colorization.job, State.SUCCEEDED, lambda: store_result(colorization))
    expect(picture).to_have_attribute("src", re.compile(f"^/colorizations/{colorization.pk}/"))
    expect(page.get_by_text("Nothing is being colored or zipped.")).to_be_visible()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)")


def test_whoever_goes_to_a_page_of_what_waits_is_not_disturbed(
    page: Page, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.activity.JOBS_PER_PAGE", 1)
    photo = make_photo(make_album(member))
    for factor in range(8, 19):
        make_colorization(photo, State.QUEUED, render_factor=factor)
    page.goto("/activity/?waiting=2")
    number = page.get_by_label("Go to page")
    controls = [
        number,
        page.get_by_role("link", name="Next"),
        page.get_by_role("link", name="Page 3"),
    ]
    for control in controls:
        control.focus()
        if control is number:
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type("11")
        with page.expect_response("**/activity/?*part=jobs*"):
            pass
        expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
        expect(control).to_be_focused()
    expect(number).to_have_value("11")
