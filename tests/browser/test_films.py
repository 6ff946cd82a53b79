"""The page of a film: reached by keys, looked at in full screen, followed while it is colored."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Job
from tests.factories import make_album, make_colorization, make_photo
from tests.film_files import film_bytes


def test_arrow_keys_lead_from_a_film_to_the_next_photo(page: Page, member: User) -> None:
    album = make_album(member)
    photo = make_photo(album)
    film = make_photo(album, film_bytes(), "boat.mp4")
    make_colorization(film, variant="video")
    page.goto(photo.get_absolute_url())
    expect(page.locator(".viewer[data-ready]")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{film.get_absolute_url()}")
    expect(page.get_by_role("navigation", name="Photos of this album")).to_contain_text("1 of 2")

    # These have keys of their own.
    divider = page.locator(".stage").get_by_role("slider", name="Before and after.")
    divider.press("ArrowRight")
    expect(divider).to_have_value("51")
    page.locator(".stage video").press("ArrowRight")
    page.get_by_label("From second").press("ArrowRight")
    assert page.url.endswith(film.get_absolute_url())

    # Full screen goes along, both ways.
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen", pressed=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{photo.get_absolute_url()}")
    expect(page.locator(".viewer.is-full[data-ready]")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".film-viewer.is-full video")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".is-full")).to_have_count(0)


def test_full_screen_keeps_the_focus_while_a_film_is_colored(page: Page, member: User) -> None:
    film = make_photo(make_album(member), film_bytes(), "boat.mp4")
    make_colorization(film, Job.State.QUEUED, variant="video")
    page.goto(film.get_absolute_url())
    full_screen = page.get_by_role("button", name="Full screen")
    full_screen.press("Enter")
    with page.expect_response("**/*part=film_stage*"):
        pass
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    expect(full_screen).to_be_focused()
    expect(full_screen).to_have_attribute("aria-pressed", "true")


def test_details_that_were_opened_stay_open_while_a_film_is_colored(
    page: Page, member: User
) -> None:
    film = make_photo(make_album(member), film_bytes(), "boat.mp4")
    make_colorization(film, Job.State.QUEUED, variant="video")
    page.goto(film.get_absolute_url())
    for is_open in (True, False):
        page.locator("#made-with summary").click()
        for _ in range(2):
            with page.expect_response("**/*part=film_stage*"):
                pass
            expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
            expect(page.locator("#made-with")).to_have_js_property("open", is_open)
