"""Sharing from both sides: the owner's browser, and that of somebody who was sent the link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from gallery import sharing
from gallery.models import Album
from gallery.models.shares import Share
from tests.browser.accessibility import violations
from tests.browser.conftest import complaints_of
from tests.browser.contexts import Contexts
from tests.factories import make_album, make_colorization, make_photo


@pytest.fixture
def album(member: User) -> Album:
    album = make_album(member, "Summers at the lake")
    for number in range(3):
        make_colorization(make_photo(album, name=f"{number}.jpg"))
    return album


@pytest.fixture
def visitor(contexts: Contexts) -> Iterator[Page]:
    """Somebody without an account, on a small phone."""
    with contexts.lent(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        complaints = complaints_of(page)
        yield page
        assert [each for each in complaints if "status of 404" not in each] == []


def test_a_link_is_sent_looked_through_and_deleted(page: Page, visitor: Page, album: Album) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(album.get_absolute_url())
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_label("Message").fill("For Grandma")
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    path = Share.objects.get().get_absolute_url()
    assert page.evaluate("navigator.clipboard.readText()").endswith(path)

    visitor.goto(path)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Summers at the lake")
    expect(visitor.get_by_text("For Grandma")).to_be_visible()
    visitor.locator(".contact-sheet a").first.click()
    expect(visitor.get_by_text("1 of 3")).to_be_visible()
    visitor.wait_for_load_state()  # with what listens to keys
    visitor.keyboard.press("ArrowRight")
    expect(visitor.get_by_text("2 of 3")).to_be_visible()
    expect(visitor.locator(".viewer__pane--after img")).to_have_js_property("complete", True)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 320

    page.reload()
    expect(page.get_by_text("1 visit")).to_be_visible()
    page.get_by_role("link", name="Delete link").click()
    page.get_by_role("button", name="Delete link").click()
    expect(page.get_by_text("It opens nothing anymore.")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_a_password_is_asked_for_once(visitor: Page, album: Album) -> None:
    share = sharing.create(album.owner, album, password="cake")
    visitor.goto(share.get_absolute_url())
    visitor.get_by_label("Password").fill("cake")
    visitor.get_by_role("button", name="Show the photos").click()
    expect(visitor.locator(".contact-sheet a")).to_have_count(3)
    picture = visitor.locator(".print__after").first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0


def test_the_pages_are_accessible_and_narrow(page: Page, album: Album) -> None:
    photo = album.photos.all()[0]
    share = sharing.create(album.owner, album, shows_details=True, allows_downloads=True)
    locked = sharing.create(album.owner, photo, password="cake", title="Lake")
    page.set_viewport_size({"width": 320, "height": 640})
    link = share.get_absolute_url()
    for address in (
        f"/albums/{album.pk}/share/",
        "/shares/",
        f"/shares/{share.pk}/",
        f"/shares/{share.pk}/delete/",
        link,
        f"{link}photos/{photo.pk}/",
        f"{link}photos/{photo.pk}/report/",
        locked.get_absolute_url(),
    ):
        assert violations(page, address) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
