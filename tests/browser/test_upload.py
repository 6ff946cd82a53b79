"""Uploads: what was chosen arrives once, whatever happens to the line, the page, the tab or the login."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Dialog, Error, Page, Route, expect

from accounts.models import User
from filestore.models import Upload
from gallery.models import Photo
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
from tests.colorizer.decoders import busy_decoders
from tests.factories import PASSWORD, make_album, make_photo
from tests.worker import wait_until

CREATION = "**/api/v1/uploads/"
PHOTOS = int(os.environ.get("UPLOAD_PHOTOS", "36"))
LETTERS = max(4, PHOTOS // 29)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The browser notes failed requests in the console, and these are meant to fail."""
    errors: list[Error] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108  (Playwright marks it)
    yield page
    assert errors == []


def log_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def names() -> list[str]:
    return list(Photo.objects.order_by("created_at", "pk").values_list("original_name", flat=True))


@pytest.mark.usefixtures("member")
def test_a_file_is_sent_again_when_the_site_was_busy(page: Page, tmp_path: Path) -> None:
    with busy_decoders(patience=0.1):
        upload(page, pictures(tmp_path, 2))
        expect(panel(page).get_by_text("The site is busy.")).to_be_visible()
        assert not Photo.objects.exists()
    expect(page.locator(".photo-card [alt]")).to_have_count(2)


@pytest.mark.parametrize("status", [0, 429])
@pytest.mark.usefixtures("member")
def test_a_file_is_sent_again_after(page: Page, tmp_path: Path, status: int) -> None:
    tries = 0

    def fail_once(route: Route) -> None:
        nonlocal tries
        tries += 1
        if tries > 1:
            route.continue_()
        elif status:
            route.fulfill(status=status, headers={"Retry-After": "1"})
        else:
            route.abort("connectionreset")

    page.route(CREATION, fail_once)
    upload(page, pictures(tmp_path, 1))
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    assert tries == 2


def test_a_login_in_another_tab_lets_the_upload_go_on(
    page: Page, member: User, context: BrowserContext, tmp_path: Path
) -> None:
    dialog = choose(page, pictures(tmp_path, 2))
    Session.objects.all().delete()
    dialog.get_by_role("button", name="Upload and color").click()
    notice = panel(page).get_by_role("alert").filter(has_text="You were logged out.")
    expect(notice).to_be_visible()
    other = context.new_page()
    other.goto("/accounts/login/")
    log_in(other, member)
    expect(page.locator(".photo-card [alt]")).to_have_count(2)
    expect(notice).to_be_hidden()


def test_a_login_on_the_same_page_lets_the_upload_go_on(
    page: Page, member: User, tmp_path: Path
) -> None:
    page.goto(make_album(member, "Attic").get_absolute_url())
    dialog = choose(page, pictures(tmp_path, 2))
    Session.objects.all().delete()
    dialog.get_by_role("button", name="Upload and color").click()
    panel(page).get_by_role("link", name="Log in").click()
    log_in(page, member)
    expect(page.get_by_role("heading", name="Attic")).to_be_visible()
    expect(page.locator(".photo-card [alt]")).to_have_count(2)
    assert names() == ["print 1.png", "print 2.png"]


def test_nothing_is_sent_to_the_account_of_somebody_else(
    page: Page, member: User, tmp_path: Path
) -> None:
    dialog = choose(page, pictures(tmp_path, 1))
    Session.objects.all().delete()
    dialog.get_by_role("button", name="Upload and color").click()
    panel(page).get_by_role("link", name="Log in").click()
    log_in(page, User.objects.create_user("bob@example.org", PASSWORD))
    is_ready(page)
    expect(panel(page)).to_be_hidden()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log in").click()
    log_in(page, member)
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    assert Photo.objects.get().album.owner == member


def test_what_waits_in_an_old_tab_is_not_sent_to_somebody_else(
    page: Page, member: User, context: BrowserContext, tmp_path: Path
) -> None:
    """The line, the site or the storage is waited for, and meanwhile somebody else logs in."""
    with busy_decoders(patience=0.1):
        upload(page, pictures(tmp_path, 2))
        expect(panel(page).get_by_text("The site is busy.")).to_be_visible()
        context.clear_cookies()
        other = context.new_page()
        other.goto("/accounts/login/")
        log_in(other, User.objects.create_user("bob@example.org", PASSWORD))
        is_ready(other)
    # The old tab shows the page of who is logged in now, whose queue is empty.
    expect(panel(page)).to_be_hidden()
    assert not Photo.objects.exclude(album__owner=member).exists()
    assert not Upload.objects.exclude(owner=member).exists()


@pytest.mark.usefixtures("member")
def test_leaving_loses_nothing_and_does_not_warn(page: Page, tmp_path: Path) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    with busy_decoders(patience=0.1):
        upload(page, pictures(tmp_path, 2))
        expect(panel(page).get_by_text("The site is busy.")).to_be_visible()
        wait_until_kept(page)
        page.goto("/explore/")
        expect(panel(page)).to_contain_text("0 of 2 uploaded")
        page.reload()
    expect(panel(page)).to_contain_text("2 of 2 uploaded")
    assert names() == ["print 1.png", "print 2.png"]


@pytest.mark.usefixtures("member")
def test_leaving_warns_where_the_browser_keeps_nothing(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    page.reload()
    assert asked == []
    with busy_decoders(patience=0.1):
        upload(page, pictures(tmp_path, 1))
        expect(panel(page).get_by_text("The site is busy.")).to_be_visible()
        page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.slow
@pytest.mark.fresh_context
@pytest.mark.usefixtures("member")
def test_many_files_arrive_once_over_a_bad_line(
    page: Page, context: BrowserContext, tmp_path: Path
) -> None:
    """It is cut five times, and the page is left and reloaded meanwhile. The long form: UPLOAD_PHOTOS=290."""
    good, bad = pictures(tmp_path, PHOTOS), letters(tmp_path, LETTERS)
    upload(page, [*good[:10], *bad, *good[10:]])
    for number, address in enumerate(["/explore/", "", "/activity/", "/timeline/", "/"], start=1):
        wait_until(lambda: len(names()) >= PHOTOS // 6 * number, "photos", pause=0.02)  # noqa: B023
        wait_until_kept(page)
        context.set_offline(offline=True)
        expect(panel(page).get_by_text("No connection.")).to_be_visible()
        context.set_offline(offline=False)
        if address:
            page.goto(address)
        else:
            page.reload()
    expect(panel(page)).to_contain_text(
        f"{PHOTOS} of {PHOTOS + LETTERS} uploaded, {LETTERS} failed", timeout=5_000 * PHOTOS
    )
    assert names() == [path.name for path in good]
    show_details(page)
    expect(panel(page).locator(".upload")).to_have_count(LETTERS)
    expect(panel(page).locator(".upload").first).to_contain_text("neither a picture nor a film")


@pytest.mark.usefixtures("member")
def test_two_tabs_show_the_same_and_one_of_them_sends(
    page: Page, context: BrowserContext, tmp_path: Path
) -> None:
    other = context.new_page()
    other.goto("/explore/")
    is_ready(other)
    with busy_decoders(patience=0.1):
        upload(other, pictures(tmp_path, 3))
        for tab in (page, other):
            expect(panel(tab)).to_contain_text("0 of 3 uploaded")
            expect(panel(tab).get_by_text("The site is busy.")).to_be_visible()
        page.close()  # the one that sends
    expect(panel(other)).to_contain_text("3 of 3 uploaded")
    assert names() == ["print 1.png", "print 2.png", "print 3.png"]


@pytest.mark.usefixtures("member")
def test_a_folder_is_dropped_anywhere(page: Page, context: BrowserContext, tmp_path: Path) -> None:
    pictures(tmp_path / "prints", 2)
    pictures(tmp_path / "prints" / "more", 12)[0].unlink()
    (tmp_path / "prints" / ".DS_Store").write_bytes(b"\0")
    page.goto("/explore/")
    is_ready(page)
    mouse = context.new_cdp_session(page)
    carried = {"items": [], "files": [str(tmp_path / "prints")], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        event = {"type": step, "x": 300, "y": 300, "data": carried}
        mouse.send("Input.dispatchDragEvent", event)
        if step == "dragOver":
            expect(page.get_by_text("Drop your photos here")).to_be_visible()
    expect(page.get_by_role("heading", name="Upload 13 photos")).to_be_visible()
    expect(page.get_by_text("Drop your photos here")).to_be_hidden()
    page.get_by_role("button", name="Upload only").click()
    expect(panel(page)).to_contain_text("12 of 12 uploaded, 1 already there")
    # By name, numbers as numbers; the folder inside comes before them.
    assert names() == [f"print {number}.png" for number in [*range(2, 13), 1]]


@pytest.mark.usefixtures("member")
def test_a_picture_is_pasted(page: Page, tmp_path: Path) -> None:
    is_ready(page)
    content = base64.b64encode(pictures(tmp_path, 1)[0].read_bytes()).decode()
    page.evaluate(
        """(content) => {
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], "image.png", {type: "image/png"}));
          document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
        }""",
        content,
    )
    page.get_by_role("button", name="Upload only").click()
    expect(page.locator(".photo-card [alt='image']")).to_be_visible()


def test_what_is_there_already_is_not_sent_unless_wished_for(
    page: Page, member: User, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 3)
    make_photo(make_album(member, "Attic"), files[1].read_bytes())
    upload(page, files, "Upload only")
    expect(panel(page)).to_contain_text("2 of 2 uploaded, 1 already there")
    show_details(page)
    row = panel(page).locator(".upload")
    expect(row).to_contain_text("Already in “Attic”")
    row.get_by_role("button", name="Add print 2.png again").click()
    expect(panel(page)).to_contain_text("3 of 3 uploaded")
    assert Photo.objects.count() == 4


def test_a_refusal_is_told_in_the_language_of_the_page(
    page: Page, member: User, tmp_path: Path
) -> None:
    upload(page, letters(tmp_path, 2))
    show_details(page)
    expect(panel(page).get_by_text("neither a picture nor a film")).to_have_count(2)
    User.objects.filter(pk=member.pk).update(language="zh-hans")
    # What failed otherwise: the site does not know why, and what was told stays.
    Upload.objects.filter(metadata__filename="letter 2.jpg").update(
        state=Upload.State.RECEIVED, refusal=None
    )
    page.reload()
    show_details(page)
    expect(panel(page).get_by_text("既不是可读取的图片")).to_have_count(1)
    expect(panel(page).get_by_text("neither a picture nor a film")).to_have_count(1)


def test_album_and_style_are_chosen_once_and_remembered(
    page: Page, member: User, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 2)
    dialog = choose(page, files[:1])
    dialog.get_by_label("Album", exact=True).select_option("New album…")
    dialog.get_by_label("Title of the new album").fill("Attic")
    dialog.get_by_text("Stable").click()
    dialog.get_by_role("button", name="Upload and color").click()
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    upload(page, files[1:])
    expect(page.locator(".photo-card [alt]")).to_have_count(2)
    attic = member.albums.get()
    assert attic.title == "Attic"
    versions = [photo.shown_version for photo in attic.photos.all()]
    assert [version and version.variant for version in versions] == ["stable", "stable"]


@pytest.mark.usefixtures("member")
def test_more_files_may_come_while_the_dialog_is_open(page: Page, tmp_path: Path) -> None:
    files = pictures(tmp_path, 2)
    dialog = choose(page, files[:1])
    dialog.get_by_text("Stable").click()
    dialog.locator(".picks__field").first.set_input_files(files[1:])
    expect(dialog.get_by_role("heading")).to_have_text("Upload 2 photos")
    expect(dialog.get_by_label("Stable")).to_be_checked()


@pytest.mark.usefixtures("member")
def test_there_is_nothing_to_choose_before_the_albums_of_now_have_come(
    page: Page, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 2)
    upload(page, files[:1])
    expect(page.locator(".photo-card [alt]")).to_have_count(1)
    held: list[Route] = []
    page.route("**/upload/choices/", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks it)
    dialog = page.locator("#upload-dialog")
    dialog.locator(".picks__field").first.set_input_files(files[1:])
    expect(dialog.get_by_role("heading")).to_have_text("Upload 1 photo")
    expect(dialog.get_by_role("button", name="Upload and color")).to_be_hidden()
    held[0].continue_()
    expect(dialog.get_by_role("button", name="Upload and color")).to_be_visible()


@pytest.mark.usefixtures("member")
def test_uploads_are_paused_and_cancelled(page: Page, tmp_path: Path) -> None:
    with busy_decoders(patience=0.1):
        upload(page, pictures(tmp_path, 70))
        expect(panel(page).get_by_text("The site is busy.")).to_be_visible()
        panel(page).get_by_role("button", name="Pause uploads").click()
        expect(panel(page)).to_contain_text("0 of 70 uploaded, paused")
        show_details(page)
        expect(panel(page).locator(".upload")).to_have_count(60)  # and no more, however many
        expect(panel(page)).to_contain_text("and 10 more")
        wait_until_kept(page)
        page.reload()
        expect(panel(page)).to_contain_text("0 of 70 uploaded, paused")
        show_details(page)
        panel(page).get_by_role("button", name="Cancel print 1.png").click()
        expect(panel(page)).to_contain_text("0 of 69 uploaded")
        panel(page).get_by_role("button", name="Cancel uploads").click()
        panel(page).get_by_role("dialog").get_by_role("button", name="Cancel uploads").click()
    expect(panel(page)).to_be_hidden()
    assert not Photo.objects.exists()


@pytest.mark.fresh_context
@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("number", "heading"),
    [(1, "1 photo has not been sent yet"), (2, "2 photos have not been sent yet")],
)
def test_without_a_line_a_page_says_what_has_not_been_sent(
    page: Page, context: BrowserContext, tmp_path: Path, number: int, heading: str
) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    dialog = choose(page, pictures(tmp_path, number))
    context.set_offline(offline=True)
    dialog.get_by_role("button", name="Upload only").click()
    expect(panel(page).get_by_text("No connection.")).to_be_visible()
    wait_until_kept(page)
    page.goto("/explore/")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_text("This browser keeps what has not been sent.")).to_be_visible()
    expect(page.get_by_text(f"print {number}.png")).to_be_visible()
    context.set_offline(offline=False)
    expect(page.get_by_role("heading", name="No connection")).to_be_hidden()
    expect(panel(page)).to_contain_text(f"{number} of {number} uploaded")
    assert names() == [f"print {index + 1}.png" for index in range(number)]
