"""Makes a download: another format or size, both pictures in one, or a short film. Workers only."""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

import numpy as np
from django.conf import settings
from django.db.models.functions import Now
from numpy.typing import NDArray

from colorizer.engine.errors import UnreadablePictureError, UnsupportedFormatError
from colorizer.engine.imageio.derivatives import on_white
from colorizer.engine.imageio.formats import DISPLAY_SIDE, FORMATS, SaveOptions
from colorizer.engine.imageio.metadata import Metadata
from colorizer.engine.imageio.reading import Picture, read_picture
from colorizer.engine.imageio.sharing import CLIP_SIDE, JOINED_SIDE, joined, reduced, write_clip
from colorizer.engine.imageio.writing import write_picture
from colorizer.errors import ErrorCode
from colorizer.models import Colorization
from colorizer.result_files import provenance_of
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from gallery.downloads import KEPT_FOR
from gallery.errors import ErrorCode as GalleryErrorCode
from gallery.models import Download
from jobs.errors import JobFailedError
from jobs.lease import Lease

Form = Download.Form
Purpose = StoredFile.Purpose
FORMAT_NAMES: Final = {Form.JPEG: "JPEG", Form.PNG: "PNG", Form.TIFF: "TIFF", Form.WEBP: "WebP"}
CLIP_TYPE: Final = "video/mp4"
COMMENT: Final = (
    "Colorized by {site}: the colors are plausible, not historical truth. "
    "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
)


def run(lease: Lease) -> None:
    found = Download.objects.select_related("owner", "colorization__source", "colorization__result")
    download = found.get(job=lease.job)
    with temporary_folder() as folder, filestore.new_files(lease.check) as files:
        try:
            version = _version_of(download)
            path, content_type = _made(download, version, folder, lease)
        except (UnreadablePictureError, UnsupportedFormatError) as error:
            raise JobFailedError(ErrorCode.UNREADABLE, error.text, **error.params) from error
        stored = files.add(
            download.owner, Purpose.DOWNLOAD, path, suffix=path.suffix, content_type=content_type
        )
        with lease.success():
            files.save()
            own = Download.objects.filter(pk=download.pk)
            # What it was asked of may have been adjusted since.
            own.update(file=stored, of_result=version.result_id, expires_at=Now() + KEPT_FOR)


def _version_of(download: Download) -> Colorization:
    if download.colorization is None:
        raise JobFailedError(
            GalleryErrorCode.GONE, "The version was deleted: there is nothing to download."
        )
    return download.colorization


def _made(
    download: Download, version: Colorization, folder: Path, lease: Lease
) -> tuple[Path, str]:
    if download.form in FORMAT_NAMES:
        return _picture(download, version, folder, lease)
    path = folder / "clip.mp4" if download.form == Form.CLIP else folder / "joined.jpg"
    largest = CLIP_SIDE if download.form == Form.CLIP else JOINED_SIDE
    before, after = _both(version, min(largest, download.side or largest), folder)
    lease.report_progress(50)
    if download.form == Form.CLIP:
        comment = COMMENT.format(site=settings.SITE_NAME)
        write_clip(before, after, path, comment, has_mark=download.has_mark)
        return path, CLIP_TYPE
    _write(download, version, Picture(joined(before, after), None, Metadata()), path)
    return path, FORMATS["JPEG"].content_type


def _both(version: Colorization, side: int, folder: Path) -> list[NDArray[np.uint8]]:
    """Before and after; out of the files of full size only where what pages show is too small."""
    files = [version.source, cast("StoredFile", version.result)]
    if side <= DISPLAY_SIDE:
        purposes = (Purpose.DISPLAY, Purpose.PREVIEW)
        files = [_shown(*each) for each in zip(files, purposes, strict=True)]
    return [on_white(_read(file, folder), side) for file in files]


def _picture(
    download: Download, version: Colorization, folder: Path, lease: Lease
) -> tuple[Path, str]:
    known = FORMATS[FORMAT_NAMES[Form(download.form)]]  # type: ignore[index]
    picture = _read(cast("StoredFile", version.result), folder)
    lease.report_progress(40)
    if download.side:
        picture = reduced(picture, download.side)
    if picture.pixels.shape[2] == 1:
        picture = Picture(np.repeat(picture.pixels, 3, axis=2), picture.alpha, picture.metadata)
    lease.report_progress(60)
    path = folder / f"picture{known.suffix}"
    _write(download, version, picture, path)
    return path, known.content_type


def _write(download: Download, version: Colorization, picture: Picture, path: Path) -> None:
    options = SaveOptions(corner_mark=download.has_mark)
    provenance = provenance_of(version)
    write_picture(picture.pixels, picture.alpha, path, options, provenance, picture.metadata)


def _shown(file: StoredFile, purpose: StoredFile.Purpose) -> StoredFile:
    return file.derivatives.get(purpose=purpose)


def _read(file: StoredFile, folder: Path) -> Picture:
    path = folder / f"source-{file.pk}"
    filestore.copy_to(file, path)
    picture = read_picture(path)
    path.unlink()
    return picture
