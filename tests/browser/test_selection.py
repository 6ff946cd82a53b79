"""Selecting photos with mouse, keyboard and finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from gallery.models import Album, Photo
from tests.factories import make_album, make_photo


@pytest.fixture
def album(member: User) -> Album:
    album = make_album(member, "Attic")
    for number in range(5):
        make_photo(album, name=f"print {number}.jpg")
    return album


def count(page: Page, number: int) -> None:
    expect(page.locator(".pick :checked")).to_have_count(number)


def test_the_mouse_selects_one_several_and_all(page: Page, album: Album) -> None:
    page.goto(album.get_absolute_url())
    bar = page.get_by_label("Selected photos")
    expect(bar).to_be_hidden()
    boxes = page.locator(".pick input")
    boxes.nth(0).check()
    expect(bar).to_contain_text("1 photo")
    # While selecting, a click on a photo selects it; with shift all up to there.
    page.locator(".photo-card .print").nth(3).click(modifiers=["Shift"])
    count(page, 4)
    bar.get_by_text("Select all").click()
    count(page, 5)
    page.keyboard.press("Escape")
    count(page, 0)
    expect(bar).to_be_hidden()
    page.locator(".photo-card .print").nth(0).click()
    page.wait_for_url("**/photos/**")


def test_a_selection_stays_while_pages_are_turned_and_no_longer(
    page: Page, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.albums.PHOTOS_PER_PAGE", 3)
    page.goto(album.get_absolute_url())
    bar = page.get_by_label("Selected photos")
    page.locator(".pick input").nth(0).check()
    page.get_by_role("link", name="Next").click()
    expect(bar).to_contain_text("1 photo")
    page.locator(".pick input").nth(0).check()
    expect(bar).to_contain_text("2 photos")
    page.get_by_role("link", name="Previous").click()
    expect(page.locator(".pick input").nth(0)).to_be_checked()
    expect(bar).to_contain_text("2 photos")
    bar.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("main")).to_contain_text("2 photos")
    page.goto("/")
    page.goto(album.get_absolute_url())
    expect(bar).to_be_hidden()


def test_the_keyboard_adjusts_and_moves_photos(page: Page, album: Album, member: User) -> None:
    other = make_album(member, "Trip")
    page.goto(album.get_absolute_url())
    page.get_by_role("button", name="Select", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    count(page, 1)
    page.keyboard.press("Control+a")
    count(page, 5)
    page.get_by_text("More", exact=True).press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Adjust 5 photos")).to_be_visible()
    page.get_by_label("Warmth").press("ArrowRight")
    page.get_by_role("button", name="Adjust").press("Enter")
    expect(page.get_by_text("5 photos are not in color yet.")).to_be_visible()

    page.get_by_role("button", name="Select", exact=True).press("Enter")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Move").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Album", exact=True).select_option("Trip")
    page.get_by_role("button", name="Move").press("Enter")
    expect(page.get_by_text("Moved: 5 photos.")).to_be_visible()
    assert other.photos.count() == 5


def test_the_way_back_from_a_deletion_is_the_album(page: Page, album: Album) -> None:
    """And not the page that asked, which came by POST: a browser does not show it again."""
    page.goto(album.get_absolute_url())
    page.locator(".pick input").first.check()
    page.get_by_label("Selected photos").get_by_role("button", name="Delete").click()
    page.get_by_role("main").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 photo is in the trash.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Attic")).to_be_visible()
    expect(page.locator(".photo-card")).to_have_count(4)


def test_two_fingers_that_zoom_the_page_select_nothing(phone: Page, album: Album) -> None:
    phone.goto(album.get_absolute_url())
    prints = phone.locator(".photo-card .print")
    finger = {"pointerType": "touch", "bubbles": True}
    for number in range(2):
        own = {"pointerId": number + 1, "isPrimary": not number}
        prints.nth(number).dispatch_event("pointerdown", finger | own)
    # The browser takes the gesture, and so tells of no fingers anymore.
    for number in range(2):
        own = {"pointerId": number + 1, "isPrimary": not number}
        prints.nth(number).dispatch_event("pointercancel", finger | own)
    phone.wait_for_timeout(700)  # longer than a long press
    count(phone, 0)


def test_a_long_press_begins_to_select(phone: Page, album: Album) -> None:
    phone.goto(album.get_absolute_url())
    target = phone.locator(".photo-card .print").first
    target.dispatch_event(
        "pointerdown", {"pointerType": "touch", "isPrimary": True, "bubbles": True}
    )
    count(phone, 1)
    target.dispatch_event("pointerup", {"pointerType": "touch", "isPrimary": True, "bubbles": True})
    target.dispatch_event("click", {"bubbles": True, "cancelable": True})
    count(phone, 1)  # the click that ends the long press is none
    phone.locator(".photo-card .print").nth(1).tap()
    count(phone, 2)
    phone.get_by_role("button", name="Delete").tap()
    phone.wait_for_url("**/selection/delete/")
    phone.get_by_role("button", name="Delete").tap()
    expect(phone.get_by_text("2 photos are in the trash.")).to_be_visible()
    assert Photo.objects.kept().count() == 3


@pytest.mark.parametrize("action", ["move", "color", "delete"])
def test_the_pages_that_ask_fit_a_small_phone(page: Page, album: Album, action: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(album.get_absolute_url())
    page.get_by_role("button", name="Select", exact=True).click()
    page.locator(".photo-card .print").first.click()
    count(page, 1)
    page.get_by_role("button", name=action.title()).click()
    expect(page.get_by_role("heading", name=f"{action.title()} 1 photo")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_escape_closes_what_is_on_top_and_the_selection_stays(page: Page, member: User) -> None:
    page.goto(make_photo(make_album(member)).album.get_absolute_url())
    page.locator(".pick input").check()
    bar = page.get_by_label("Selected photos")
    page.locator(".avatar").click()
    menu = page.locator("#account-menu")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(bar.locator("output")).to_have_text("1 photo")
    page.keyboard.press("Escape")
    expect(page.locator(".pick input")).not_to_be_checked()
