"""The page of a photo: compared, zoomed, walked through and chosen with mouse, finger and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from colorizer import packs
from colorizer.models import PicturePack
from gallery import services
from gallery.models import Album, Photo
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.contexts import Contexts
from tests.browser.test_arrange import slow_down
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_pack,
    make_photo,
    picture_bytes,
    store_result,
)

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


def scale(page: Page) -> float:
    return float(
        page.locator(".viewer__frame").evaluate("frame => frame.style.getPropertyValue('--k')")
    )


def box(locator: Locator) -> Any:
    found = locator.bounding_box()
    assert found
    return found


def fingers(page: Page) -> Callable[..., None]:
    """Sends what fingers do: the kind of event, and the point that each of them is at."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    return send


@pytest.mark.fresh_context
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
    expect(page.locator(".viewer[data-mode=hold][data-ready]")).to_be_visible()  # remembered
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("2 of 3")).to_be_visible()

    page.get_by_text("More formats").press("Enter")
    for key in ("Tab", "ArrowDown", "Tab", " ", "Tab", "Tab", "Enter"):  # size, mark, PNG
        page.keyboard.press(key)
    wish = page.get_by_text("PNG, 2048 pixels, with a mark in a corner")
    expect(wish).to_be_visible()


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
    expect(page.locator(".viewer.is-zoomed")).to_be_visible()
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
    send = fingers(phone)
    send("touchStart", (x - 20, y), (x + 20, y))
    send("touchMove", (x - 60, y), (x + 60, y))
    send("touchMove", (x - 90, y), (x + 90, y))
    send("touchEnd")
    assert scale(phone) > 2
    for _ in range(2):
        phone.touchscreen.tap(x, y)
    expect(phone.locator(".viewer.is-zoomed")).to_be_hidden()
    send("touchStart", (x + 80, y))
    send("touchMove", (x, y))
    send("touchMove", (x - 100, y))
    send("touchEnd")
    expect(phone.get_by_text("3 of 3")).to_be_visible()


def test_two_fingers_that_zoom_back_are_no_swipe_whichever_is_lifted_last(
    phone: Page, photo: Photo
) -> None:
    phone.goto(photo.get_absolute_url())
    expect(phone.locator(".viewer[data-ready]")).to_be_visible()
    frame = box(phone.locator(".viewer__frame"))
    [x, y] = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 3
    send = fingers(phone)
    for side in (-1, 1):
        send("touchStart", (x - 20, y), (x + 20, y))
        send("touchMove", (x - 90, y), (x + 90, y))
        send("touchEnd")
        expect(phone.locator(".viewer.is-zoomed")).to_be_visible()
        send("touchStart", (x - 120, y), (x + 120, y))
        send("touchMove", (x - 15, y), (x + 15, y))
        send("touchEnd", (x + 15 * side, y))
        send("touchEnd")
        expect(phone.locator(".viewer.is-zoomed")).to_be_hidden()
        expect(phone.get_by_text("2 of 3")).to_be_visible()


def test_on_a_phone_two_pictures_are_compared_by_finger(phone: Page, photo: Photo) -> None:
    phone.goto(photo.get_absolute_url())
    expect(phone.locator(".viewer[data-ready]")).to_be_visible()
    frame = box(phone.locator(".viewer__frame"))
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    send = fingers(phone)

    send("touchStart", middle)
    for part in (0.4, 0.3, 0.25):
        send("touchMove", (frame["x"] + frame["width"] * part, middle[1]))
    send("touchEnd")
    assert 20 <= int(phone.locator(".viewer__divider").input_value()) <= 30
    expect(phone.get_by_text("2 of 3")).to_be_visible()  # no swipe

    phone.get_by_text("Side by side", exact=True).tap()
    before, after = (phone.locator(f".viewer__pane--{side}") for side in ("before", "after"))
    assert box(before)["y"] + box(before)["height"] <= box(after)["y"]  # wide ones are stacked
    after.scroll_into_view_if_needed()
    expect(before).to_be_in_viewport(ratio=0.95)
    expect(after).to_be_in_viewport(ratio=0.95)

    phone.get_by_text("Single", exact=True).tap()
    expect(before).to_be_hidden()
    frame = box(phone.locator(".viewer__frame"))
    send("touchStart", (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] * 0.8))
    expect(before).to_be_visible()
    expect(after).to_be_hidden()
    send("touchEnd")
    expect(before).to_be_hidden()
    expect(after).to_be_visible()


def test_who_zooms_in_full_screen_stays_there_when_the_version_is_ready(
    page: Page, member: User
) -> None:
    photo = make_photo(make_album(member), picture_bytes(600, 400))
    version = make_colorization(photo, Job.State.QUEUED)
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    picture = page.locator(".viewer__pane--before img")
    where = box(picture)
    bring_to(version.job, Job.State.SUCCEEDED, lambda: store_result(version))
    expect(page.locator(".viewer.is-full .viewer__divider")).to_be_visible()
    assert scale(page) == pytest.approx(1.5)
    assert box(picture) == pytest.approx(where, abs=1)
    expect(page.get_by_role("button", name="Full screen", pressed=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".viewer.is-full")).to_have_count(0)


def test_full_screen_lasts_through_the_album(page: Page, photo: Photo) -> None:
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("3 of 3")).to_be_visible()
    expect(page.locator(".viewer.is-full[data-ready]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".viewer.is-full")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("2 of 3")).to_be_visible()
    expect(page.locator(".viewer[data-ready]:not(.is-full)")).to_be_visible()


def test_what_is_thought_of_a_version_is_shown_everywhere(page: Page, photo: Photo) -> None:
    older = photo.original.colorizations.get()
    make_colorization(photo, variant="artistic")
    page.goto(f"{photo.get_absolute_url()}?version={older.pk}")
    badge = page.locator(f"#version-{older.pk} .badge")
    shown = page.locator("#photo-state", has_text="Shown in album")
    expect(shown).to_have_count(0)
    page.get_by_role("button", name="Keep this one").click()
    expect(badge).to_have_text("Kept")
    expect(shown).to_be_visible()
    page.get_by_role("button", name="3 stars").click()
    expect(page.locator(f"#version-{older.pk} .version__rating")).to_contain_text("3")
    expect(page.locator("#version-list [aria-current=true]")).to_have_id(f"version-{older.pk}")
    page.get_by_role("button", name="Kept").click()
    expect(badge).to_have_count(0)
    expect(shown).to_have_count(0)


def test_full_resolution_is_tried_again_by_whoever_zooms_in_again(page: Page, member: User) -> None:
    photo = make_photo(make_album(member), picture_bytes(*LARGE))
    pack = packs.request(photo.original, PicturePack.Content.TILES)
    bring_to(pack.job, Job.State.FAILED)
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.get_by_text("Full resolution isn't available right now.")).to_be_visible()
    page.get_by_role("button", name="Fit to window").click()
    expect(page.locator(".viewer__note")).to_be_empty()
    packs.delete(PicturePack.objects.all())
    make_pack(photo.original, "tiles", [f"12/{x}_{y}" for x in range(6) for y in range(5)])
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".viewer__tile").first).to_be_attached()
    expect(page.locator(".viewer__note")).to_be_empty()


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


def test_a_line_that_breaks_is_told_and_nothing_is_lost(
    contexts: Contexts, member: User, photo: Photo
) -> None:
    with contexts.fresh() as other:
        contexts.log_in(other, member)
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
