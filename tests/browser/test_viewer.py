"""The page of a photo: compared, zoomed, walked through and chosen with mouse, finger and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from jobs.models import Job
from tests.browser.test_arrange import slow_down
from tests.browser.test_pages import AXE
from tests.factories import make_album, make_colorization, make_pack, make_photo, picture_bytes

PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LARGE = (3000, 2400)
STATES = ("slider", "side", "hold")
SHIFT = """new Promise(done => {
  const sum = list => list.getEntries().reduce((total, entry) => total + entry.value, 0);
  new PerformanceObserver(list => done(sum(list))).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 300);
})"""


@pytest.fixture
def album(member: User) -> Album:
    album = make_album(member, "Harbor")
    for name in ("a", "b", "c"):
        make_colorization(make_photo(album, picture_bytes(600, 400), f"{name}.jpg"))
    return album


@pytest.fixture
def photo(album: Album) -> Photo:
    """The middle one."""
    return Photo.objects.get(original_name="b.jpg")


@pytest.fixture
def phone(
    chromium: Browser, context: BrowserContext, live_server: LiveServer, page: Page, member: User
) -> Iterator[Page]:
    other = chromium.new_context(
        base_url=live_server.url, storage_state=context.storage_state(), **PHONE
    )
    yield other.new_page()
    other.close()


def violations(page: Page) -> list[str]:
    page.evaluate(f"{AXE.read_text()}; undefined")
    found: list[str] = page.evaluate(
        "axe.run().then(result => result.violations.map(one => one.id + one.nodes.map(n => n.html)))"
    )
    return found


def scale(page: Page) -> float:
    return float(
        page.locator(".viewer__frame").evaluate("frame => frame.style.getPropertyValue('--k')")
    )


def box(locator: Locator) -> Any:
    found = locator.bounding_box()
    assert found
    return found


def test_nothing_jumps_while_it_comes_in(page: Page, photo: Photo) -> None:
    slow_down(page)
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    assert page.evaluate(SHIFT) < 0.01


def test_by_keyboard_alone_in_light_and_dark(page: Page, photo: Photo) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()

    divider = page.get_by_role("slider", name="Divider between Original and In color")
    divider.focus()
    page.keyboard.press("ArrowRight")
    assert divider.input_value() == "51"
    page.keyboard.press("+")
    assert scale(page) > 1
    page.keyboard.press("Tab")  # away from the divider, whose arrow keys are its own
    before = page.locator(".viewer__frame").get_attribute("style")
    page.keyboard.press("ArrowDown")
    assert page.locator(".viewer__frame").get_attribute("style") != before
    page.keyboard.press("0")
    assert scale(page) == 1

    for mode, label in zip(STATES, ("Slider", "Side by side", "Single"), strict=True):
        page.get_by_role("radio", name=label).check(force=True)
        expect(page.locator(f".viewer[data-mode={mode}]")).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], (mode, scheme)
    page.get_by_role("button", name="Hold for original").focus()
    page.keyboard.down(" ")
    expect(page.locator(".viewer__pane--before")).to_be_visible()
    page.keyboard.up(" ")
    expect(page.locator(".viewer__pane--before")).to_be_hidden()

    page.keyboard.press("f")
    expect(page.locator(".viewer.is-full")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator(".viewer.is-full")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("3 of 3")).to_be_visible()
    expect(page.locator(".viewer[data-mode=hold]")).to_be_visible()  # remembered
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("2 of 3")).to_be_visible()


def test_mouse_and_wheel_move_both_pictures_together(page: Page, photo: Photo) -> None:
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    frame = box(page.locator(".viewer__frame"))
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 4, middle[1], steps=4)
    page.mouse.up()
    assert 20 <= int(page.locator(".viewer__divider").input_value()) <= 30
    page.mouse.wheel(0, -400)
    page.wait_for_function("document.querySelector('.viewer').matches('.is-zoomed')")
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + 20, steps=4)
    page.mouse.up()
    one, other = (box(page.locator(f".viewer__pane--{side} img")) for side in ("before", "after"))
    assert one == other
    page.mouse.dblclick(*middle)
    assert scale(page) == 1
    # Status, download and actions are in view wherever one has scrolled to.
    page.mouse.move(frame["x"] + frame["width"] + 60, middle[1])
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("link", name="Download")).to_be_in_viewport()


def test_on_a_phone_fingers_swipe_pinch_and_tap(phone: Page, photo: Photo) -> None:
    phone.goto(photo.get_absolute_url())
    expect(phone.locator(".viewer[data-ready]")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(phone) == []
    frame = box(phone.locator(".viewer__frame"))
    [x, y] = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 3
    touch = phone.context.new_cdp_session(phone)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", (x - 20, y), (x + 20, y))
    send("touchMove", (x - 60, y), (x + 60, y))
    send("touchMove", (x - 90, y), (x + 90, y))
    send("touchEnd")
    assert scale(phone) > 2
    for _ in range(2):
        phone.touchscreen.tap(x, y)
    phone.wait_for_function("!document.querySelector('.viewer').matches('.is-zoomed')")
    send("touchStart", (x + 80, y))
    send("touchMove", (x, y))
    send("touchMove", (x - 100, y))
    send("touchEnd")
    expect(phone.get_by_text("3 of 3")).to_be_visible()


def test_full_resolution_comes_as_tiles(page: Page, member: User) -> None:
    photo = make_photo(make_album(member), picture_bytes(*LARGE))
    version = make_colorization(photo)
    names = [f"12/{x}_{y}" for x in range(6) for y in range(5)]
    make_pack(photo.original, "tiles", names)
    assert version.result
    make_pack(version.result, "tiles", names)
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    expect(page.locator(".viewer__tile")).to_have_count(0)
    for _ in range(6):
        page.get_by_role("button", name="Zoom in").click()
    tiles = page.locator(".viewer__pane--after .viewer__tile")
    expect(tiles.first).to_be_attached()
    expect(page.locator(".viewer__pane--before .viewer__tile").first).to_be_attached()
    assert page.locator(".viewer__tile").count() < 2 * len(names)
    page.get_by_role("button", name="Fit to window").click()
    expect(page.locator(".viewer__tile")).to_have_count(0)


@pytest.mark.usefixtures("worker")
def test_from_previews_to_the_version_that_is_kept(page: Page, member: User) -> None:
    photo = make_photo(make_album(member), picture_bytes(300, 200))
    page.goto(photo.get_absolute_url())
    page.get_by_role("button", name="Compare styles").click()
    keep = page.get_by_role("button", name="Keep this one Stable, usual detail")
    expect(keep).to_be_enabled(timeout=120_000)
    assert page.locator(".style img").count() == 6
    assert violations(page) == []
    keep.click()
    expect(page.locator("#keep[aria-pressed=true]")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Calm colors, usual detail, made in")).to_be_visible()
    version = Colorization.objects.get()
    assert (version.is_kept, version.job.state) == (True, Job.State.SUCCEEDED)
    page.get_by_role("button", name="4 stars").click()
    expect(page.get_by_role("button", name="4 stars", pressed=True)).to_be_visible()
    expect(page.get_by_role("radio", name="Artistic")).to_be_checked()  # untried

    # Deleted in another tab: the page says so, and shows what there is.
    expect(page.locator("#version-list:not([hx-get])")).to_be_visible()
    services.trash_colorization(version)
    page.get_by_role("button", name="5 stars").click()
    expect(page.get_by_text("This version was deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Color it")).to_be_visible()


def test_a_line_that_breaks_is_told_and_nothing_is_lost(
    chromium: Browser, context: BrowserContext, live_server: LiveServer, page: Page, photo: Photo
) -> None:
    other = chromium.new_context(base_url=live_server.url, storage_state=context.storage_state())
    quiet = other.new_page()  # the browser itself writes to the console that there is no line
    version = make_colorization(photo, Job.State.RUNNING, variant="artistic")
    quiet.goto(photo.get_absolute_url())
    expect(quiet.get_by_text("Coloring, 40%")).to_be_visible()
    other.set_offline(True)
    expect(quiet.locator("#lost", has_text="No connection.")).to_be_visible()
    expect(quiet.locator(".viewer__image").first).to_be_visible()
    other.set_offline(False)
    expect(quiet.locator("#lost", has_text="No connection.")).to_be_hidden()
    expect(quiet.get_by_text("Coloring, 40%")).to_be_visible()
    services.trash_colorization(version)
    expect(quiet.get_by_role("link", name="Show the photo as it is now")).to_be_visible()
    other.close()
