"""Upload validation: what is checked of a file, and what is shown of it, before there is a photo.

Only size and name are looked at here. Pictures and documents are opened in processes of their own, as
many at the same time as there is memory for.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from colorizer.decoding import DecodingTask
from colorizer.decoding.pool import PoolBusyError, ProcessLostError, ProcessPool
from colorizer.engine.errors import PictureTooComplexError, UnknownFormatError
from colorizer.engine.imageio.description import Description
from colorizer.engine.imageio.formats import (
    FORMATS,
    HEAD_BYTES,
    PDF,
    PictureFormat,
    format_of_content,
)
from colorizer.engine.video.containers import FILM_FORMATS, FILM_SUFFIXES, FilmContainer
from colorizer.errors import UploadError
from filestore.temporary import temporary_folder

logger = logging.getLogger(__name__)

MIN_SIDE: Final = 16
DISPLAY: Final = "display"
THUMBNAIL: Final = "thumbnail"
SMALL: Final = "small"
EXTRACTED: Final = "page"
MAX_NAME_LENGTH: Final = 255
ALL_FORMATS: Final[dict[str, PictureFormat | FilmContainer]] = dict(
    [*FORMATS.items(), *FILM_FORMATS.items()]
)

# A picture takes hundreds of megabytes while it is decoded. What libraries leak comes back.
DECODERS: Final = ProcessPool("colorizer.decoding.process", size=2, max_requests=200)
PATIENCE_SECONDS: Final = 15
"""For a free decoder: many phones at once are served, and no connection is held for long."""
RETRY_SECONDS: Final = 5

# A document of 200 pages takes minutes: as many at the same time leave threads for everybody else.
DOCUMENTS: Final = BoundedSemaphore(2)
DOCUMENT_SECONDS: Final = 600
PAGE_PATIENCE_SECONDS: Final = 120
"""For a free decoder, when the pages before have been read."""
DOCUMENT_SIZES: Final = 20
"""All pages together may have as many times the bytes of the largest file."""


# A long film takes a while to be looked through: one at a time leaves a decoder for everybody's photos.
FILMS: Final = BoundedSemaphore(1)
FILM_DECODE_SECONDS: Final = 60


@dataclass(frozen=True)
class DecodedUpload:
    """A picture or a film that is accepted.

    Attributes:
        name: to be shown, never to be opened.
        format: by content, whatever the name says.
        width, height: pixels, upright.
        flaw: one of `Flaw`, or "".
        description: what people have written about it into the file.
        film: what is kept of a film, the fields of `colorizer.models.Film`; None of a picture.
        original: the file as it was sent; of a page, its own file in a temporary folder.
        document_sha256: of the document that it is a page of, or "".
        display, thumbnail, small: what is shown of it, in a temporary folder.
    """

    name: str
    format: PictureFormat | FilmContainer
    width: int
    height: int
    flaw: str
    description: Description
    film: dict[str, Any] | None
    original: UploadedFile[bytes] | Path
    document_sha256: str
    display: Path
    thumbnail: Path
    small: Path


@contextmanager
def decoded_pages(
    file: UploadedFile[bytes], most: int | None = None, *, in_parts: bool = False
) -> Iterator[Iterator[DecodedUpload]]:
    """The pictures of a file that is accepted, one after the other: of a document the pages.

    Each is there, with what is shown of it, until the next is asked for. Blank pages are left out.

    Args:
        most: how many pages a document may have, when not as many as are ever taken.
        in_parts: how it was sent, which is how films larger than any picture come.

    Raises:
        UploadError: the file is not accepted; also while they are asked for.
    """
    may_be_film = is_no_picture(_head_of(file))
    _check_size(file, _max_bytes(may_be_film=may_be_film, in_parts=in_parts))
    with temporary_folder() as folder:
        source = _path_of(file, folder)
        decoded = _decoded_film(source, folder) if may_be_film else _decoded(source, folder)
        pages = decoded.get("pages")
        if pages is None:
            name = display_name(file.name or "")
            yield iter([_picture(decoded, folder, name, file, "")])
        elif most and pages > most:
            raise _several_pages(pages)
        else:
            with _place_for_document(), closing(_pages_of(file, source, pages)) as pictures:
                yield pictures


def _pages_of(
    file: UploadedFile[bytes], source: Path, pages: int
) -> Generator[DecodedUpload, None, None]:
    end, sizes = time.monotonic() + DOCUMENT_SECONDS, 0
    with source.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    for number in range(1, pages + 1):
        if time.monotonic() > end:
            raise UploadError("too_complex", PictureTooComplexError().text)
        with temporary_folder() as folder, _page_named(number):
            decoded = _decoded(source, folder, number)
            if decoded.get("is_blank"):
                continue
            original = folder / EXTRACTED
            sizes += _checked_size(original)
            if sizes > DOCUMENT_SIZES * settings.MAX_UPLOAD_BYTES:
                raise too_large(sizes, DOCUMENT_SIZES * settings.MAX_UPLOAD_BYTES)
            name = page_name(file.name or "", number, FORMATS[decoded["format"]])
            yield _picture(decoded, folder, name, original, digest)


@contextmanager
def _page_named(number: int) -> Iterator[None]:
    """What is wrong with a page is said of the page."""
    try:
        yield
    except UploadError as error:
        reason = {"text": error.text, "params": error.params}
        raise UploadError(
            error.code,
            "Page %(number)d: %(reason)s",
            error.status,
            error.retry_after,
            {"number": number, "reason": reason},
        ) from error


@contextmanager
def _place_for_document() -> Iterator[None]:
    if not DOCUMENTS.acquire(timeout=PATIENCE_SECONDS):
        raise _busy()
    try:
        yield
    finally:
        DOCUMENTS.release()


def _picture(
    decoded: dict[str, Any],
    folder: Path,
    name: str,
    original: UploadedFile[bytes] | Path,
    document_sha256: str,
) -> DecodedUpload:
    return DecodedUpload(
        name=name,
        format=ALL_FORMATS[decoded["format"]],
        width=decoded["width"],
        height=decoded["height"],
        flaw=decoded["flaw"],
        description=Description(**decoded["description"]),
        film=decoded.get("film"),
        original=original,
        document_sha256=document_sha256,
        display=folder / DISPLAY,
        thumbnail=folder / THUMBNAIL,
        small=folder / SMALL,
    )


def page_name(name: str, number: int, known: PictureFormat) -> str:
    """Such as "scan, page 3.jpg"."""
    stem = Path(display_name(name)).stem
    rest = _(", page %(number)d") % {"number": number} + known.suffix
    return stem[: MAX_NAME_LENGTH - len(rest)] + rest


def display_name(name: str) -> str:
    """The last part of the name, without control characters: to be shown, never to be opened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable())
    return printable.strip()[-MAX_NAME_LENGTH:] or "photo"


def _head_of(file: UploadedFile[bytes]) -> bytes:
    file.seek(0)
    head: bytes = file.read(HEAD_BYTES)
    file.seek(0)
    return head


def is_no_picture(head: bytes) -> bool:
    """Whether a file that begins so is a film, if it is anything that is taken. Animations begin as pictures."""
    if PDF.signature.match(head):
        return False
    try:
        format_of_content(head)
    except UnknownFormatError:
        return True
    return False


def max_bytes_of(name: str) -> int:
    """How large a file of this name may be. Its content decides when it is there."""
    is_film = name.lower().endswith(FILM_SUFFIXES)
    return (
        max(settings.MAX_FILM_BYTES, settings.MAX_UPLOAD_BYTES)
        if is_film
        else settings.MAX_UPLOAD_BYTES
    )


def _max_bytes(*, may_be_film: bool, in_parts: bool) -> int:
    if not may_be_film:
        return settings.MAX_UPLOAD_BYTES
    if in_parts:
        return settings.MAX_FILM_BYTES
    return min(settings.MAX_FILM_BYTES, settings.MAX_UPLOAD_BYTES)


def _check_size(file: UploadedFile[bytes], most: int) -> None:
    size = file.size or 0
    if size == 0:
        raise UploadError("empty_file", "The file is empty.")
    if size > most:
        raise too_large(size, most)


def _checked_size(page: Path) -> int:
    size = page.stat().st_size
    if size > settings.MAX_UPLOAD_BYTES:
        raise too_large(size, settings.MAX_UPLOAD_BYTES)
    return size


def too_large(size: int, limit: int) -> UploadError:
    return UploadError(
        "file_too_large",
        "The file is larger than %(limit)s (%(size)s).",
        status=413,
        params={"limit": filesizeformat(limit), "size": filesizeformat(size)},
    )


def _path_of(file: UploadedFile[bytes], folder: Path) -> Path:
    """Where another process finds the bytes."""
    if isinstance(file, TemporaryUploadedFile):
        file.flush()
        return Path(file.temporary_file_path())
    path = folder / "upload"
    with path.open("wb") as copy:
        copy.writelines(file.chunks())
    return path


def _decoded_film(source: Path, folder: Path) -> dict[str, Any]:
    if not FILMS.acquire(timeout=PATIENCE_SECONDS):
        raise _busy()
    try:
        return _decoded(source, folder, seconds=max(FILM_DECODE_SECONDS, settings.DECODE_SECONDS))
    finally:
        FILMS.release()


def _decoded(
    source: Path, folder: Path, page: int = 0, seconds: float | None = None
) -> dict[str, Any]:
    """What the picture is, and in the folder what is shown of it; of a document as a whole its `pages`."""
    # Absolute: the other process runs in a folder of its own.
    folder = folder.absolute()
    task = DecodingTask(
        source=str(source.absolute()),
        display=str(folder / DISPLAY),
        thumbnail=str(folder / THUMBNAIL),
        small=str(folder / SMALL),
        min_side=MIN_SIDE,
        max_pixels=settings.MAX_UPLOAD_PIXELS,
        max_film_seconds=settings.MAX_FILM_SECONDS,
        page=page,
        extracted=str(folder / EXTRACTED),
    )
    patience = PAGE_PATIENCE_SECONDS if page else PATIENCE_SECONDS
    try:
        answer = DECODERS.ask(asdict(task), seconds or settings.DECODE_SECONDS, patience)
    except PoolBusyError as error:
        raise _busy() from error
    except ProcessLostError as error:
        logger.exception("An upload could not be decoded")
        raise (_film_refusal() if seconds else _refusal(error)) from error
    if refused := answer.get("refused"):
        raise UploadError(**refused)
    if failed := answer.get("failed"):
        raise OSError(failed)
    decoded: dict[str, Any] = answer["decoded"]
    return decoded


def _busy() -> UploadError:
    return UploadError(
        "busy",
        "Too many photos are being uploaded right now. Upload this one again in a minute.",
        status=503,
        retry_after=RETRY_SECONDS,
    )


def _several_pages(pages: int) -> UploadError:
    return UploadError(
        "several_pages",
        "The file has %(number)d pages, and this takes one photo. Send it as an upload: each page becomes a photo.",
        params={"number": pages},
    )


def blank_document() -> UploadError:
    return UploadError("blank_document", "There is nothing on the pages of this file.")


def _film_refusal() -> UploadError:
    text = (
        "This film cannot be read: it is damaged, or too large for this site. Save it again as MP4."
    )
    return UploadError("damaged_film", text)


def _refusal(lost: ProcessLostError) -> UploadError:
    if lost.at_limit:
        return UploadError("too_complex", PictureTooComplexError().text)
    return UploadError("damaged_picture", "The picture is damaged. Save it again as JPEG or PNG.")
