"""The program that reads uploads, so that no web thread does: `python -m colorizer.decoding.process`.

It judges a picture as the site does and writes what is shown of it, by the reader that the engine
has, too. Neither Django nor torch is loaded. See `pool` for who runs it.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeAlias

from colorizer.decoding import DecodingTask
from colorizer.decoding.memory import is_lack_of_memory, limit_memory
from colorizer.decoding.pool import Message
from colorizer.decoding.program import own_output, serve
from colorizer.engine.errors import (
    N_,
    BlankPageError,
    DamagedFilmError,
    EncryptedFilmError,
    FilmTooLargeError,
    FilmTooLongError,
    LockedDocumentError,
    NoVideoError,
    PictureTooComplexError,
    PictureTooLargeError,
    SeveralFramesError,
    StillPictureError,
    TooManyPagesError,
    UnknownContainerError,
    UnknownFormatError,
    UnreadableFilmError,
    UnreadablePictureError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.decoding import check_header
from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.described import description_of
from colorizer.engine.imageio.documents import count_pages, write_page
from colorizer.engine.imageio.reading import inspect_picture, read_picture
from colorizer.engine.imageio.vips import pyvips

MEGAPIXEL: Final = 1_000_000
ANIMATIONS: Final = ("GIF", "WebP")
"""Pictures that are films if they move. Of other formats several frames are what a camera took beside its picture."""
NEITHER: Final = N_(
    "This is neither a picture nor a film that can be read. Use JPEG, PNG, TIFF, WebP, AVIF, HEIC, BMP or GIF, "
    "or for films MP4, MOV, MKV, WebM, AVI or MPEG."
)

# By the engine's errors, the particular ones first: code and HTTP status.
Unreadable: TypeAlias = UnreadablePictureError | UnreadableFilmError
REFUSALS: Final[dict[type[Unreadable], tuple[str, int]]] = {
    UnknownFormatError: ("unsupported_format", 415),
    UnsupportedPixelsError: ("unsupported_format", 415),
    SeveralFramesError: ("animated_picture", 400),
    TooManyPagesError: ("too_many_pages", 400),
    LockedDocumentError: ("locked_document", 400),
    PictureTooLargeError: ("too_many_pixels", 400),
    PictureTooComplexError: ("too_complex", 400),
    UnreadablePictureError: ("damaged_picture", 400),
    UnknownContainerError: ("unsupported_format", 415),
    StillPictureError: ("unsupported_format", 415),
    NoVideoError: ("no_video", 400),
    EncryptedFilmError: ("encrypted_film", 400),
    FilmTooLongError: ("film_too_long", 400),
    FilmTooLargeError: ("too_many_pixels", 400),
    UnreadableFilmError: ("damaged_film", 400),
}


class RefusedError(Exception):
    """Args: text, params: in English with named placeholders; the web process translates it."""

    def __init__(self, code: str, text: str, status: int = 400, **params: str | int) -> None:
        super().__init__(text % params if params else text)
        self.answer = {"code": code, "text": text, "status": status, "params": params}


def main() -> None:
    serve(DecodingTask, answer_to, own_output())


def answer_to(task: DecodingTask) -> Message:
    """`decoded`, `refused` or `failed`. What else is raised ends the process, and the log tells it."""
    limit_memory(task.max_pixels)
    try:
        return {"decoded": decode(task)}
    except RefusedError as error:
        return {"refused": error.answer}
    except (
        UnreadablePictureError,
        UnreadableFilmError,
        MemoryError,
        OSError,
        pyvips.Error,
    ) as error:
        if is_lack_of_memory(error):
            return {"refused": _refusal(PictureTooComplexError()).answer}
        if isinstance(error, Unreadable):
            return {"refused": _refusal(error).answer}
        if isinstance(error, OSError):
            # The upload is gone, or the disk is full: no fault of the picture.
            return {"failed": str(error)}
        raise


def _refusal(error: Unreadable) -> RefusedError:
    code, status = next(found for kind, found in REFUSALS.items() if isinstance(error, kind))
    if code == "damaged_picture":
        # What libraries say is wrong helps nobody who sends photos.
        return RefusedError(code, "The picture is damaged or was not sent completely.", status)
    if isinstance(error, DamagedFilmError):
        return RefusedError(code, "The film is damaged or was not sent completely.", status)
    return RefusedError(code, error.text, status, **error.params)


def decode(task: DecodingTask) -> Message:
    """Cheapest first: the header before the pixels. Of a document, only the number of its `pages`.

    Raises:
        RefusedError, UnreadablePictureError: it is not accepted.
    """
    source = Path(task.source)
    if task.moment is not None:
        return _decode_frame(task)
    if task.page:
        source = Path(task.extracted)
        try:
            write_page(Path(task.source), task.page, source, task.max_pixels)
        except BlankPageError:
            return {"is_blank": True}
    elif pages := count_pages(source):
        return {"pages": pages}
    try:
        header = inspect_picture(source)
    except UnknownFormatError as error:
        if task.page:
            raise
        return _decode_film(task, error)
    check_limits(header.width, header.height, task)
    try:
        check_header(header)
    except SeveralFramesError as error:
        if header.format.name not in ANIMATIONS:
            raise
        return _decode_film(task, error)
    picture = read_picture(source)
    Path(task.display).write_bytes(display_jpeg(picture))
    Path(task.thumbnail).write_bytes(thumbnail_webp(picture))
    Path(task.small).write_bytes(small_webp(picture))
    height, width = picture.pixels.shape[:2]
    facts = {"format": header.format.name, "width": width, "height": height}
    description = description_of(picture.metadata, source if header.format.name == "TIFF" else None)
    return {**facts, "flaw": picture.flaw or "", "description": asdict(description)}


def _decode_frame(task: DecodingTask) -> Message:
    from colorizer.decoding import films  # noqa: PLC0415  (as below)

    films.decode_frame(task)
    return {}


def _decode_film(task: DecodingTask, no_picture: UnreadablePictureError) -> Message:
    """
    Args:
        no_picture: why it is not taken as a picture, for what is no film either.
    """
    from colorizer.decoding import films  # noqa: PLC0415  (loads av, which few uploads need)

    try:
        info, decoded = films.decode_film(task)
    except (UnknownContainerError, StillPictureError) as error:
        if isinstance(no_picture, UnknownFormatError):
            raise RefusedError("unsupported_format", NEITHER, 415) from error
        raise no_picture from error
    check_limits(info.width, info.height, task)
    return decoded


def check_limits(width: int, height: int, task: DecodingTask) -> None:
    if width * height > task.max_pixels:
        raise RefusedError(
            "too_many_pixels",
            "The picture has %(width)s x %(height)s pixels (%(megapixels)s megapixels); "
            "at most %(most)s megapixels are accepted. Make it smaller.",
            width=f"{width:,}",
            height=f"{height:,}",
            megapixels=_megapixels(width * height),
            most=_megapixels(task.max_pixels),
        )
    if min(width, height) < task.min_side:
        raise RefusedError(
            "too_small",
            "The picture is %(width)d x %(height)d pixels; "
            "it needs at least %(least)d on each side.",
            width=width,
            height=height,
            least=task.min_side,
        )


def _megapixels(pixels: int) -> str:
    return f"{pixels / MEGAPIXEL:,.4g}"


if __name__ == "__main__":
    main()
