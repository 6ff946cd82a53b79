"""Finding photos again with the keyboard, and favorites without a reload."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from gallery import details
from gallery.models import Photo
from tests.factories import make_album, make_photo


def test_search_and_favorites_by_keyboard(page: Page, member: User) -> None:
    album = make_album(member, "Attic")
    for title in ("Fish market", "Wedding"):
        details.edit_photo(make_photo(album), {"title": title}, tags=["family"])
    page.goto("/timeline/")
    page.keyboard.press("/")
    expect(page.get_by_label("Search your photos")).to_be_focused()
    page.keyboard.type("market/stall")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No photos found")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("market")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("1 photo")
    favorite = page.get_by_role("button", name="Favorite:")
    favorite.focus()
    page.keyboard.press("Enter")
    expect(favorite).to_have_attribute("aria-pressed", "true")
    assert "/search/?q=market&order=newest" in page.url
    page.get_by_role("link", name="Favorites", exact=True).click()
    expect(page.get_by_role("heading", name="Favorites")).to_be_visible()
    assert page.locator(".photo-card").count() == 1
    assert Photo.objects.get(is_favorite=True).title == "Fish market"

    page.goto("/search/?q=market")
    page.get_by_role("link", name="“market” Remove this filter").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("2 photos")
    page.get_by_text("Filters", exact=True).press("Enter")
    page.get_by_label("Tag").select_option("family")
    page.get_by_label("Place").press("Enter")
    page.get_by_role("button", name="Apply").press("Enter")
    expect(page.get_by_role("link", name="Tag: family")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
