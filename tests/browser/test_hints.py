"""Correcting colors in a real browser: what is chosen is seen, kept with the version, and lost by no accident."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect
from pytest_django import Settings

from accounts.models import User
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery.models import Photo
from gallery.services import trash_photos
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.adjusting import asked_when_leaving, colored_version
from tests.browser.pictures import PUBLIC_PICTURES, gray_photo
from tests.browser.test_arrange import slow_down
from tests.browser.test_viewer import SHIFT, box, fingers
from tests.factories import make_album, make_colorization, make_photo
from tests.worker import wait_until

PREVIEWS = "**/hints/preview/"


@pytest.fixture
def photo(member: User, tmp_path: Path) -> Photo:
    content = gray_photo(tmp_path, "coffee", side=600).read_bytes()
    return make_photo(make_album(member), content, "coffee.jpg")


def opened(page: Page, photo: Photo, query: str = "") -> None:
    page.goto(f"/photos/{photo.pk}/hints/{query}")
    page.wait_for_selector("[data-hints][data-is-ready]")
    if not page.locator("[data-part=made]").count():
        settled(page)


def preview(page: Page) -> Locator:
    return page.locator("[data-part=preview]")


def settled(page: Page) -> None:
    """The preview of what is set now is shown."""
    page.wait_for_selector("[data-part=preview][data-shown]")
    page.wait_for_selector("[data-part=stage][aria-busy=false]")


def place_of(page: Page, x: float, y: float) -> tuple[float, float]:
    """Shares of the picture, as a point of the screen."""
    at = box(page.locator("[data-part=surface]"))
    return at["x"] + x * at["width"], at["y"] + y * at["height"]


def marks(page: Page) -> Locator:
    return page.locator(".mark:not(.is-empty)")


def suggested(page: Page) -> Locator:
    return page.locator("[data-part=suggested] [data-color]")


def choose(page: Page, color: str) -> None:
    page.get_by_label("Any color").fill(color)
    page.get_by_label("Any color").dispatch_event("change")
    settled(page)


def seen(page: Page, x: float, y: float) -> NDArray[Any]:
    """Red, green and blue beside a place as a person sees them, without their mean."""
    left, top = place_of(page, x, y)
    clip: Any = {"x": left - 8, "y": top + 24, "width": 16, "height": 12}
    pixels = np.asarray(Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB"), dtype=float)
    mean = pixels.mean(axis=(0, 1))
    return np.asarray(mean - mean.mean())


def test_steps_are_undone_and_the_photo_before_is_shown(page: Page, photo: Photo) -> None:
    opened(page, photo)
    plain = seen(page, 0.3, 0.3)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    blue = seen(page, 0.3, 0.3)
    assert blue[2] - plain[2] > 10
    undo.click()
    settled(page)
    expect(undo).to_be_disabled()
    assert seen(page, 0.3, 0.3) == pytest.approx(plain, abs=1)
    redo.click()
    settled(page)
    assert seen(page, 0.3, 0.3) == pytest.approx(blue, abs=1)
    page.keyboard.press("Control+z")
    expect(marks(page)).to_have_count(0)
    page.keyboard.press("Control+Shift+Z")
    expect(marks(page)).to_have_count(1)
    compare = page.get_by_role("button", name="Before")
    compare.click()
    assert np.abs(seen(page, 0.3, 0.3)).max() < 2, "the gray photo"
    compare.click()
    page.get_by_role("button", name="Reset").click()
    expect(marks(page)).to_have_count(0)
    settled(page)
    assert seen(page, 0.3, 0.3) == pytest.approx(plain, abs=1)


def test_by_keyboard_alone(page: Page, photo: Photo) -> None:
    opened(page, photo)
    page.get_by_role("application", name="The photo in color").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(suggested(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(marks(page)).to_have_count(1)
    page.keyboard.press("Escape")
    mark = marks(page).first
    expect(mark).to_be_focused()
    old = mark.get_attribute("aria-label") or ""
    assert old.startswith("Hint 1, ")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert mark.get_attribute("aria-label") != old
    page.keyboard.press("Enter")
    expect(suggested(page).first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    expect(marks(page)).to_have_count(0)
    expect(page.get_by_role("application", name="The photo in color")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(marks(page)).to_have_count(1)


def test_a_move_is_undone_also_when_focus_leaves_before_the_key_comes_up(
    page: Page, photo: Photo
) -> None:
    opened(page, photo)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    mark = marks(page).first
    old = mark.get_attribute("aria-label") or ""
    mark.focus()
    for _ in range(5):  # held
        page.keyboard.down("ArrowRight")
    page.get_by_role("button", name="Before").focus()
    page.keyboard.up("ArrowRight")
    assert mark.get_attribute("aria-label") != old
    page.keyboard.press("Control+z")
    expect(mark).to_have_attribute("aria-label", old)


def test_a_preview_that_nobody_waits_for_any_more_fails_without_a_word(
    context: BrowserContext, member: User
) -> None:
    quiet = context.new_page()  # the browser itself writes to the console what was refused
    version = colored_version(member, PUBLIC_PICTURES / "coffee.png")
    opened(quiet, version.source.photo, f"?version={version.pk}")
    held: list[Route] = []
    quiet.route(PREVIEWS, lambda route: held.append(route))  # noqa: PLW0108
    with quiet.expect_request(PREVIEWS):
        quiet.mouse.click(*place_of(quiet, 0.3, 0.3))
        quiet.get_by_label("Any color").fill("#2040c0")
        quiet.get_by_label("Any color").dispatch_event("change")
    quiet.get_by_role("button", name="Undo").click()
    with quiet.expect_response(PREVIEWS):
        held[0].fulfill(status=503, json={"detail": "Busy."})
    quiet.wait_for_timeout(300)
    expect(quiet.locator("[data-part=word]")).to_be_hidden()


def test_the_colors_of_another_photo_and_single_ones_out_of_it(
    page: Page, member: User, photo: Photo, tmp_path: Path
) -> None:
    colored_version(member, PUBLIC_PICTURES / "astronaut.png")
    opened(page, photo)
    plain = seen(page, 0.7, 0.2)
    page.get_by_role("button", name="My photos").click()
    page.locator("[data-photo]").click()
    palette = page.get_by_role("application", name="The other photo")
    expect(palette).to_be_visible()
    settled(page)
    assert np.abs(seen(page, 0.7, 0.2) - plain).max() > 2
    palette.click(position={"x": 90, "y": 150})
    expect(page.locator("[data-part=word]")).to_contain_text("First choose a place")
    page.mouse.click(*place_of(page, 0.3, 0.5))
    palette.click(position={"x": 90, "y": 150})
    expect(marks(page)).to_have_count(1)
    palette.press("ArrowRight")
    palette.press("Enter")
    settled(page)
    expect(marks(page)).to_have_count(1)
    page.get_by_role("button", name="Remove").click()
    expect(palette).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(palette).to_be_visible()

    # A file; and one that has no colors to take.
    page.get_by_role("button", name="Remove").click()
    file = page.locator("[data-part=file]")
    file.set_input_files(PUBLIC_PICTURES / "chelsea.png")
    expect(palette).to_be_visible()
    page.get_by_role("button", name="Color with these hints").click()
    page.wait_for_url("**/photos/*/?version=*")
    version = Colorization.objects.get(source=photo.original)
    assert guide_of(version).reference
    page.goto(f"/photos/{photo.pk}/hints/?version={version.pk}")
    expect(palette).to_be_visible()
    expect(marks(page)).to_have_count(1)


def test_a_drag_asks_for_one_preview_at_a_time(page: Page, photo: Photo) -> None:
    opened(page, photo)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    under_way: list[int] = []
    most = []

    def begin(request: Request) -> None:
        if request.url.endswith("preview/"):
            under_way.append(1)

    def end(request: Request) -> None:
        if request.url.endswith("preview/"):
            under_way.pop()

    page.on("request", begin)
    page.on("requestfinished", end)
    page.mouse.move(*place_of(page, 0.3, 0.3))
    page.mouse.down()
    for step in range(40):
        page.mouse.move(*place_of(page, 0.3 + step / 100, 0.3))
        most.append(len(under_way))
        page.wait_for_timeout(15)
    page.mouse.up()
    settled(page)
    assert max(most) == 1
    assert seen(page, 0.69, 0.3)[2] > 5, "the newest state is the one that stays"
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    assert "30 percent from the left" in (marks(page).first.get_attribute("aria-label") or "")


def test_without_a_connection_nothing_is_lost_and_it_goes_on_by_itself(
    page: Page, photo: Photo
) -> None:
    opened(page, photo)
    page.route(PREVIEWS, lambda route: route.abort())
    page.mouse.click(*place_of(page, 0.3, 0.3))
    page.get_by_label("Any color").fill("#2040c0")
    word = page.locator("[data-part=word]")
    expect(word).to_contain_text("No connection. Nothing is lost")
    page.unroute(PREVIEWS)
    expect(word).to_be_hidden()
    settled(page)
    assert seen(page, 0.3, 0.3)[2] > 5
    page.route("**/hints/", lambda route: route.abort())
    page.get_by_role("button", name="Color with these hints").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection: nothing was saved.")
    page.unroute("**/hints/")
    page.get_by_role("button", name="Color with these hints").click()
    page.wait_for_url("**/photos/*/?version=*")


def test_what_the_site_refuses_is_said(
    context: BrowserContext, photo: Photo, settings: Settings
) -> None:
    quiet = context.new_page()  # the browser itself writes to the console what was refused
    opened(quiet, photo)
    word = quiet.locator("[data-part=word]")
    times: list[int] = []

    def busy(route: Route) -> None:
        times.append(1)
        if len(times) > 1:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"detail": "Busy."})

    quiet.route(PREVIEWS, busy)
    quiet.mouse.click(*place_of(quiet, 0.3, 0.3))
    quiet.get_by_label("Any color").fill("#2040c0")
    expect(word).to_contain_text("goes on by itself in a moment")
    expect(word).to_be_hidden()
    quiet.unroute(PREVIEWS)

    settings.MAX_OPEN_JOBS = 1
    make_colorization(make_photo(photo.album), Job.State.QUEUED)
    save = quiet.get_by_role("button", name="Color with these hints")
    save.click()
    expect(quiet.get_by_role("alert")).to_be_visible()
    expect(marks(quiet)).to_have_count(1)

    quiet.locator("[data-part=file]").set_input_files(PUBLIC_PICTURES / "camera.png")
    expect(word).to_contain_text("gray")
    trash_photos([photo])
    quiet.get_by_label("Any color").fill("#c02030")
    expect(word).to_contain_text("This photo was deleted")
    save.click()
    expect(quiet.get_by_role("alert")).to_contain_text("This photo was deleted")


def test_leaving_with_unsaved_hints_asks_first(page: Page, photo: Photo) -> None:
    opened(page, photo)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    assert asked_when_leaving(page) == ["beforeunload"]
    expect(marks(page)).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Back to the photo").click()
    page.wait_for_selector("#photo-name")


def test_on_a_phone_fingers_set_and_move_hints_below_their_picture(
    phone: Page, photo: Photo
) -> None:
    opened(phone, photo)
    phone.touchscreen.tap(*place_of(phone, 0.4, 0.4))
    expect(suggested(phone).first).to_be_in_viewport(ratio=1)
    expect(phone.locator("[data-part=before]")).to_be_in_viewport(ratio=0.95)
    suggested(phone).first.tap()
    expect(marks(phone)).to_have_count(1)
    old = marks(phone).first.get_attribute("aria-label")
    scrolled = phone.evaluate("scrollY")
    x, y = place_of(phone, 0.4, 0.4)
    send = fingers(phone)
    send("touchStart", (x, y))
    for way in (15, 30, 45):
        send("touchMove", (x, y + way))
    send("touchEnd")
    assert marks(phone).first.get_attribute("aria-label") != old
    assert phone.evaluate("scrollY") == scrolled
    x, y = place_of(phone, 0.7, 0.5)
    send("touchStart", (x - 20, y))
    send("touchStart", (x - 20, y), (x + 20, y))
    for way in (40, 60, 80):
        send("touchMove", (x - way, y), (x + way, y))
    send("touchEnd")
    wait_until(lambda: bool(phone.evaluate("visualViewport.scale > 1")), "a larger picture")
    expect(phone.locator(".mark")).to_have_count(1)


@pytest.mark.fresh_context
def test_nothing_jumps_while_it_comes_in(page: Page, photo: Photo) -> None:
    make_colorization(photo)
    slow_down(page)
    opened(page, photo)
    assert page.evaluate(SHIFT) < 0.01


def test_nobody_is_kept_out(page: Page, member: User, photo: Photo) -> None:
    colored_version(member, PUBLIC_PICTURES / "astronaut.png")
    opened(page, photo)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    page.get_by_role("button", name="My photos").click()
    expect(page.locator("[data-photo]")).to_be_visible()
    for has_reference in (False, True):
        if has_reference:
            page.locator("[data-photo]").click()
            settled(page)
        for width, height in ((1280, 900), (390, 844), (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert violations(page) == [], (width, scheme)
