"""A film from the upload to the download, with a real worker: tried, colored, played, compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from jobs.models import Job
from tests.browser.uploading import upload
from tests.factories import make_album, make_colorization, make_photo
from tests.film_files import film_bytes
from tests.worker import running_worker

PLAYS_H264 = """document.createElement("video").canPlayType('video/mp4; codecs="avc1.42E01E"')"""
WORK = 120_000


@pytest.fixture
def _film_worker(live_server: LiveServer, tmp_path: Path) -> Iterator[None]:
    with running_worker(tmp_path, VIDEO_WORKERS="1"):
        yield


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


@pytest.mark.slow
@pytest.mark.usefixtures("member", "_film_worker")
def test_from_the_upload_of_a_film_to_its_download(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "boat.mp4"
    path.write_bytes(film_bytes(frames=30, width=192, height=144, sound=True))
    upload(page, path)
    # It is not colored before it was tried.
    expect(page.locator(".film-mark")).to_contain_text("0:03")
    page.get_by_role("link", name="boat").click()
    page.get_by_label("From second").fill("1")
    page.get_by_role("button", name="Try each style").click()
    trials = page.locator(".trial video")
    expect(trials).to_have_count(3, timeout=WORK)
    expect(page.locator(".trial h3")).to_have_text(["Video", "Artistic", "Stable"])
    can_play = bool(page.evaluate(PLAYS_H264))
    if can_play:
        trials.first.evaluate("video => video.play()")
        for trial in trials.all():
            is_past(trial, 0.3)

    page.get_by_role("button", name="Color the whole film (Video)").click()
    film = page.locator(".stage video")
    expect(film).to_be_visible(timeout=WORK)
    divider = page.locator(".stage").get_by_role("slider")
    divider.press("ArrowRight")
    expect(divider).to_have_value("51")
    widths = "node => node.clientWidth / node.parentElement.clientWidth"
    assert abs(page.locator(".stage .film__gray").evaluate(widths) - 0.51) < 0.02
    if not can_play:
        pytest.skip("this Chromium plays no H.264: nothing of playing and seeking was tried")

    ranges: list[int] = []

    def note(response: Response) -> None:
        if response.url.endswith("/film/"):
            ranges.append(response.status)

    page.on("response", note)
    page.reload()
    film.evaluate("video => { video.muted = true; return video.play(); }")
    is_past(film, 0.3)
    film.evaluate("video => { video.pause(); video.currentTime = 2.5; }")
    expect(film).to_have_js_property("seeking", False)
    expect(film).to_have_js_property("currentTime", 2.5)
    assert set(ranges) == {206}
    assert film.evaluate("video => [video.videoWidth, video.videoHeight]") == [192, 144]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (").click()
    assert download.value.suggested_filename == "boat-video.mp4"


def is_past(video: Locator, seconds: float) -> None:
    video.evaluate(
        "(video, seconds) => new Promise((resolve) => {"
        " const look = () => (video.currentTime > seconds || video.ended ? resolve() : setTimeout(look, 50));"
        " look(); })",
        seconds,
    )
