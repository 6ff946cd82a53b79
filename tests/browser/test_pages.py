"""What only a browser can tell: the keyboard, narrow screens, dark colors, pages without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from colorizer.models import Colorization
from gallery.models import Album, Photo
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.contexts import Contexts
from tests.browser.pictures import gray_photo
from tests.factories import bring_to, make_album, make_colorization, make_photo

PHONE_WIDTH = 320
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def colorization(member: User) -> Colorization:
    return make_colorization(make_photo(make_album(member, "Harbor", public=True)))


def pages_of(colorization: Colorization) -> list[str]:
    album = colorization.source.photo.album.get_absolute_url()
    own = [
        "/",
        "/activity/",
        "/upload/",
        "/explore/",
        "/albums/new/",
        album,
        f"{album}edit/",
        f"{album}sections/",
        f"{album}publish/",
        f"{album}delete/",
    ]
    return [
        *own,
        colorization.source.photo.get_absolute_url(),
        f"/colorizations/{colorization.pk}/report/",
    ]


def test_no_page_is_wider_than_a_phone(page: Page, colorization: Colorization) -> None:
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    for address in pages_of(colorization):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE_WIDTH, f"{address} is {width} pixels wide"


def test_pages_are_accessible_in_the_dark(page: Page, colorization: Colorization) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    for address in pages_of(colorization):
        assert violations(page, address) == [], address


def test_light_and_dark_follow_the_system(page: Page) -> None:
    page.goto("/")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(BACKGROUND) == "rgb(246, 245, 242)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BACKGROUND) == "rgb(19, 18, 17)"


def test_the_keyboard_reaches_everything_on_the_photo_page(
    page: Page, colorization: Colorization
) -> None:
    page.goto(colorization.source.photo.get_absolute_url())
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.photo-bar .menu > summary')"):
            page.keyboard.press("Enter")
        reached.add(page.evaluate("document.activeElement.textContent.trim().split('\\n')[0]"))
    assert {"Skip to content", "Explore", "Original", "Delete photo", "Color it"} <= reached


def test_the_keyboard_can_cancel_while_the_card_renews_itself(page: Page, member: User) -> None:
    colorization = make_colorization(make_photo(make_album(member)), Job.State.QUEUED)
    page.goto("/")
    cancel = page.get_by_role("button", name="Cancel photo")
    cancel.focus()
    bring_to(colorization.job, Job.State.RUNNING)
    expect(page.get_by_text("Coloring, 40")).to_be_visible()
    expect(cancel).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Try again with photo")).to_be_visible()
    colorization.refresh_from_db()
    assert colorization.job.state == Job.State.CANCELLED


def test_the_detail_slider_tells_its_value(page: Page, colorization: Colorization) -> None:
    page.goto(colorization.source.photo.get_absolute_url())
    page.get_by_text("Fine-tuning").click()
    page.get_by_label("Detail").press("ArrowRight")
    expect(page.locator("output[for=id_render_factor]")).to_have_text("21")


def test_uploads_and_results_work_without_scripts(
    contexts: Contexts, member: User, tmp_path: Path
) -> None:
    with contexts.lent(java_script_enabled=False) as plain:
        contexts.log_in(plain, member)
        quiet = plain.new_page()
        make_photo(make_album(member))
        quiet.goto("/")
        quiet.get_by_role("link", name="Upload").click()
        files = [gray_photo(tmp_path, "astronaut"), gray_photo(tmp_path, "coffee")]
        quiet.get_by_label("Drop photos here").set_input_files(files)
        quiet.get_by_role("button", name="Upload and color").click()
        expect(quiet.get_by_text("2 photos are being colored.")).to_be_visible()
        assert Photo.objects.filter(album__owner=member).count() == 3

        colorization = make_colorization(Photo.objects.first())
        quiet.goto(colorization.source.photo.get_absolute_url())
        before, after = quiet.locator(".viewer__image").all()
        expect(before).to_be_visible()
        expect(after).to_be_visible()
        quiet.locator("summary", has_text="More actions for this photo").click()
        quiet.get_by_role("link", name="Delete photo").click()
        quiet.get_by_role("button", name="Delete").click()
        assert Photo.objects.kept().filter(album__owner=member).count() == 2


def test_an_album_is_published_and_seen_by_a_stranger(
    context: BrowserContext, page: Page, member: User
) -> None:
    album = make_album(member, "Harbor")
    make_colorization(make_photo(album, name="pier.jpg"))
    page.goto(album.get_absolute_url())
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish album").click()
    expect(page.get_by_text("The album is public.")).to_be_visible()
    assert Album.objects.published().filter(pk=album.pk).exists()

    context.clear_cookies()
    page.goto("/explore/")
    page.get_by_role("link", name="Harbor").click()
    page.get_by_role("link", name="Photo in color").click()
    page.get_by_role("link", name="Report").click()
    page.get_by_label("It is used to mislead").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
