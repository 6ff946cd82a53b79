"""Colored versions to adjust in a browser, and what a canvas shows, as numbers."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Dialog, Page

from accounts.models import User
from colorizer.engine.adjusting import adjust
from colorizer.engine.adjustments import from_json
from colorizer.engine.imageio.reading import read_picture
from colorizer.models import Colorization
from colorizer.result_files import add_result
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from tests.factories import make_album, make_colorization, make_photo

STROKES = [
    {"points": [[2000, 3000], [6000, 3500], [5000, 7000]], "radius": 900, "erases": False},
    {"points": [[5000, 5000]], "radius": 500, "erases": True},
]
FADED = {"black": 30, "white": 215, "gamma": 120}
SETTINGS: list[dict[str, Any]] = [
    {"intensity": -45},
    {"intensity": 80},
    {"saturation": 100},
    {"saturation": -80},
    {"warmth": 60, "tint": -20},
    {"warmth": -100},
    {"tint": 100},
    {"levels": FADED},
    {"gray": STROKES},
    {
        "intensity": 40,
        "saturation": -30,
        "warmth": 35,
        "tint": 10,
        "levels": FADED,
        "gray": STROKES,
    },
]


def colored_version(owner: User, picture: Path) -> Colorization:
    """One whose result is this picture in color, as a JPEG."""
    content = BytesIO()
    with Image.open(picture) as opened:
        opened.convert("RGB").save(content, "JPEG", quality=92)
    version = make_colorization(make_photo(make_album(owner), content.getvalue(), "photo.jpg"))
    before = StoredFile.objects.filter(colorization_of_result=version.pk)
    old = list(before)
    with temporary_folder() as folder, filestore.new_files() as files:
        path = folder / "result.jpg"
        path.write_bytes(content.getvalue())
        stored = add_result(version, path, files)
        files.save()
    Colorization.objects.filter(pk=version.pk).update(result=stored)
    filestore.delete(old)
    return Colorization.objects.select_related("result").get(pk=version.pk)


def result_of(version: Colorization) -> NDArray[Any]:
    assert version.result
    return read_picture(Path(version.result.name.path)).pixels


def choose(page: Page, settings: dict[str, Any]) -> None:
    """Set the form as somebody's hands would leave it."""
    page.evaluate(
        """(settings) => {
            const { elements } = document.querySelector("#adjust-form");
            const names = ["intensity", "saturation", "warmth", "tint"];
            for (const name of names) elements[name].value = settings[name] ?? 0;
            elements.restores.checked = Boolean(settings.levels);
            for (const [name, value] of Object.entries(settings.levels ?? {})) elements[name].value = value;
            elements.gray.value = JSON.stringify(settings.gray ?? []);
            elements.warmth.dispatchEvent(new Event("input", { bubbles: true }));
            return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }""",
        settings,
    )


def shown(page: Page) -> NDArray[Any]:
    """What the canvas shows."""
    address = page.evaluate("() => document.querySelector('[data-part=canvas]').toDataURL()")
    content = base64.b64decode(address.partition(",")[2])
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"))


def difference(page: Page, version: Colorization, settings: dict[str, Any]) -> tuple[float, int]:
    """Mean and largest, in levels of 0..255, between the browser's pixels and the engine's."""
    choose(page, settings)
    expected = result_of(version).copy()
    adjust(expected, from_json(json.loads(json.dumps(settings))))
    distance = np.abs(shown(page).astype(int) - expected)
    return float(distance.mean()), int(distance.max())


def asked_when_leaving(page: Page) -> list[str]:
    """Ask for the photo's page, and stay when there is a dialog: its kind."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Back to the photo").click()
    page.wait_for_timeout(300)
    return asked
