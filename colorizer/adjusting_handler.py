"""Brings adjustments into the files of a version, at full resolution. Workers only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from django.db.models.functions import Now
from numpy.typing import NDArray

from colorizer import packs
from colorizer.engine.adjusting import adjust, with_levels
from colorizer.engine.adjustments import Adjustments, from_json
from colorizer.engine.errors import UnreadablePictureError
from colorizer.engine.imageio.formats import SaveOptions
from colorizer.engine.imageio.reading import Picture, read_picture
from colorizer.engine.imageio.writing import write_picture
from colorizer.errors import ErrorCode
from colorizer.models import Adjustment, Colorization
from colorizer.result_files import add_result, provenance_of
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from jobs.errors import ErrorCode as JobErrorCode
from jobs.errors import JobFailedError
from jobs.lease import Lease

QUALITY: Final = 97
"""Of a JPEG: what the network made is one already, and strong colors lose the most when it is coded again."""


def run(lease: Lease) -> None:
    found = Adjustment.objects.select_related("colorization__result", "colorization__source__owner")
    adjustment = found.select_related("unadjusted").get(job=lease.job)
    colorization = adjustment.colorization
    before = cast("StoredFile", adjustment.unadjusted or colorization.result)
    with temporary_folder() as folder, filestore.new_files() as files:
        result = folder / f"result{Path(str(before.name)).suffix}"
        adjustments = _write(colorization, before, from_json(adjustment.choices), result, lease)
        stored = add_result(colorization, result, files)
        if adjustment.unadjusted and colorization.result_id:
            # Tiles of what goes. Not under the lock of this job: others lock theirs before it.
            packs.delete_of([colorization.result_id])
        with lease.success():
            files.save()
            _swap(adjustment, stored, adjustments)


def _write(
    colorization: Colorization,
    before: StoredFile,
    adjustments: Adjustments,
    result: Path,
    lease: Lease,
) -> Adjustments:
    """Returns: with the levels that were found."""
    source = result.with_name(f"before{result.suffix}")
    filestore.copy_to(before, source)
    try:
        picture = read_picture(source)
        lease.report_progress(30)
        pixels = _in_color(picture.pixels)
        chosen = with_levels(adjustments, pixels)
        adjust(pixels, chosen)
        lease.report_progress(60)
        _save(colorization, replace(picture, pixels=pixels), result)
    except UnreadablePictureError as error:
        raise JobFailedError(ErrorCode.UNREADABLE, error.text, **error.params) from error
    except MemoryError as error:
        raise JobFailedError(
            JobErrorCode.OUT_OF_MEMORY, "The photo needs more memory than there is."
        ) from error
    lease.report_progress(80)
    return chosen


def _in_color(pixels: NDArray[Any]) -> NDArray[Any]:
    """A result from elsewhere may be a gray file."""
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels


def _save(colorization: Colorization, picture: Picture, result: Path) -> None:
    provenance = provenance_of(colorization)
    options = SaveOptions(quality=QUALITY)
    write_picture(picture.pixels, picture.alpha, result, options, provenance, picture.metadata)


def _swap(adjustment: Adjustment, stored: StoredFile, adjustments: Adjustments) -> None:
    """In the transaction of success: saving again waits, and then finds the job ended."""
    version = Colorization.objects.filter(pk=adjustment.pk)
    (last,) = StoredFile.objects.filter(colorization_of_result=adjustment.pk)
    version.update(result=stored, changed_at=Now())
    own = Adjustment.objects.filter(pk=adjustment.pk)
    own.update(choices=adjustments.as_json(), unadjusted=adjustment.unadjusted or last)
    if adjustment.unadjusted:
        filestore.delete([last])
