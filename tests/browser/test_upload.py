"""Uploads that the site cannot take at once: the page sends them again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Dialog, Error, Page, Route, expect

from accounts.models import User
from gallery.models import Photo
from tests.browser.pictures import gray_photo
from tests.colorizer.decoders import busy_decoders
from tests.factories import PASSWORD


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The browser notes failed requests in the console, and these are meant to fail."""
    errors: list[Error] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108  (Playwright marks it)
    yield page
    assert errors == []


@pytest.mark.usefixtures("member")
def test_a_file_is_sent_again_when_the_site_was_busy(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    files = [gray_photo(tmp_path, name) for name in ("astronaut", "coffee")]
    with busy_decoders(patience=0.1):
        page.get_by_label("Drop photos here").set_input_files(files)
        expect(page.locator(".upload__state", has_text="Waiting")).to_have_count(2)
        assert not Photo.objects.exists()
    expect(page.locator(".photo-card")).to_have_count(2)
    expect(page.locator(".upload")).to_have_count(0)


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

    page.route("**/upload/", fail_once)
    page.goto("/")
    page.get_by_label("Drop photos here").set_input_files(gray_photo(tmp_path, "coffee"))
    expect(page.locator(".photo-card")).to_have_count(1)
    assert tries == 2


def test_a_login_in_another_tab_lets_the_upload_go_on(
    page: Page, member: User, tmp_path: Path
) -> None:
    page.goto("/")
    Session.objects.all().delete()
    page.get_by_label("Drop photos here").set_input_files(gray_photo(tmp_path, "coffee"))
    notice = page.get_by_role("alert").filter(has_text="You were logged out.")
    expect(notice).to_be_visible()
    with page.expect_popup() as opened:
        notice.get_by_role("link", name="Log in").click()
    other = opened.value
    other.get_by_label("Email").fill(member.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    other.wait_for_url("/")
    notice.get_by_role("button", name="Go on").click()
    expect(page.locator(".photo-card")).to_have_count(1)
    expect(notice).to_be_hidden()


@pytest.mark.usefixtures("member")
def test_leaving_warns_only_while_files_would_be_lost(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/")
    page.reload()
    assert asked == []
    with busy_decoders(patience=0.1):
        page.get_by_label("Drop photos here").set_input_files(gray_photo(tmp_path, "coffee"))
        expect(page.locator(".upload__state", has_text="Waiting")).to_have_count(1)
        page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.usefixtures("member")
def test_a_panel_tells_how_far_all_files_are(page: Page, tmp_path: Path) -> None:
    letter = tmp_path / "letter.jpg"
    letter.write_text("Dear grandmother")
    photos = [gray_photo(tmp_path, name) for name in ("astronaut", "coffee")]
    page.goto("/")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_label("Drop photos here").set_input_files([letter, *photos])
    panel = page.locator(".upload-panel")
    expect(panel).to_contain_text("2 of 3 uploaded, 1 failed")
    expect(panel.locator(".upload--failed")).to_contain_text("letter.jpg")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") >= height


@pytest.mark.usefixtures("member")
def test_many_files_push_nothing_away(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    top = "document.querySelector('.dropzone').getBoundingClientRect().bottom"
    before = page.evaluate(top)
    with busy_decoders(patience=0.1):
        page.get_by_label("Drop photos here").set_input_files([gray_photo(tmp_path, "coffee")] * 60)
        expect(page.locator(".upload-panel")).to_contain_text("0 of 60 uploaded")
        expect(page.locator(".upload-panel li")).to_have_count(60)
        assert page.evaluate(top) == before
        panel = page.locator(".upload-panel").bounding_box()
        assert panel
        assert panel["height"] < 100
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("about:blank")
