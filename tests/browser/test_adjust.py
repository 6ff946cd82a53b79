"""Adjusting colors in a real browser: what is seen is what is saved, and nothing is lost by accident."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django import Settings

from accounts.models import User
from colorizer import adjusting
from colorizer.adjusting import adjustments_of
from colorizer.engine.adjustments import MAX_POINTS, Adjustments
from colorizer.models import Colorization
from colorizer.services import trash
from gallery.moments import database_time
from tests.browser.accessibility import violations
from tests.browser.adjusting import (
    SETTINGS,
    asked_when_leaving,
    choose,
    colored_version,
    difference,
    shown,
)
from tests.browser.pictures import PUBLIC_PICTURES
from tests.browser.test_viewer import box, fingers
from tests.worker import running_worker, wait_until

PICTURES = int(os.environ.get("ADJUST_PICTURES", "4"))


def opened(page: Page, member: User, name: str = "coffee.png") -> Colorization:
    version = colored_version(member, PUBLIC_PICTURES / name)
    page.goto(f"/colorizations/{version.pk}/adjust/")
    page.wait_for_selector("[data-adjust][data-is-ready]")
    return version


def saved(version: Colorization) -> Adjustments:
    return adjustments_of(Colorization.objects.get(pk=version.pk))


def test_the_browser_shows_what_the_engine_makes(page: Page, member: User) -> None:
    for name in ("coffee.png", "astronaut.png"):
        version = opened(page, member, name)
        measured = [difference(page, version, settings) for settings in SETTINGS]
        assert max(mean for mean, _ in measured) <= 1, measured
        page.evaluate("() => document.querySelector('[data-do=reset]').click()")


@pytest.mark.slow
def test_the_browser_shows_what_the_engine_makes_of_many_pictures(page: Page, member: User) -> None:
    """In 10 settings each; the figure of 20 pictures is in docs/adjusting.md."""
    names = sorted(path.name for path in PUBLIC_PICTURES.glob("*.[pj][np]g"))[:PICTURES]
    measured = []
    for name in names:
        version = opened(page, member, name)
        measured += [difference(page, version, settings) for settings in SETTINGS]
        page.evaluate("() => document.querySelector('[data-do=reset]').click()")
    assert len(measured) == 10 * PICTURES
    assert max(mean for mean, _ in measured) <= 0.1
    assert max(largest for _, largest in measured) <= 1


def test_steps_are_undone_and_nothing_is_lost_by_accident(page: Page, member: User) -> None:
    version = opened(page, member)
    plain = shown(page)
    warmth, undo = page.get_by_label("Warmth").last, page.get_by_role("button", name="Undo")
    warmth.fill("60")
    warmth.dispatch_event("change")
    orange = shown(page)
    assert (orange != plain).any()
    page.get_by_label("Restore the print").check()
    expect(page.get_by_label("Brightness").last).to_be_visible()
    page.get_by_role("button", name="Before").click()
    page.wait_for_timeout(100)
    assert (shown(page) == plain).all()
    page.get_by_role("button", name="Before").click()
    undo.click()
    page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    expect(warmth).to_have_value("60")

    # By keyboard alone: to the brush, a dab, a step back.
    page.get_by_role("button", name="Brush").press("Enter")
    for key in ("ArrowRight", "ArrowDown", " "):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()
    page.wait_for_timeout(100)
    assert (shown(page) != orange).any()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Brush", pressed=True)).to_be_focused()

    # The network is away in the middle; then another tab has saved.
    save = page.get_by_role("button", name="Save")
    page.route("**/adjust/", lambda route: route.abort())
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("No connection: nothing was saved.")
    page.unroute("**/adjust/")
    adjusting.save(version, Adjustments(tint=7))
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("in another tab or on another device")
    assert saved(version) == Adjustments(tint=7)
    save.click()
    expect(page.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    assert saved(version).warmth == 60
    assert len(saved(version).gray) == 1


def test_leaving_with_unsaved_changes_asks_first(page: Page, member: User) -> None:
    opened(page, member)
    page.get_by_label("Tint").last.fill("20")
    assert asked_when_leaving(page) == ["beforeunload"]
    expect(page.get_by_label("Tint").last).to_have_value("20")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Back to the photo").click()
    page.wait_for_url("**/photos/**")


def brush_across(page: Page) -> None:
    page.get_by_role("button", name="Brush").click()
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3, steps=9)
    page.mouse.up()


def test_on_a_phone_one_finger_brushes_and_two_zoom(phone: Page, member: User) -> None:
    version = opened(phone, member)
    phone.get_by_role("button", name="Brush").tap()
    canvas = box(phone.locator("canvas"))
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    scrolled = phone.evaluate("scrollY")
    assert scrolled > 0  # the picture has come along to the brush
    send = fingers(phone)

    send("touchStart", (x, y + 60))
    for way in (30, 0, -60):
        send("touchMove", (x, y + way))
    send("touchEnd")
    expect(phone.get_by_role("button", name="Clear")).to_be_enabled()
    assert phone.evaluate("scrollY") == scrolled

    send("touchStart", (x - 20, y))
    send("touchStart", (x - 20, y), (x + 20, y))
    for way in (40, 60, 80):
        send("touchMove", (x - way, y), (x + way, y))
    send("touchEnd")
    wait_until(lambda: bool(phone.evaluate("visualViewport.scale > 1")), "a larger picture")
    phone.get_by_role("button", name="Save").press("Enter")
    expect(phone.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    assert len(saved(version).gray) == 1, "a pinch is no stroke"


def test_a_stroke_ends_where_no_more_can_be_kept(page: Page, member: User) -> None:
    version = opened(page, member)
    points = [[5000 + number % 2, 5000] for number in range(MAX_POINTS - 3)]
    choose(page, {"gray": [{"points": points, "radius": 20, "erases": False}]})
    brush_across(page)
    expect(page.get_by_role("alert")).to_contain_text("reached the limit of strokes")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    assert [len(stroke.points) for stroke in saved(version).gray] == [MAX_POINTS - 3, 3]


def test_pages_that_refuse_do_not_take_the_form_away(
    context: BrowserContext, member: User, settings: Settings
) -> None:
    quiet = context.new_page()  # the browser itself writes to the console what was refused
    version = opened(quiet, member)
    warmth, save = quiet.get_by_label("Warmth").last, quiet.get_by_role("button", name="Save")
    usual = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = {**usual, "job": "1/h/user"}
    warmth.fill("30")
    save.click()
    expect(quiet.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    warmth.fill("40")
    save.click()
    quiet.wait_for_timeout(1500)
    expect(quiet.get_by_role("alert")).to_contain_text("Too many requests in a short time")
    settings.ACCOUNT_RATE_LIMITS = usual
    save.click()
    expect(quiet.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    assert saved(version).warmth == 40

    # Deleted in another tab: said once, and not asked for again.
    trash(Colorization.objects.filter(pk=version.pk), database_time())
    expect(quiet.get_by_role("alert")).to_contain_text("This version was deleted")
    asked: list[str] = []
    quiet.on("request", lambda request: asked.append(request.url))
    quiet.wait_for_timeout(2500)
    assert asked == []


def test_a_refusal_is_said_also_when_it_comes_after_news_of_the_last_saving(
    context: BrowserContext, member: User, settings: Settings
) -> None:
    quiet = context.new_page()
    opened(quiet, member)
    warmth, save = quiet.get_by_label("Warmth").last, quiet.get_by_role("button", name="Save")
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "job": "1/h/user"}
    warmth.fill("30")
    save.click()
    expect(quiet.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    held: dict[str, Route] = {}

    def hold(route: Route) -> None:
        """The first of each method."""
        if held.setdefault(route.request.method, route) is not route:
            route.continue_()

    def is_held(method: str) -> bool:
        quiet.wait_for_timeout(50)
        return method in held

    quiet.route("**/adjust/**", hold)
    wait_until(lambda: is_held("GET"), "a question how far it is", pause=0)
    warmth.fill("40")
    save.click()
    wait_until(lambda: is_held("POST"), "the saving", pause=0)
    held["GET"].continue_()
    quiet.wait_for_timeout(500)
    held["POST"].continue_()
    expect(quiet.get_by_role("alert")).to_contain_text("Too many requests in a short time")


def test_two_tabs_know_whose_colors_are_in_the_file(
    context: BrowserContext, page: Page, member: User
) -> None:
    version = opened(page, member)
    page.get_by_label("Warmth").last.fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    other = context.new_page()
    other.goto(page.url)
    other.get_by_label("Tint").last.fill("20")
    other.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("in another tab or on another device")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Yours are not saved yet")
    assert saved(version) == Adjustments(warmth=30, tint=20)


def test_nobody_is_kept_out(page: Page, member: User) -> None:
    opened(page, member)
    page.get_by_label("Restore the print").check()
    page.get_by_role("button", name="Brush").click()
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert violations(page) == [], (width, scheme)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    assert violations(page) == []


def test_the_page_of_the_photo_follows_until_the_colors_come(
    page: Page, member: User, tmp_path: Path
) -> None:
    opened(page, member)
    page.get_by_label("Warmth").last.fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Making the full-size file.")).to_be_visible()
    page.get_by_role("link", name="Back to the photo").click()
    bar = page.locator("#photo-state")
    expect(bar.get_by_text("Making your adjustments…")).to_be_visible()
    picture = page.locator(".viewer__pane--after img")
    before = picture.get_attribute("src")
    for width in (320, 940, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == [], width
    page.get_by_text("More formats").click()
    page.wait_for_timeout(2500)
    expect(page.get_by_role("button", name="PNG")).to_be_visible()  # no poll has closed it
    page.get_by_text("More formats").click()
    with running_worker(tmp_path):
        expect(page.get_by_text("Adjusted: warmer")).to_be_visible()
    expect(bar.get_by_text("Making your adjustments…")).to_have_count(0)
    assert picture.get_attribute("src") != before
    expect(page.locator("#version-list:not([hx-get])")).to_be_visible()
    expect(page.get_by_role("link", name="Download (")).to_be_visible()
