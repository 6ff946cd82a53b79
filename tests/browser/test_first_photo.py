"""From sign-up to the first color photo, as a new member sees it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.pictures import gray_photo, no_photo
from tests.browser.uploading import is_ready, panel, show_details
from tests.factories import PASSWORD


@pytest.mark.usefixtures("worker")
@pytest.mark.fresh_context
@pytest.mark.slow
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
