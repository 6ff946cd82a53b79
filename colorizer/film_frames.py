"""Frames of films, to set hints on: decoders write them, which open films when they are uploaded, too."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from typing import Final

from django.conf import settings

from colorizer.decoding import DecodingTask
from colorizer.decoding.pool import Message, PoolBusyError, ProcessLostError
from colorizer.errors import GuidanceError
from colorizer.uploads import DECODERS, FILMS, MIN_SIDE
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder

logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 5
RETRY_SECONDS: Final = 2
DECODE_SECONDS: Final = 20
"""Of encoders that begin anew seldom, all frames since then are decoded."""
COPY_SECONDS: Final = 60
"""Out of a bucket the whole film is fetched."""
KEPT: Final = 8
"""Frames: the page shows one, and then previews of it are asked for."""


@lru_cache(maxsize=KEPT)
def frame_of(film: StoredFile, seconds: float) -> bytes:
    """The gray frame that is shown at a moment, as a JPEG for the screen.

    Args:
        film: the original, which never changes.
        seconds: from its beginning, within the film.

    Raises:
        GuidanceError: it cannot be read in time, or decoders are busy.
    """
    with filestore.local(film, _until(COPY_SECONDS)) as source, temporary_folder() as folder:
        frame = folder.absolute() / "frame"
        task = DecodingTask(
            source=str(source.absolute()),
            display=str(frame),
            thumbnail="",
            small="",
            min_side=MIN_SIDE,
            max_pixels=settings.MAX_UPLOAD_PIXELS,
            max_film_seconds=settings.MAX_FILM_SECONDS,
            moment=seconds,
        )
        answer = _asked(task)
        if "refused" in answer:
            logger.warning("The film %s: %s", film.pk, answer["refused"]["text"])
            raise _unreadable()
        if failed := answer.get("failed"):
            raise OSError(failed)
        return frame.read_bytes()


def _asked(task: DecodingTask) -> Message:
    try:
        with _place():
            return DECODERS.ask(asdict(task), DECODE_SECONDS, PATIENCE_SECONDS)
    except PoolBusyError as error:
        raise _busy() from error
    except ProcessLostError as error:
        logger.exception("A frame of a film could not be decoded")
        raise _too_slow() from error


@contextmanager
def _place() -> Iterator[None]:
    """As for films that are uploaded: one at a time leaves a decoder for everybody's photos."""
    if not FILMS.acquire(timeout=PATIENCE_SECONDS):
        raise _busy()
    try:
        yield
    finally:
        FILMS.release()


def _until(seconds: float) -> Callable[[], None]:
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise _too_slow()

    return check


def _unreadable() -> GuidanceError:
    return GuidanceError(
        "damaged_film",
        "The frame at this moment cannot be read: the film is damaged there. Choose another moment.",
    )


def _busy() -> GuidanceError:
    return GuidanceError(
        "busy",
        "Many films are being read right now. Try again in a moment.",
        status=503,
        retry_after=RETRY_SECONDS,
    )


def _too_slow() -> GuidanceError:
    return GuidanceError(
        "too_complex", "It takes too long to find this moment in the film. Choose another one."
    )
