"""Runs a claimed job: photo -> engine -> result and preview, or the reason why not. Workers only."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import torch
from django.core.files import File
from PIL import Image

from colorizer import derivatives, jobs
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import (
    UnreadablePictureError,
    UnsupportedFormatError,
    WeightsError,
)
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.heart import Heart, JobLostError
from colorizer.models import (
    WEIGHTS_NAME_LENGTH,
    Colorization,
    preview_path,
    result_path,
    thumbnail_path,
)
from colorizer.scratch import scratch_folder
from colorizer.weights_store.choice import weights_for

logger = logging.getLogger(__name__)
ErrorCode = Colorization.ErrorCode

# Results have the format of the original, save for two that a photo should not be kept in, and two
# that take a minute to encode and do not open everywhere.
RESULT_SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "BMP": ".png",
    "GIF": ".png",
    "HEIF": ".jpg",
    "AVIF": ".jpg",
}


@dataclass(frozen=True)
class Maker:
    """What made a picture, as the record keeps it."""

    weights_name: str
    weights_sha256: str
    used_render_factor: int


class FinishedFile(File):  # type: ignore[type-arg]
    """A file whose path the storage may take over, instead of copying what is in it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def run(job: Colorization) -> None:
    """Bring a claimed job to an end, or back into the queue when a failure may pass."""
    try:
        _colorize(job)
    except JobLostError:
        logger.info("Job %s was cancelled, deleted or given to another worker", job.pk)
    except (UnreadablePictureError, UnsupportedFormatError) as error:
        logger.warning("Job %s: %s", job.pk, error)
        jobs.fail(job, ErrorCode.UNREADABLE, str(error))
    except WeightsError:
        logger.exception("Job %s has no weights", job.pk)
        jobs.fail(
            job, ErrorCode.WEIGHTS, "This variant is not available right now. Try another one."
        )
    except (MemoryError, torch.OutOfMemoryError):
        logger.exception("Job %s ran out of memory", job.pk)
        jobs.fail(
            job,
            ErrorCode.OUT_OF_MEMORY,
            "The photo needs more memory than there is. Try a lower render factor or a smaller photo.",
        )
    except OSError:
        logger.exception("Job %s could not read or store a file", job.pk)
        jobs.try_again_or_fail(
            job, ErrorCode.STORAGE, "The result could not be stored. Try again later."
        )
    except Exception:
        logger.exception("Job %s failed", job.pk)
        jobs.try_again_or_fail(
            job, ErrorCode.INTERNAL, "Something went wrong on our side. Try again later."
        )


def _colorize(job: Colorization) -> None:
    with Heart(job) as heart, scratch_folder(job.result.storage) as folder:
        colorizer = _colorizer_of(weights_for(cast("Variant", job.variant)))
        original = _fetch_original(job, folder)
        result = folder / f"result{RESULT_SUFFIXES[job.photo.format]}"
        outcome = colorizer.colorize_file(
            original, result, job.render_factor, on_progress=heart.beat
        )
        maker = Maker(
            colorizer.weights_name[:WEIGHTS_NAME_LENGTH],
            colorizer.weights_sha256,
            outcome.render_factor,
        )
        _store(job, result, maker)
    logger.info("Job %s succeeded: %s of photo %s", job.pk, job.variant, job.photo_id)


def _colorizer_of(weights: Path) -> Colorizer:
    facts = weights.stat()
    return _load_colorizer(weights, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=len(VARIANTS))
def _load_colorizer(weights: Path, modified_ns: int, size: int) -> Colorizer:
    """Loaded once per process, and again when another file has come in its place."""
    return Colorizer.from_file(weights)


def _fetch_original(job: Colorization, folder: Path) -> Path:
    original = folder / "original"
    with job.photo.original.open("rb") as stored, original.open("wb") as copy:
        shutil.copyfileobj(stored, copy)
    return original


def _store(job: Colorization, result: Path, maker: Maker) -> None:
    """Files first, then the record: who has lost the job by then takes the files away again."""
    storage = job.result.storage
    result_name = result_path(job, result.name)
    preview_name = preview_path(job, "preview.jpg")
    thumbnail_name = thumbnail_path(job, "thumbnail.jpg")
    result_bytes = result.stat().st_size
    is_recorded = False
    try:
        with Image.open(result) as picture:
            storage.save(preview_name, derivatives.display(picture))
            storage.save(thumbnail_name, derivatives.thumbnail(picture))
        with result.open("rb") as content:
            os.fsync(content.fileno())
            storage.save(result_name, FinishedFile(content))
        is_recorded = jobs.succeed(
            job,
            jobs.Result(
                result=result_name,
                result_bytes=result_bytes,
                preview=preview_name,
                thumbnail=thumbnail_name,
                **asdict(maker),
            ),
        )
    finally:
        if not is_recorded:
            for name in (result_name, preview_name, thumbnail_name):
                storage.delete(name)
    if not is_recorded:
        raise JobLostError
