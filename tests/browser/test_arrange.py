"""Photos in their owner's order, by mouse and by keyboard; nothing on the page jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from accounts.models import User
from gallery import arranging
from gallery.models import Album
from tests.factories import make_album, make_colorization, make_photo, picture_bytes
from tests.worker import wait_until

ASKS = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture
def album(member: User) -> Album:
    album = make_album(member, "Farm")
    for name in "edcba":
        make_photo(album, name=f"{name}.jpg")
    return album


def arrange(page: Page, album: Album) -> None:
    page.goto(album.get_absolute_url())
    page.get_by_role("button", name="Arrange").click()
    expect(page.locator("#sheets[data-ready]")).to_be_attached()


def drag(page: Page, source: Locator, target: Locator) -> None:
    """As a hand does, in steps: the browser begins to drag after the first."""
    source.hover()
    page.mouse.down()
    for x in (12, 8, 4):
        target.hover(position={"x": x, "y": 30}, force=True)
    page.mouse.up()


def kept(page: Page, names: str) -> None:
    """Shown, and shown again after the page is loaded anew."""
    expected = list(names)
    for _ in range(2):
        expect(page.locator(".photo-card__name")).to_have_text(expected)
        page.reload()


def test_a_photo_is_dragged_to_another_place(page: Page, album: Album) -> None:
    arrange(page, album)
    photos = page.locator(".contact-sheet .print")
    with page.expect_response("**/place/"):
        drag(page, photos.nth(3), photos.nth(0))
    kept(page, "dabce")


def test_the_keyboard_moves_a_photo_and_tells_where_it_is(page: Page, album: Album) -> None:
    arrange(page, album)
    page.locator(".contact-sheet .print").first.focus()
    for key in ("ArrowRight", "ArrowRight"):
        with page.expect_response("**/place/"):
            page.keyboard.press(key)
    expect(page.locator("#announcer")).to_have_text("Now photo 3 of 5.")
    kept(page, "bcade")


def test_who_leaves_before_all_moves_are_saved_is_asked(page: Page, album: Album) -> None:
    arrange(page, album)
    held: list[Route] = []
    page.route("**/place/", lambda route: held.append(route))  # noqa: PLW0108
    page.locator(".contact-sheet .print").first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    for number in (1, 2):  # one after the other
        wait_until(lambda: bool(page.evaluate(ASKS)) and len(held) == number, "a move")  # noqa: B023
        held[-1].continue_()
    wait_until(lambda: not page.evaluate(ASKS), "all moves saved")
    kept(page, "bcade")


def test_a_move_that_is_not_saved_is_taken_back_and_said(
    context: BrowserContext, album: Album
) -> None:
    quiet = context.new_page()  # the browser itself writes to the console what was refused
    arrange(quiet, album)
    quiet.route("**/place/", lambda route: route.fulfill(status=503))
    quiet.locator(".contact-sheet .print").first.focus()
    quiet.keyboard.press("ArrowRight")
    expect(quiet.get_by_role("alert")).to_contain_text("We couldn't save the new order")
    expect(quiet.locator(".photo-card__name")).to_have_text(list("abcde"))
    quiet.reload()
    expect(quiet.locator(".photo-card__name")).to_have_text(list("abcde"))
    expect(quiet.get_by_role("alert")).to_have_count(0)


def test_a_photo_is_dragged_into_a_section(page: Page, album: Album) -> None:
    last = album.photos.last()
    assert last
    arranging.put_into_new_section([last], album, "1932")
    page.set_viewport_size({"width": 1280, "height": 1600})  # both are seen at once
    arrange(page, album)
    photos = page.locator(".contact-sheet .print")
    with page.expect_response("**/place/"):
        drag(page, photos.nth(0), photos.nth(4))
    assert album.sections.get().photos.count() == 2


def slow_down(page: Page) -> None:
    """The page comes in piece by piece, as on a train."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    speed = {"latency": 50, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
    session.send("Network.emulateNetworkConditions", {"offline": False, **speed})


@pytest.mark.fresh_context
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_an_album_is_loaded_and_scrolled(
    page: Page, member: User, width: int
) -> None:
    album = make_album(member, "Trip")
    for number in range(30):
        shape = (90, 60) if number % 3 else (60, 90)
        make_colorization(make_photo(album, picture_bytes(*shape)))
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(SHIFTS)
    slow_down(page)
    page.goto(album.get_absolute_url())
    for _ in range(6):
        page.mouse.wheel(0, 600)
        page.wait_for_load_state("networkidle")
    assert page.evaluate("shifted") < 0.05


def test_all_photos_of_an_album_are_selected_over_its_pages(
    page: Page, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.albums.PHOTOS_PER_PAGE", 2)
    page.goto(album.get_absolute_url())
    bar = page.get_by_label("Selected photos")
    page.get_by_role("button", name="Select", exact=True).click()
    page.locator(".pick input").first.check()
    everything = bar.get_by_label("Select all 5 photos in this album")
    expect(everything).to_be_hidden()
    bar.get_by_role("button", name="Select all").click()
    everything.check()
    expect(bar.locator("output")).to_have_text("5 photos")
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete 5 photos?")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("5 photos are in the trash.")).to_be_visible()
