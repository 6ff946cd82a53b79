"""Upload validation: what is checked of a file, and what is shown of it, before there is a photo.

Only size and name are looked at here. Pictures are opened in processes of their own, as many at the
same time as there is memory for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat

from colorizer.decoding import DecodingTask
from colorizer.decoding.pool import PoolBusyError, ProcessLostError, ProcessPool
from colorizer.engine.errors import PictureTooComplexError
from colorizer.engine.imageio.formats import FORMATS, PictureFormat
from colorizer.errors import UploadError
from filestore.temporary import temporary_folder

logger = logging.getLogger(__name__)

MIN_SIDE: Final = 16
MAX_NAME_LENGTH: Final = 255

# A picture takes hundreds of megabytes while it is decoded. What libraries leak comes back.
DECODERS: Final = ProcessPool("colorizer.decoding.process", size=2, max_requests=200)
PATIENCE_SECONDS: Final = 15
"""For a free decoder: many phones at once are served, and no connection is held for long."""
RETRY_SECONDS: Final = 5


@dataclass(frozen=True)
class DecodedUpload:
    """A picture that is accepted.

    Attributes:
        name: to be shown, never to be opened.
        format: by content, whatever the name says.
        width, height: pixels, upright.
        flaw: one of `Flaw`, or "".
        original: the file as it was sent.
        display, thumbnail: JPEGs in a temporary folder.
    """

    name: str
    format: PictureFormat
    width: int
    height: int
    flaw: str
    original: UploadedFile[bytes]
    display: Path
    thumbnail: Path


@contextmanager
def decoded_upload(file: UploadedFile[bytes]) -> Iterator[DecodedUpload]:
    """A file that is accepted, with what is shown of it; its temporary files are gone afterwards.

    Raises:
        UploadError: the file is not accepted.
    """
    _check_size(file)
    with temporary_folder() as folder:
        display, thumbnail = folder / "display", folder / "thumbnail"
        decoded = _decoded(_path_of(file, folder), display, thumbnail)
        yield DecodedUpload(
            name=display_name(file.name or ""),
            format=FORMATS[decoded["format"]],
            width=decoded["width"],
            height=decoded["height"],
            flaw=decoded["flaw"],
            original=file,
            display=display,
            thumbnail=thumbnail,
        )


def display_name(name: str) -> str:
    """The last part of the name, without control characters: to be shown, never to be opened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable())
    return printable.strip()[-MAX_NAME_LENGTH:] or "photo"


def _check_size(file: UploadedFile[bytes]) -> None:
    size = file.size or 0
    if size == 0:
        raise UploadError("empty_file", "The file is empty.")
    if size > settings.MAX_UPLOAD_BYTES:
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        message = f"The file is larger than {limit} ({filesizeformat(size)})."
        raise UploadError("file_too_large", message, status=413)


def _path_of(file: UploadedFile[bytes], folder: Path) -> Path:
    """Where another process finds the bytes."""
    if isinstance(file, TemporaryUploadedFile):
        file.flush()
        return Path(file.temporary_file_path())
    path = folder / "upload"
    with path.open("wb") as copy:
        copy.writelines(file.chunks())
    return path


def _decoded(source: Path, display: Path, thumbnail: Path) -> dict[str, Any]:
    # Absolute: the other process runs in a folder of its own.
    task = DecodingTask(
        source=str(source.absolute()),
        display=str(display.absolute()),
        thumbnail=str(thumbnail.absolute()),
        min_side=MIN_SIDE,
        max_pixels=settings.MAX_UPLOAD_PIXELS,
    )
    try:
        answer = DECODERS.ask(asdict(task), settings.DECODE_SECONDS, PATIENCE_SECONDS)
    except PoolBusyError as error:
        raise _busy() from error
    except ProcessLostError as error:
        logger.exception("An upload could not be decoded")
        raise _refusal(error) from error
    if refused := answer.get("refused"):
        raise UploadError(**refused)
    if failed := answer.get("failed"):
        raise OSError(failed)
    decoded: dict[str, Any] = answer["decoded"]
    return decoded


def _busy() -> UploadError:
    message = "Too many photos are being uploaded right now. Upload this one again in a minute."
    return UploadError("busy", message, status=503, retry_after=RETRY_SECONDS)


def _refusal(lost: ProcessLostError) -> UploadError:
    if lost.at_limit:
        return UploadError("too_complex", str(PictureTooComplexError()))
    return UploadError("damaged_picture", "The picture is damaged. Save it again as JPEG or PNG.")
