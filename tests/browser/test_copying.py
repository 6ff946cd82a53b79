"""One press copies all that is selected, however many, over a line that is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from gallery.models import Album
from tests.factories import make_album, make_photo, picture_bytes

PARTS = "**/photos/bulk/"


@pytest.fixture
def album(member: User) -> Album:
    """In three parts."""
    album = make_album(member, "Attic")
    for number in range(45):
        make_photo(album, picture_bytes(40 + number, 40, "PNG"))
    return album


def copy_all(page: Page, album: Album) -> None:
    page.goto(album.get_absolute_url())
    page.get_by_role("button", name="Select", exact=True).click()
    page.keyboard.press("Control+a")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_label("Title of the new album").fill("Family")
    expect(page.locator("[name=by_script]")).to_have_value("yes")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("heading", name="Copying 45 photos to “Family”")).to_be_visible()


def widths(title: str) -> list[int]:
    return [photo.width for photo in Album.objects.get(title=title).photos.all()]


def test_a_lost_response_and_a_lost_photo_keep_nobody_from_the_others(
    page: Page, album: Album
) -> None:
    lost = album.photos.all()[20]
    Path(lost.original.name.path).unlink()

    def lose_the_response(route: Route) -> None:
        route.fetch()
        route.abort("failed")

    page.route(PARTS, lose_the_response, times=1)
    copy_all(page, album)
    end = page.locator("[data-part=end]")
    expect(end).to_contain_text("44 photos were copied.")
    expect(end).to_contain_text("1 photo was not copied: The photo was deleted.")
    page.get_by_role("link", name="Go to “Family”").click()
    expect(page.get_by_role("heading", name="Family")).to_be_visible()
    assert widths("Family") == [width for width in widths("Attic") if width != lost.width]


def test_without_a_line_it_says_where_it_stopped_and_goes_on_from_there(
    page: Page, album: Album
) -> None:
    page.route(PARTS, lambda route: route.abort("failed"))
    page.route(PARTS, lambda route: route.continue_(), times=1)
    copy_all(page, album)
    expect(page.locator("#copying")).to_contain_text("No connection.")
    expect(page.locator("#copying")).to_contain_text("20 of 45")
    page.get_by_role("button", name="Stop").click()
    end = page.locator("[data-part=end]")
    expect(end).to_contain_text("20 photos were copied.")
    expect(end).to_contain_text("25 photos are left.")
    page.unroute(PARTS)
    page.get_by_role("button", name="Go on").click()
    expect(end).to_have_text("45 photos were copied.")
    assert widths("Family") == widths("Attic")


def test_without_room_for_the_rest_it_says_so_once(
    page: Page, album: Album, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another device has filled it meanwhile."""

    def fill(route: Route) -> None:
        User.objects.filter(pk=member.pk).update(quota_bytes=1)
        route.continue_()

    page.route(PARTS, fill, times=1)
    copy_all(page, album)
    end = page.locator("[data-part=end]")
    expect(end).to_contain_text("45 photos were not copied: There is no room")
    expect(page.get_by_role("button", name="Go on")).to_be_hidden()
