"""Correcting the colors of a film in a real browser: hints at several moments, found again, undone and kept."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery.models import Photo
from tests.browser.accessibility import violations
from tests.browser.pictures import PUBLIC_PICTURES
from tests.browser.test_hints import choose, marks, place_of, seen, settled
from tests.colorizer.engine.video.films import Film, pan, write
from tests.factories import make_album, make_photo

SIZE = (192, 144)
CUT = 12
"""Of 20 frames, ten a second."""


def with_cut(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return pan(index, size, "astronaut" if index < CUT else "coffee")


@pytest.fixture
def film(member: User, tmp_path: Path) -> Photo:
    film = Film(frames=20, size=SIZE, rate=Fraction(10), luma=with_cut)
    content = write(tmp_path / "boat.mp4", film).read_bytes()
    return make_photo(make_album(member), content, "boat.mp4")


def opened(page: Page, film: Photo, query: str = "") -> None:
    page.goto(f"/photos/{film.pk}/hints/{query}")
    page.wait_for_selector("[data-hints][data-is-ready]")
    at(page, page.locator("[data-part=time]").inner_text())


def at(page: Page, time: str) -> None:
    """The frame and the colors of this moment are shown."""
    expect(page.locator("[data-part=time]")).to_have_text(time)
    settled(page)
    expect(page.locator("[data-part=preview]")).to_be_visible()


def moments(page: Page) -> Locator:
    return page.get_by_role("group", name="Moments with hints").get_by_role("button")


def test_moments_are_found_again_and_undone(page: Page, film: Photo) -> None:
    opened(page, film, "?seconds=0.31")
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    blue = seen(page, 0.3, 0.3)
    page.keyboard.press(".")
    at(page, "0:00.45")
    expect(marks(page)).to_have_count(0)
    page.keyboard.press("Shift+.")
    at(page, "0:01.45")
    page.get_by_role("button", name="One frame back").click()
    at(page, "0:01.35")
    page.get_by_role("button", name="Go to 0:00.35: 1 hint").click()
    at(page, "0:00.35")
    expect(marks(page)).to_have_count(1)
    assert seen(page, 0.3, 0.3) == pytest.approx(blue, abs=1)
    page.get_by_role("slider", name="Moment of the film").press("End")
    at(page, "0:01.95")
    page.keyboard.press("Control+z")
    at(page, "0:00.35")
    expect(moments(page)).to_have_count(0)
    page.keyboard.press("Control+Shift+Z")
    expect(marks(page)).to_have_count(1)


def test_a_reference_for_one_scene_is_seen_there_and_kept(page: Page, film: Photo) -> None:
    opened(page, film, "?seconds=1.5")
    plain = seen(page, 0.7, 0.2)
    page.locator("[data-part=file]").set_input_files(PUBLIC_PICTURES / "astronaut.png")
    page.get_by_text("Only this scene").click()
    settled(page)
    assert np.abs(seen(page, 0.7, 0.2) - plain).max() > 2
    page.get_by_role("slider", name="Moment of the film").press("Home")
    at(page, "0:00.05")
    page.get_by_role("button", name="Go to 0:01.55: colors of another photo").click()
    at(page, "0:01.55")
    page.keyboard.press(",")
    at(page, "0:01.45")
    page.get_by_text("Only this scene").click()
    expect(moments(page)).to_have_count(1)
    page.get_by_role("button", name="Color with these hints").click()
    page.wait_for_url("**/photos/*/?version=*")
    assert guide_of(Colorization.objects.get()).reference_seconds == 1.45


def test_without_a_connection_the_frame_comes_by_itself_later(page: Page, film: Photo) -> None:
    opened(page, film)
    page.route("**/hints/frame/**", lambda route: route.abort())
    page.keyboard.press(".")
    word = page.locator("[data-part=word]")
    expect(word).to_contain_text("No connection. Nothing is lost")
    page.mouse.click(*place_of(page, 0.3, 0.3))
    expect(page.locator(".mark")).to_have_count(0)
    page.unroute("**/hints/frame/**")
    expect(word).to_be_hidden()
    at(page, "0:00.15")


def test_nobody_is_kept_out(page: Page, film: Photo) -> None:
    opened(page, film, "?seconds=1.5")
    page.mouse.click(*place_of(page, 0.3, 0.3))
    choose(page, "#2040c0")
    page.locator("[data-part=file]").set_input_files(PUBLIC_PICTURES / "astronaut.png")
    page.get_by_text("Only this scene").click()
    settled(page)
    for width, height in ((1280, 900), (320, 700)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            emulated: Any = {"color_scheme": scheme, "reduced_motion": "reduce"}
            page.emulate_media(**emulated)
            assert violations(page) == [], (width, scheme)
