"""How a page looks and behaves while photos are uploaded to it. No warning or error in the console."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from gallery.models import Album, Notice, Photo
from gallery.trash.deleting import trash_photos
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.uploading import (
    choose,
    is_ready,
    letters,
    panel,
    pictures,
    show_details,
    upload,
    wait_until_kept,
)
from tests.factories import PASSWORD, make_album, make_colorization, make_photo, make_user
from tests.worker import wait_until

SHIFTS = """new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (!shift.hadRecentInput) window.shifted = (window.shifted ?? 0) + shift.value;
  }
}).observe({ type: "layout-shift" });"""


def test_cards_come_in_the_order_of_the_files_and_nothing_jumps(
    page: Page, member: User, tmp_path: Path
) -> None:
    album = make_album(member, "Attic")
    for number in range(3):
        make_photo(album, name=f"old {number}.jpg")
    page.goto(album.get_absolute_url())
    files = pictures(tmp_path, 20)
    upload(page, files)
    # Places for all of them are what the click brings; from then on nothing may move, however long it takes.
    expect(page.locator("#sheet .photo-card")).to_have_count(23)
    page.evaluate(SHIFTS)
    expect(page.locator(".photo-card [alt^=print]")).to_have_count(20)
    shown = page.locator("#sheet .photo-card__name").all_inner_texts()
    assert shown[:20] == [path.stem for path in files]
    assert page.evaluate("window.shifted ?? 0") < 0.05
    expect(page.locator("[data-photo-count]")).to_have_text("23 photos")
    made = Photo.objects.filter(original_name__startswith="print").order_by("created_at", "pk")
    assert [photo.original_name for photo in made] == [path.name for path in files]
    queued = Job.objects.order_by("queued_at").values_list(
        "colorization__source__photo__original_name", flat=True
    )
    assert list(queued) == [path.name for path in files]
    page.reload()
    assert page.locator("#sheet .photo-card__name").all_inner_texts() == shown


def test_a_reload_in_the_midst_of_an_upload_changes_no_order(
    page: Page, member: User, tmp_path: Path
) -> None:
    album = make_album(member, "Attic")
    make_photo(album, name="old.jpg")
    page.goto(album.get_absolute_url())
    files = pictures(tmp_path, 5)
    names = page.locator("#sheet .photo-card__name")
    page.route("**/uploads/*/photos/", lambda route: route.abort())
    page.route("**/uploads/*/photos/", lambda route: route.continue_(), times=2)
    upload(page, files)
    expect(names).to_have_text([path.stem for path in files] + ["old"])
    expect(page.locator(".photo-card [alt^=print]")).to_have_count(2)
    page.unroute("**/uploads/*/photos/")
    wait_until_kept(page)
    page.reload()
    expect(page.locator(".photo-card [alt^=print]")).to_have_count(5)
    expect(names).to_have_text([path.stem for path in files] + ["old"])


def test_photos_without_a_place_on_the_page_are_one_click_away(
    page: Page, member: User, tmp_path: Path
) -> None:
    album = make_album(member, "Attic")
    Album.objects.update(photo_order=Album.PhotoOrder.TAKEN)
    make_photo(album, name="old.jpg")
    page.goto(album.get_absolute_url())
    upload(page, pictures(tmp_path, 2))
    expect(page.get_by_text("2 more photos have arrived.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".photo-card [alt^=print]")).to_have_count(2)


@pytest.mark.fresh_context  # its clock
def test_a_file_whose_photos_were_deleted_meanwhile_keeps_no_place(
    page: Page, member: User, tmp_path: Path
) -> None:
    """Its response was lost; until it is asked for again, an app has deleted the photo."""

    def lose_the_first(route: Route) -> None:
        made = Photo.objects.filter(original_name__startswith="print")
        if made.exists():
            route.continue_()
            return
        route.fetch()
        trash_photos(list(made))
        route.abort()

    page.route("**/api/v1/uploads/*/photos/", lose_the_first)
    photo = make_photo(make_album(member, "Attic"), name="old.jpg")
    page.goto(photo.album.get_absolute_url())
    # A file that failed keeps the list of all of them.
    upload(page, [*pictures(tmp_path, 1), *letters(tmp_path, 1)])
    expect(panel(page)).to_contain_text("1 of 2 uploaded, 1 failed")
    expect(page.locator("#sheet > li")).to_have_count(1)


def test_one_request_tells_how_all_cards_are_and_none_is_sent_when_all_are_done(
    page: Page, member: User
) -> None:
    album = make_album(member, "Attic")
    photos = [make_photo(album, name=f"print {number}.jpg") for number in range(30)]
    jobs = [make_colorization(photo, Job.State.QUEUED) for photo in photos]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.goto(album.get_absolute_url())
    page.wait_for_event("request", lambda request: "/progress/" in request.url)
    expect(panel(page)).to_contain_text("0 of 30 colored")
    Notice.objects.create(owner=member, kind=Notice.Kind.EXPORT, succeeded=1)
    expect(page.get_by_role("link", name="1 new notice")).to_be_visible()
    # Also what is far below the screen.
    for colorization in jobs:
        colorization.job.refresh_from_db()
        Job.objects.filter(pk=colorization.job.pk).delete()
    expect(page.locator("[data-open]")).to_have_count(0)
    assert not [url for url in asked if "/status/" in url]
    asked.clear()
    page.wait_for_timeout(3_000)
    assert asked == []
    # But once, when the notice of the batch has been made.
    Notice.objects.create(owner=member, kind=Notice.Kind.EXPORT, succeeded=1)
    page.clock.fast_forward(80_000)
    expect(page.get_by_role("link", name="2 new notices")).to_be_visible()
    assert len(asked) == 1


def choose_new_album(page: Page, file: Path) -> Locator:
    page.goto("/")
    dialog = choose(page, file)
    dialog.get_by_label("Album", exact=True).select_option("New album…")
    dialog.get_by_label("Title of the new album").fill("Attic")
    return dialog.get_by_role("button", name="Upload only")


def test_an_album_is_made_once_however_often_the_button_is_pressed(
    page: Page, member: User, tmp_path: Path
) -> None:
    held: list[Route] = []
    page.route("**/api/v1/albums/", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks it)
    button = choose_new_album(page, pictures(tmp_path, 1)[0])
    button.click()
    button.click()
    wait_until(lambda: bool(held), "the album is asked for")
    page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    assert [album.photos.count() for album in member.albums.all()] == [1]


def test_an_album_whose_answer_was_lost_is_not_made_again(
    page: Page, member: User, tmp_path: Path
) -> None:
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route("**/api/v1/albums/", lose_the_first)
    button = choose_new_album(page, pictures(tmp_path, 1)[0])
    button.click()
    expect(page.get_by_text("The album cannot be created now.")).to_be_visible()
    button.click()
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    assert [album.photos.count() for album in member.albums.all()] == [1]


@pytest.mark.usefixtures("member")
def test_a_cell_of_a_table_that_is_pasted_into_a_field_is_text(page: Page) -> None:
    page.goto("/albums/new/")
    is_ready(page)
    paste = """(element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array([1])], "image.png", {type: "image/png"}));
      if (text) clipboardData.items.add(text, "text/plain");
      element.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
    }"""
    field, dialog = page.get_by_label("Description"), page.locator("#upload-dialog")
    field.evaluate(paste, "Anna at the sea")
    page.wait_for_timeout(200)
    expect(dialog).to_be_hidden()
    field.evaluate(paste, "")
    expect(dialog).to_be_visible()


def test_the_keyboard_is_enough(page: Page, member: User, tmp_path: Path) -> None:
    make_photo(make_album(member, "Attic"))
    # From the start: a chooser that opens in the same moment as it is first listened for may be missed.
    page.on("filechooser", lambda _chooser: None)
    page.goto("/")
    is_ready(page)
    page.get_by_role("link", name="Upload").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Choose photos")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(pictures(tmp_path, 1))
    expect(page.get_by_role("button", name="Upload and color")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".photo-card [alt='print 1']")).to_be_visible()
    expect(page.get_by_role("link", name="Upload")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#upload-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#upload-dialog")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panel_and_dialog_are_accessible_and_fit_a_small_phone(
    page: Page, member: User, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    files = pictures(tmp_path, 3)
    make_photo(make_album(member, "Attic"), files[1].read_bytes())
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/")
    dialog = choose(page, files)
    check(page)
    dialog.get_by_role("button", name="Upload and color").click()
    expect(panel(page)).to_contain_text("2 of 2 uploaded, 1 already there")
    show_details(page)
    check(page)


def check(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []


def test_a_phone_offers_its_camera(phone: Page, member: User) -> None:
    make_photo(make_album(member, "Attic"))
    phone.goto("/")
    is_ready(phone)
    phone.get_by_role("link", name="Upload").tap()
    expect(phone.get_by_text("Take a photo")).to_be_visible()
    expect(phone.get_by_text("Choose a folder")).to_be_hidden()


def test_a_tab_shows_nothing_of_a_member_when_another_one_has_logged_in(
    page: Page, member: User
) -> None:
    make_photo(make_album(member, "Attic"), name="secret.jpg")
    page.goto("/")
    expect(page.get_by_text("secret", exact=True)).to_be_visible()
    is_ready(page)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Account").click()
    other.get_by_role("button", name="Log out").click()
    other.goto("/accounts/login/")
    other.get_by_label("Email").fill(make_user().email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_text("secret", exact=True)).to_have_count(0)
