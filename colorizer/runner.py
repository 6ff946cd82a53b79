"""Runs a claimed job: photo -> engine -> result and preview, or the reason why not. Workers only."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from django.conf import settings
from django.core.files import File
from django.db.models.fields.files import FieldFile
from PIL import Image
from torch.nn.modules.module import register_module_forward_pre_hook

from colorizer import clusters, derivatives, jobs
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import (
    UnreadablePictureError,
    UnsupportedFormatError,
    WeightsError,
)
from colorizer.engine.variants import Variant
from colorizer.heart import Heart, JobLostError
from colorizer.log_context import bound
from colorizer.models import (
    WEIGHTS_NAME_LENGTH,
    Colorization,
    preview_path,
    result_path,
    thumbnail_path,
)
from colorizer.scratch import scratch_folder
from colorizer.warm import WarmColorizers
from colorizer.weights_store.choice import sha256_of, weights_for

logger = logging.getLogger(__name__)
ErrorCode = Colorization.ErrorCode
WARM = WarmColorizers(settings.MODEL_MEMORY_MB * 2**20)

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
    with bound(job=job.pk, user=job.photo.album.owner_id):
        logger.info("Job %s: attempt %s, process %s", job.pk, job.attempt, os.getpid())
        _run(job)


def _run(job: Colorization) -> None:
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
        weights = weights_for(cast("Variant", job.variant))
        result = folder / f"result{RESULT_SUFFIXES[job.photo.format]}"
        twin = _twin(job, weights)
        maker = _take_over(twin, result) if twin else _paint(job, heart, weights, result)
        _store(job, result, maker)
    logger.info("Job %s succeeded: %s of photo %s", job.pk, job.variant, job.photo_id)


def _take_over(twin: Colorization, result: Path) -> Maker:
    _copy(twin.result, result)
    return Maker(twin.weights_name, twin.weights_sha256, twin.render_factor)


def _paint(job: Colorization, heart: Heart, weights: Path, result: Path) -> Maker:
    colorizer = _colorizer_of(weights)
    original = result.with_name("original")
    _copy(job.photo.original, original)
    # A cancelled job stops at the next layer, not at the end of a network that takes minutes.
    with register_module_forward_pre_hook(lambda *_: heart.check()):
        outcome = colorizer.colorize_file(
            original, result, job.render_factor, on_progress=heart.beat
        )
    return Maker(
        colorizer.weights_name[:WEIGHTS_NAME_LENGTH],
        colorizer.weights_sha256,
        outcome.render_factor,
    )


def _colorizer_of(weights: Path) -> Colorizer:
    loads = WARM.loads
    colorizer = WARM.get(weights)
    if WARM.loads > loads:
        clusters.count_model_load()
    return colorizer


def _twin(job: Colorization, weights: Path) -> Colorization | None:
    """The same bytes, colored before in the same way: nothing else would come out."""
    return (
        Colorization.objects.succeeded()
        .filter(
            photo__sha256=job.photo.sha256,
            variant=job.variant,
            render_factor=job.render_factor,
            used_render_factor=job.render_factor,
            weights_sha256=sha256_of(weights),
        )
        .first()
    )


def _copy(file: FieldFile, destination: Path) -> None:
    with file.open("rb") as stored, destination.open("wb") as copy:
        shutil.copyfileobj(stored, copy)


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
