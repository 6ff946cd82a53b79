"""What is known of a photo is edited where it is shown, and people and tags are lists."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from gallery import details, labels
from gallery.models import Photo
from tests.factories import make_album, make_photo


def test_details_are_edited_beside_the_picture(page: Page, member: User) -> None:
    photo = make_photo(make_album(member), name="IMG_7.jpg")
    details.edit_photo(photo, {"place": "Trieste"}, people=["Anna", "Otto"])
    page.goto(photo.get_absolute_url())
    page.get_by_role("link", name="Edit").click()
    title = page.get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("Grandmother")
    page.get_by_label("Date taken").fill("30 February 1932")
    page.get_by_role("button", name="Remove Anna").click()
    people = page.get_by_label("People", exact=True).last
    expect(people).to_be_focused()
    people.press_sequentially("Berta, otto,")
    people.press_sequentially("Carl")
    people.press("Enter")
    expect(page.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(3)
    page.get_by_label("Tags", exact=True).last.fill("sea")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("February 1932 has no day 30.")).to_be_visible()
    # The form that comes back takes the focus a moment later.
    expect(title).to_be_focused()

    page.get_by_label("Date taken").fill("about 1932")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Grandmother")).to_be_visible()
    expect(page).to_have_title("Grandmother · Tintype")
    expect(page.get_by_role("link", name="Edit")).to_be_focused()
    expect(page.get_by_text("about 1932")).to_be_visible()
    saved = Photo.objects.get(pk=photo.pk)
    assert labels.names_of(saved.people.all()) == ["Berta", "Carl", "Otto"]
    assert labels.names_of(saved.tags.all()) == ["sea"]
