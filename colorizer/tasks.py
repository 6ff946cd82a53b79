"""The kinds of jobs that colorize and adjust. Import the engine only where a worker runs them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy, gettext_noop

from colorizer.engine.threads import share_cores
from jobs import broker
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Queue


def colorize(lease: Lease) -> None:
    from colorizer.handler import run  # noqa: PLC0415  (loads torch: only workers may)

    run(lease)


def colorize_film(lease: Lease) -> None:
    from colorizer.film_handler import run  # noqa: PLC0415  (as above)

    run(lease)


def help_film(lease: Lease) -> None:
    from colorizer.film_handler import run_helper  # noqa: PLC0415  (as above)

    run_helper(lease)


def adjust(lease: Lease) -> None:
    from colorizer.adjusting_handler import run  # noqa: PLC0415  (as above)

    run(lease)


def load_engine() -> None:
    """Once for all workers: torch and libvips start no threads before they are used."""
    share_cores(broker.workers())
    from colorizer import handler  # noqa: F401, PLC0415  (as above)


COLORIZE: Final = JobKind(
    name="colorize_photo",
    label=gettext_lazy("Colorize a photo"),
    queue=Queue.PHOTOS,
    run=colorize,
    preload=load_engine,
    advice=gettext_noop("Try a lower render factor, or a smaller photo."),
)
COLORIZE_FILM: Final = JobKind(
    name="colorize_film",
    label=gettext_lazy("Colorize a film"),
    queue=Queue.VIDEOS,
    run=colorize_film,
    preload=load_engine,
    advice=gettext_noop("Try a lower render factor, or a smaller or shorter film."),
)
TRY_FILM: Final = JobKind(
    name="try_film",
    label=gettext_lazy("Colorize a few seconds of a film"),
    queue=Queue.VIDEOS,
    run=colorize_film,
    advice=COLORIZE_FILM.advice,
)
HELP_FILM: Final = JobKind(
    name="help_film",
    label=gettext_lazy("Help to colorize a film"),
    queue=Queue.VIDEOS,
    run=help_film,
    is_background=True,
    is_helper=True,
)
ADJUST: Final = JobKind(
    name="adjust_photo",
    label=gettext_lazy("Adjust a photo"),
    queue=Queue.PHOTOS,
    run=adjust,
    preload=load_engine,
)
KINDS: Final = (COLORIZE, COLORIZE_FILM, TRY_FILM, HELP_FILM, ADJUST)
