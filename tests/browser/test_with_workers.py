"""Whole paths with real workers, which are started once for all: from the upload to what is downloaded.

Each test looks at what belongs to its own member.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Locator, Page, Response, expect
from pytest_django import Settings

from accounts.models import User
from colorizer.engine.hints import FilmHint
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery import services
from gallery.models import Photo
from jobs.models import Job
from tests.browser.accessibility import violations
from tests.browser.adjusting import result_of, shown
from tests.browser.pictures import gray_photo, no_photo
from tests.browser.test_adjust import brush_across, saved
from tests.browser.test_adjust import opened as opened_to_adjust
from tests.browser.test_film_hints import CUT, at, film, moments
from tests.browser.test_hints import (
    choose,
    marks,
    opened,
    photo,
    place_of,
    seen,
    settled,
    suggested,
)
from tests.browser.uploading import is_ready, panel, show_details, upload
from tests.colorizer.engine.video.films import chromas
from tests.factories import PASSWORD, make_album, make_photo, picture_bytes
from tests.film_files import film_bytes
from tests.worker import running_worker

__all__ = ["film", "photo"]  # fixtures
pytestmark = pytest.mark.slow

PLAYS_H264 = """document.createElement("video").canPlayType('video/mp4; codecs="avc1.42E01E"')"""
WORK = 120_000


@pytest.fixture(scope="module")
def media(lasting_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the workers, one for photos and one for films, find the files."""
    folder = tmp_path_factory.mktemp("site")
    own = override_settings(MEDIA_ROOT=folder / "media", WEIGHTS_DIR=folder / "weights")
    with own, running_worker(folder, VIDEO_WORKERS="1"):
        yield folder / "media"


@pytest.fixture(autouse=True)
def _same_media(media: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = media


@pytest.mark.fresh_context
def test_from_sign_up_to_the_first_color_photo(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_role("link", name="Color your first photo").first.click()
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()

    files = [gray_photo(tmp_path, "astronaut"), no_photo(tmp_path), gray_photo(tmp_path, "coffee")]
    is_ready(page)
    page.get_by_label("Drop photos here").set_input_files(files)
    page.get_by_role("button", name="Upload and color").click()
    expect(page.locator(".print__after.is-developed")).to_have_count(2)
    expect(page.locator(".photo-card")).to_have_count(2)
    expect(panel(page)).to_contain_text("2 of 3 uploaded, 1 failed")
    show_details(page)
    expect(panel(page).locator(".upload")).to_contain_text("letter.jpg")
    expect(page.locator("[data-open]")).to_have_count(0)

    page.get_by_role("link", name="coffee").click()
    expect(page.get_by_alt_text("coffee: In color")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "coffee-artistic.jpg"
    assert is_in_color(download.value.path().read_bytes())

    page.locator(".variant", has_text="Stable").click()
    page.get_by_role("button", name="Color it").click()
    expect(page.locator(".stage .viewer__divider")).to_be_visible()
    expect(page.locator(".version[aria-current=true]")).to_contain_text("Stable")
    expect(page.locator(".version")).to_have_count(2)

    page.locator(".variant", has_text="Artistic").click()
    page.get_by_role("button", name="Color it").click()
    expect(page.get_by_text("You already have this version")).to_be_visible()
    expect(page.locator(".version[aria-current=true]")).to_contain_text("Artistic")
    expect(page.locator(".version")).to_have_count(2)


def is_in_color(content: bytes) -> bool:
    with Image.open(BytesIO(content)) as picture:
        return picture.size == (300, 200) and np.asarray(picture.convert("HSV"))[..., 1].max() > 20


def test_from_previews_to_the_version_that_is_kept(page: Page, member: User) -> None:
    photo = make_photo(make_album(member), picture_bytes(300, 200))
    page.goto(photo.get_absolute_url())
    page.get_by_role("button", name="Compare styles").press("Enter")
    keep = page.get_by_role("button", name="Keep this one Stable, medium color")
    expect(keep).to_be_enabled(timeout=120_000)
    for _ in range(5):  # from the title, where one is led
        page.keyboard.press("Tab")
    expect(keep).to_be_focused()
    assert page.locator(".style img").count() == 6
    assert violations(page) == []
    keep.press("Enter")
    expect(page.locator("#keep[aria-pressed=true]")).to_be_visible(timeout=120_000)
    expect(page.locator(".facts__made")).to_have_text("Stable, medium color")
    version = Colorization.objects.get(job__owner=photo.album.owner)
    assert (version.is_kept, version.job.state) == (True, Job.State.SUCCEEDED)
    page.get_by_role("button", name="4 stars").press("Enter")
    expect(page.get_by_role("button", name="4 stars", pressed=True)).to_be_focused()
    expect(page.get_by_role("radio", name="Artistic")).to_be_checked()  # untried

    # Deleted in another tab: the page says so, and shows what there is.
    expect(page.locator("#version-list:not([hx-get])")).to_be_visible()
    page.locator("#version-list img").evaluate("image => image.decode()")  # or it would be missing
    services.trash_colorization(version)
    page.get_by_role("button", name="5 stars").click()
    expect(page.get_by_text("This version was deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Color it")).to_be_visible()


def test_a_color_is_seen_kept_and_taken_up_again(page: Page, photo: Photo) -> None:
    opened(page, photo)
    before = seen(page, 0.45, 0.4)
    page.mouse.click(*place_of(page, 0.45, 0.4))
    expect(suggested(page).nth(1)).to_be_visible()
    assert marks(page).count() == 0, "a place without a color is no hint"
    choose(page, "#c02030")
    red = seen(page, 0.45, 0.4)
    assert red[0] - before[0] > 10
    suggested(page).nth(1).click()
    settled(page)
    assert np.abs(seen(page, 0.45, 0.4) - red).max() > 5

    # Dragged to another place; then a second one, which is deleted again.
    page.mouse.move(*place_of(page, 0.45, 0.4))
    page.mouse.down()
    page.mouse.move(*place_of(page, 0.5, 0.5), steps=5)
    page.mouse.up()
    settled(page)
    page.mouse.click(*place_of(page, 0.8, 0.7))
    expect(suggested(page).nth(1)).to_be_visible()
    suggested(page).first.click()
    expect(marks(page)).to_have_count(2)
    page.get_by_role("button", name="Delete").click()
    expect(marks(page)).to_have_count(1)
    choice = page.locator("[name=variant][value=artistic]")
    choice.check(force=True)
    settled(page)

    page.get_by_role("button", name="Color with these hints").click()
    page.wait_for_url("**/photos/*/?version=*")
    expect(page.locator(".facts__made")).to_have_text("Artistic, medium color, 1 hint")
    version = Colorization.objects.get(job__owner=photo.album.owner)
    [hint] = guide_of(version).hints
    assert (hint.x, hint.y) == pytest.approx((0.5 * photo.width, 0.5 * photo.height), abs=3)
    page.get_by_role("link", name="Correct colors").click()
    expect(marks(page)).to_have_count(1)
    expect(page.locator("[data-part=made]")).to_be_visible()
    expect(choice).to_be_checked()


def test_what_was_seen_is_in_the_full_size_file(page: Page, member: User) -> None:
    version = opened_to_adjust(page, member)
    page.get_by_label("Warmth").last.fill("50")
    page.get_by_label("Intensity").last.fill("-40")
    brush_across(page)
    page.wait_for_timeout(100)
    seen = shown(page).astype(int)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved, in full size.")).to_be_visible()
    made = Colorization.objects.select_related("result").get(pk=version.pk)
    assert saved(made).gray
    assert made.result != version.result
    assert np.abs(result_of(made) - seen).mean() <= 1
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: the colors are as they were made.")).to_be_visible()
    assert Colorization.objects.get(pk=version.pk).result == version.result


@pytest.mark.usefixtures("member")
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


def test_hints_at_two_moments_color_their_scenes(page: Page, film: Photo, tmp_path: Path) -> None:
    page.goto(film.get_absolute_url())
    page.get_by_role("link", name="Correct colors").click()
    at(page, "0:00.05")
    plain = seen(page, 0.3, 0.3)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#c02030")
    assert seen(page, 0.3, 0.3)[0] - plain[0] > 10
    page.get_by_role("slider", name="Moment of the film").fill("15")
    at(page, "0:01.55")
    expect(marks(page)).to_have_count(0)
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    expect(moments(page)).to_have_count(2)

    page.get_by_role("button", name="Color with these hints").click()
    page.wait_for_url("**/photos/*/?version=*")
    expect(page.locator(".facts__made")).to_have_text("Video, medium color, 2 hints", timeout=WORK)
    version = Colorization.objects.get(job__owner=film.album.owner)
    hints = [hint for hint in guide_of(version).hints if isinstance(hint, FilmHint)]
    assert [hint.seconds for hint in hints] == [0.05, 1.55]
    assert version.result
    found = chromas(Path(version.result.name.path))
    for frame, is_blue in ((0, False), (CUT - 2, False), (15, True)):
        x = 29 - frame % 15  # what lies under the hint moves with the camera
        cb, cr = found[frame][:, 20:24, x - 2 : x + 2].mean(axis=(1, 2))
        assert (cb > cr + 15) if is_blue else (cr > cb + 15), (frame, cb, cr)

    # It is taken up again at the moment of the player.
    page.reload()
    page.locator(".stage video").evaluate("video => { video.currentTime = 1.56; }")
    page.get_by_role("link", name="Correct colors").click()
    at(page, "0:01.55")
    expect(marks(page)).to_have_count(1)
