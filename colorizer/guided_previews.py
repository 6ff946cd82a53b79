"""What hints and a reference make of a photo or a frame, at once: asked of a process that has the network loaded."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, cast

from django.core.files.uploadedfile import UploadedFile

from colorizer.decoding.pool import Message, PoolBusyError, ProcessLostError, ProcessPool
from colorizer.engine.errors import WeightsError
from colorizer.engine.variants import Variant
from colorizer.errors import GuidanceError
from colorizer.film_frames import frame_of
from colorizer.guiding import Guide
from colorizer.previewing import PreviewTask
from colorizer.uploads import blank_document, decoded_pages
from colorizer.weights_store.choice import choices_for_hints
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder

logger = logging.getLogger(__name__)

# One: it takes all cores for a moment, and some hundred megabytes for as long as it is used.
PREVIEWERS: Final = ProcessPool("colorizer.previewing.process", size=1, max_requests=5000)
SECONDS: Final = 30
"""The first one loads a network; on a busy machine that takes a while."""
PATIENCE_SECONDS: Final = 5
RETRY_SECONDS: Final = 2


@dataclass(frozen=True)
class Picture:
    """What hints are set on: a photo, or one frame of a film.

    Attributes:
        file: its original.
        size: width and height, upright, whose pixels hints are counted in.
        seconds: the moment of the frame.
    """

    file: StoredFile
    size: tuple[int, int]
    seconds: float | None = None

    @property
    def key(self) -> str:
        return f"{self.file.pk} {self.seconds}"

    def guide(self, guide: Guide) -> Guide:
        """What of it counts here."""
        return guide if self.seconds is None else guide.at(self.seconds)

    @contextmanager
    def shown(self) -> Iterator[str]:
        """The path of a picture that the site made of it.

        Raises:
            GuidanceError: see `frame_of`.
        """
        if self.seconds is None:
            with _copied(self.file.derivatives.get(purpose=StoredFile.Purpose.DISPLAY)) as path:
                yield path
            return
        with temporary_folder() as folder:
            frame = folder.absolute() / "frame"
            frame.write_bytes(frame_of(self.file, self.seconds))
            yield str(frame)


def preview(picture: Picture, variant: str, render_factor: int, guide: Guide) -> bytes:
    """A JPEG for the screen.

    Raises:
        GuidanceError: hints or reference cannot be used, the frame cannot be read, or a process is busy.
    """
    task = _task("preview", picture, variant, render_factor, guide)
    return base64.b64decode(_asked_with_picture(task, picture)["picture"])


def plausible_colors(
    picture: Picture, variant: str, render_factor: int, guide: Guide, place: tuple[float, float]
) -> list[str]:
    """Colors that the network would believe there, as "#rrggbb", the likeliest first.

    Args, Raises: see `preview`.
    """
    task = replace(_task("colors", picture, variant, render_factor, guide), place=place)
    colors = _asked_with_picture(task, picture)["colors"]
    return ["#" + bytes(color).hex() for color in colors]


def reference_of_file(picture: StoredFile) -> bytes:
    """The small PNG that is kept of a photo whose colors are taken.

    Args:
        picture: a picture that the site made to be shown.

    Raises:
        GuidanceError: it is gray, or the process is busy.
    """
    with _copied(picture) as path:
        return _reference(PreviewTask("reference", path=path))


def reference_of_upload(file: UploadedFile[bytes]) -> bytes:
    """The same, of a file that somebody sent.

    Raises:
        UploadError: it is no photo that could be uploaded, or gray, or processes are busy.
    """
    with decoded_pages(file, most=1) as pages:
        upload = next(pages, None)
        if upload is None:
            raise blank_document()
        if upload.film:
            raise GuidanceError(
                "not_for_films", "This is a film. Choose a photo whose colors are to be taken."
            )
        return _reference(PreviewTask("reference", path=str(upload.display)))


def checked_reference(png: bytes) -> bytes:
    """One that a client kept, written anew.

    Raises:
        GuidanceError: it is none, or the process is busy.
    """
    if not png:
        return b""
    return _reference(PreviewTask("reference", reference=base64.b64encode(png).decode()))


def _reference(task: PreviewTask) -> bytes:
    return base64.b64decode(_asked(task)["reference"])


def _task(
    want: str, picture: Picture, variant: str, render_factor: int, guide: Guide
) -> PreviewTask:
    try:
        weights = [str(each.path) for each in choices_for_hints(cast("Variant", variant))]
    except WeightsError as error:
        raise GuidanceError(
            "weights_unavailable", "This variant is not available right now. Try another one.", 409
        ) from error
    here = picture.guide(guide)
    return PreviewTask(
        want,
        reference=base64.b64encode(here.reference).decode(),
        weights=weights,
        picture=picture.key,
        render_factor=render_factor,
        size=picture.size,
        hints=[asdict(hint) for hint in here.hints],
    )


def _asked_with_picture(task: PreviewTask, picture: Picture) -> Message:
    """Its file is fetched only if the process does not have it."""
    message = _asked(task)
    if "lacks_picture" not in message:
        return message
    with picture.shown() as path:
        return _asked(replace(task, path=path))


@contextmanager
def _copied(file: StoredFile) -> Iterator[str]:
    with ExitStack() as stack:
        path = stack.enter_context(temporary_folder()) / Path(str(file.name)).name
        filestore.copy_to(file, path)
        yield str(path)


def _asked(task: PreviewTask) -> Message:
    try:
        message = PREVIEWERS.ask(asdict(task), SECONDS, PATIENCE_SECONDS)
    except PoolBusyError as error:
        raise _busy() from error
    except ProcessLostError as error:
        logger.exception("A preview of hints could not be made")
        raise _busy() from error
    if refused := message.get("refused"):
        raise GuidanceError(**refused)
    return message


def _busy() -> GuidanceError:
    return GuidanceError(
        "busy",
        "Previews take longer than usual right now. Try again in a moment.",
        status=503,
        retry_after=RETRY_SECONDS,
    )
