"""The pictures in the README: python -m benchmarks.page_images [FOLDER]

What the bundled weights make of gray photographs that everybody has (scikit-image's); and pages of a site of its own,
with these photographs, as Chromium shows them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright
from skimage import data

from benchmarks.running_site import ACCOUNT, ROOT, Site
from colorizer.engine.colorizer import Colorizer
from tests.needs import CHROMIUM

SIZE: Final[ViewportSize] = {"width": 1280, "height": 900}
QUALITY: Final = 82
RESULTS: Final = ("Motorcycle", "Rocket")
HEIGHT: Final = 300
GAP: Final = 10
SETTLED_SECONDS: Final = 3
"""Until pictures and previews are there."""


def photographs() -> Iterator[tuple[str, Image.Image]]:
    for title, picture in {
        "Motorcycle": data.stereo_motorcycle()[0],
        "Rocket": data.rocket(),
        "Chelsea": data.chelsea(),
        "Eileen": data.astronaut(),
        "Coffee": data.coffee(),
    }.items():
        yield title, Image.fromarray(picture).convert("L")


def write_results(path: Path) -> None:
    """Two of them, gray and in color, side by side."""
    colorizer = Colorizer.for_variant("artistic")
    chosen = [picture for title, picture in photographs() if title in RESULTS]
    shown = [one for picture in chosen for one in (picture, colorizer.colorize(picture))]
    tiles = [one.resize((one.width * HEIGHT // one.height, HEIGHT)) for one in shown]
    width = sum(tile.width + GAP for tile in tiles) - GAP
    sheet, left = Image.new("RGB", (width, HEIGHT), "white"), 0
    for tile in tiles:
        sheet.paste(tile, (left, 0))
        left += tile.width + GAP
    sheet.save(path, quality=QUALITY)


def upload(site: Site, token: str, title: str, picture: Image.Image) -> str:
    """Have it colored, and named; returns the key of the photo."""
    content = BytesIO()
    picture.save(content, "JPEG", quality=95)
    image = SimpleUploadedFile(f"{title}.jpg", content.getvalue())
    form = encode_multipart(BOUNDARY, {"image": image, "variant": "artistic"})
    version = site.ask(
        "/api/v1/colorize/", form, Content_Type=MULTIPART_CONTENT, X_Session_Token=token
    )
    while version["state"] in ("queued", "running"):
        time.sleep(1)
        version = site.ask(f"/api/v1/colorizations/{version['id']}/", X_Session_Token=token)
    photo: str = version["photo_url"].rstrip("/").rsplit("/", 1)[-1]
    return photo


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", ACCOUNT["email"])
    page.fill("[name=password]", ACCOUNT["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "login" not in address)


def take(page: Page, path: Path) -> None:
    time.sleep(SETTLED_SECONDS)
    page.screenshot(path=path, type="jpeg", quality=QUALITY)


def give_hint(page: Page, across: float, down: float, color: str) -> None:
    box: Any = page.locator("[data-hints] .adjust__picture").bounding_box()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    chooser = page.locator("[data-hints] input[type=color]")
    chooser.evaluate(
        "(input, color) => { input.value = color;"
        ' for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, {bubbles: true})); }',
        color,
    )


def take_all(page: Page, photo: str, folder: Path) -> None:
    log_in(page)
    page.goto(f"/photos/{photo}/")
    take(page, folder / "page-photo.jpg")
    page.goto(f"/photos/{photo}/hints/")
    page.wait_for_selector("[data-hints][data-is-ready]")
    with page.expect_response("**/hints/preview/"):
        give_hint(page, 0.3, 0.85, "#d8642a")
    take(page, folder / "page-hints.jpg")
    page.goto("/")
    page.locator('a[href^="/albums/"]:not([href="/albums/new/"])').first.click()
    take(page, folder / "page-album.jpg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    write_results(folder / "results.jpg")
    settings.configure()  # encode_multipart asks for Django's default charset
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        site = Site(ROOT, Path(temporary))
        with site.started():
            token = site.sign_up()
            photos = {title: upload(site, token, title, one) for title, one in photographs()}
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(base_url=site.address, viewport=SIZE)
            take_all(page, photos["Eileen"], folder)


if __name__ == "__main__":
    main()
