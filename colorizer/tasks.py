"""The kind of job that colorizes a photo. Imports the engine only where a worker runs it."""

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


def load_engine() -> None:
    """Once in each worker, when it starts: whoever brings a photo just after it waits for no import."""
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
