"""From a hint to its picture: python -m benchmarks.hint_previews

As the page "Correct colors" asks while a hint is dragged: one preview after the other, each with the hint elsewhere,
and colors for places; of a film also frames, each of another moment, alone and with a picture of it. SQLite; the pages
are asked for in this process, previews and frames come from those that make them.
"""

from __future__ import annotations

import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.photographs import TWELVE_MEGAPIXELS, gray_jpeg
from benchmarks.site import row
from tests.chaos.surroundings import surroundings
from tests.film_files import film_bytes

if TYPE_CHECKING:
    from gallery.models import Photo

SIZES: Final = {"1 megapixel": (1152, 864), "12 megapixels": TWELVE_MEGAPIXELS}
FILMS: Final = {"film, 640 x 480": (640, 480), "film, 1920 x 1080": (1920, 1080)}
"""Of 12 seconds; a key frame each second."""
REPETITIONS: Final = 30
Request: TypeAlias = Callable[[int], None]
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

    choices: Mapping[str, Any] = CHOICES
    moment: Mapping[str, float] = {}

    def __init__(self, content: bytes) -> None:
        from gallery.services import add_photo  # noqa: PLC0415  (Django is set up by now)
        from tests.factories import make_album, make_upload  # noqa: PLC0415  (as above)

        self.photo = add_photo(make_album(), make_upload(content))
        self._client = Client(HTTP_HOST=settings.SITE_HOST)
        self._client.force_login(self.photo.album.owner)

    @property
    def requests(self) -> dict[str, Request]:
        return {"picture": self.preview, "colors for a place": self.colors}

    def preview(self, number: int) -> None:
        self._ask("photo-hints-preview", hints=[{**hint(self.photo, number), **self.moment}])

    def colors(self, number: int) -> None:
        place = hint(self.photo, number)
        self._ask("photo-hints-colors", hints=[], x=place["x"], y=place["y"])

    def _ask(self, name: str, **content: Any) -> None:
        address = reverse(f"gallery:{name}", args=[self.photo.pk])
        sent = {**self.choices, **content}
        self._check(self._client.post(address, sent, "application/json"))

    def _check(self, response: Any) -> None:
        if response.status_code != 200:  # noqa: PLR2004
            address = response.request["PATH_INFO"]
            raise SystemExit(f"{address}: {response.status_code} {response.content.decode()}")


class FilmPage(Page):
    """And of a new film, at its moments."""

    moment = {"seconds": 5.02}
    choices = {**CHOICES, **moment, "variant": "video"}

    @property
    def requests(self) -> dict[str, Request]:
        return {**super().requests, "frame": self.frame, "frame and its picture": self.look}

    def frame(self, number: int) -> None:
        self._get_frame(0.34 * number + 0.01)

    def look(self, number: int) -> None:
        """Moments that nobody has looked at."""
        seconds = 0.34 * number + 0.17
        self._get_frame(seconds)
        place = {**hint(self.photo, number), "seconds": seconds}
        self._ask("photo-hints-preview", hints=[place], seconds=seconds)

    def _get_frame(self, seconds: float) -> None:
        address = reverse("gallery:photo-hints-frame", args=[self.photo.pk])
        self._check(self._client.get(f"{address}?seconds={seconds}"))


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
        pages = {name: Page(gray_jpeg(size)) for name, size in SIZES.items()}
        pages |= {name: FilmPage(film_bytes(300, *size, rate=25)) for name, size in FILMS.items()}
        for name, page in pages.items():
            for what, ask in page.requests.items():
                load = f"{os.getloadavg()[0]:.1f}"  # of the machine, before
                row(f"{name}, {what}", *figures(milliseconds(ask)), load)
        django.db.connections.close_all()


if __name__ == "__main__":
    main()
