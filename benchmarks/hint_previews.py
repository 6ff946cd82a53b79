"""From a hint to its picture: python -m benchmarks.hint_previews

As the page "Correct colors" asks while a hint is dragged: one preview after the other, each with the hint elsewhere,
and colors for places. SQLite; the pages are asked for in this process, previews come from the one that makes them.
"""

from __future__ import annotations

import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.photographs import TWELVE_MEGAPIXELS, gray_jpeg
from benchmarks.site import row
from tests.chaos.surroundings import surroundings

if TYPE_CHECKING:
    from gallery.models import Photo

SIZES: Final = {"1 megapixel": (1152, 864), "12 megapixels": TWELVE_MEGAPIXELS}
REPETITIONS: Final = 30
CHOICES: Final = {"variant": "stable", "render_factor": 20}


def hint(photo: Photo, number: int) -> dict[str, Any]:
    """Dragged from the left to the right."""
    x = photo.width * (number + 1) / (REPETITIONS + 2)
    return {"x": x, "y": photo.height / 2, "color": "#2846c8", "radius": photo.width / 50}


def milliseconds(ask: Callable[[int], object]) -> Sequence[float]:
    taken = []
    for number in range(REPETITIONS + 1):
        begin = time.perf_counter()
        ask(number)
        taken.append(1000 * (time.perf_counter() - begin))
    return taken


class Page:
    """The requests of the page of a new photo."""

    def __init__(self, size: tuple[int, int]) -> None:
        from gallery.services import add_photo  # noqa: PLC0415  (Django is set up by now)
        from tests.factories import make_album, make_upload  # noqa: PLC0415  (as above)

        self.photo = add_photo(make_album(), make_upload(gray_jpeg(size)))
        self._client = Client(HTTP_HOST=settings.SITE_HOST)
        self._client.force_login(self.photo.album.owner)

    def preview(self, number: int) -> None:
        self._ask("photo-hints-preview", hints=[hint(self.photo, number)])

    def colors(self, number: int) -> None:
        place = hint(self.photo, number)
        self._ask("photo-hints-colors", hints=[], x=place["x"], y=place["y"])

    def _ask(self, name: str, **content: Any) -> None:
        address = reverse(f"gallery:{name}", args=[self.photo.pk])
        response = self._client.post(address, {**CHOICES, **content}, "application/json")
        if response.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"{name}: {response.status_code} {response.content.decode()}")


def figures(taken: Sequence[float]) -> Iterator[str]:
    first, *others = taken
    seconds = (first, statistics.median(others), max(others))
    return (f"{each:.0f}" for each in seconds)


def main() -> None:
    with TemporaryDirectory() as folder, surroundings(Path(folder), "sqlite", workers=1):
        del os.environ["OMP_NUM_THREADS"]  # the process takes its share of the cores, as on a site
        django.setup()
        logging.disable(logging.INFO)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        row("milliseconds", "first", "median", "worst", "load")
        for name, size in SIZES.items():
            page = Page(size)
            for what, ask in {"preview": page.preview, "colors": page.colors}.items():
                load = f"{os.getloadavg()[0]:.1f}"  # of the machine, before
                row(f"{name}, {what}", *figures(milliseconds(ask)), load)
        django.db.connections.close_all()


if __name__ == "__main__":
    main()
