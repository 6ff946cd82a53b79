"""How a person uploads, for tests of a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.factories import picture_bytes
from tests.worker import wait_until

Files = Path | Sequence[Path]


def panel(page: Page) -> Locator:
    return page.locator("#uploads")


def is_ready(page: Page) -> None:
    """The page listens to what is chosen, dropped and pasted."""
    expect(page.locator("#uploads[data-ready]")).to_be_attached()


def wait_until_kept(page: Page) -> None:
    """Until the browser would not ask whoever leaves: every file that was chosen is kept by it."""
    leave = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    wait_until(lambda: bool(page.evaluate(leave)), "all files kept", pause=0.02)


def choose(page: Page, files: Files) -> Locator:
    """The dialog, which asks for album and style."""
    is_ready(page)
    dialog = page.locator("#upload-dialog")
    dialog.locator(".picks__field").first.set_input_files(files)
    expect(dialog.get_by_label("Album", exact=True)).to_be_visible()
    return dialog


def upload(page: Page, files: Files, button: str = "Upload and color") -> None:
    choose(page, files).get_by_role("button", name=button).click()


def show_details(page: Page) -> None:
    toggle = panel(page).locator("[data-action=toggle]")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()


def pictures(folder: Path, number: int) -> list[Path]:
    """Different ones: what is there already is not uploaded."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"print {index + 1}.png" for index in range(number)]
    for index, path in enumerate(paths):
        path.write_bytes(picture_bytes(40 + index, 40, "PNG"))
    return paths


def letters(folder: Path, number: int) -> list[Path]:
    """No pictures."""
    paths = [folder / f"letter {index + 1}.jpg" for index in range(number)]
    for path in paths:
        path.write_text(f"Dear diary, {path.name}")
    return paths
