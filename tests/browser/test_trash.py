"""The trash in a browser: undo, selecting by click and shift, the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from gallery import services
from gallery.models import Photo
from tests.browser.accessibility import violations
from tests.factories import make_album, make_colorization, make_photo


@pytest.fixture
def photos(member: User) -> list[Photo]:
    album = make_album(member, "Harbor")
    return [make_photo(album, name=f"{number}.jpg") for number in range(4)]


def test_a_deletion_is_undone_at_once(page: Page, photos: list[Photo]) -> None:
    page.goto(f"/photos/{photos[0].pk}/delete/")
    page.get_by_role("main").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Restored: 1 photo.")).to_be_visible()
    assert Photo.objects.kept().count() == 4


def test_selecting_and_restoring(page: Page, photos: list[Photo]) -> None:
    for photo in photos:
        services.trash_photos([photo])
    page.goto("/trash/")
    boxes = page.locator(".trash-grid input")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    boxes.nth(3).press("Space")
    page.keyboard.press("Escape")
    expect(page.locator(".trash-bar")).to_be_hidden()
    boxes.nth(1).check()
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("Restored: 1 photo.")).to_be_visible()
    assert Photo.objects.kept().get() == photos[2]


def test_the_pages_are_accessible_and_narrow(page: Page, photos: list[Photo]) -> None:
    services.trash_colorization(make_colorization(photos[0]))
    services.trash_photos([photos[1]])
    album = make_photo(make_album(photos[0].album.owner, "Trip to the lake in the summer")).album
    services.trash_album(album)
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/trash/", f"/trash/albums/{album.pk}/", "/trash/empty/"):
        assert violations(page, address) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page).to_have_title(re.compile("Empty trash"))
