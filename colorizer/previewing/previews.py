"""What the process of previews makes: pictures with hints, colors for a place, small references. Loads torch."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import Image

from colorizer.decoding.pool import Message
from colorizer.engine.colorizer import Colorizer, first_that_takes_hints
from colorizer.engine.errors import (
    N_,
    ColorizerError,
    GrayReferenceError,
    HintsNotTakenError,
    UnreadablePictureError,
    WeightsError,
)
from colorizer.engine.hints import Hint
from colorizer.engine.imageio.derivatives import pillow_image
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.prepared import PreparedPicture
from colorizer.engine.references import (
    png_of,
    read_reference,
    reference_chroma,
    reference_of_png,
)
from colorizer.previewing import PreviewTask

PREVIEW_SIDE: Final = 1024
QUALITY: Final = 88
MOST_PICTURES: Final = 4
MOST_NETWORKS: Final = 2

Kept = TypeVar("Kept")


class LacksPictureError(Exception):
    """It has to be sent with the path of its file."""


class _LastUsed(OrderedDict[Any, Kept]):
    """Keeps as many as were used last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def get_or_make(self, key: Any, make: Callable[[], Kept]) -> Kept:
        if key not in self:
            self[key] = make()
        self.move_to_end(key)
        while len(self) > self._most:
            self.popitem(last=False)
        return self[key]


class Previews:
    """Networks and pictures that are loaded. Each method is what a task may want."""

    def __init__(self) -> None:
        self._networks: _LastUsed[Colorizer] = _LastUsed(MOST_NETWORKS)
        self._pictures: _LastUsed[PreparedPicture] = _LastUsed(MOST_PICTURES)

    def preview(self, task: PreviewTask) -> Message:
        prepared = self._prepared(task)
        picture = prepared.colorize(_hints(task, prepared), _reference(task))
        content = BytesIO()
        picture.save(content, "JPEG", quality=QUALITY)
        return {"picture": base64.b64encode(content.getvalue()).decode()}

    def colors(self, task: PreviewTask) -> Message:
        prepared = self._prepared(task)
        across, down = _scales(task, prepared)
        colors = prepared.plausible_colors(
            task.place[0] * across,
            task.place[1] * down,
            _hints(task, prepared),
            _reference(task),
        )
        return {"colors": colors}

    def reference(self, task: PreviewTask) -> Message:
        """Of a file, small; or one that a client sent, written anew."""
        reference = read_reference(Path(task.path)) if task.path else _reference(task)
        content = png_of(reference) if reference else b""
        return {"reference": base64.b64encode(content).decode()}

    def _prepared(self, task: PreviewTask) -> PreparedPicture:
        network = self._loaded(first_that_takes_hints(task.weights, self._loaded))
        key = (task.picture, network.weights_sha256, task.render_factor)
        return self._pictures.get_or_make(key, lambda: _prepare(task, network))

    def _loaded(self, path: str) -> Colorizer:
        changed = Path(path).stat().st_mtime_ns
        return self._networks.get_or_make((path, changed), lambda: Colorizer.from_file(Path(path)))


WANTED: Final = {
    "preview": Previews.preview,
    "colors": Previews.colors,
    "reference": Previews.reference,
}

UNAVAILABLE: Final = "weights_unavailable"
REFUSALS: Final[tuple[tuple[type[ColorizerError], str, int], ...]] = (
    (HintsNotTakenError, "hints_not_taken", 409),
    (WeightsError, UNAVAILABLE, 409),
    (GrayReferenceError, "gray_reference", 400),
    (UnreadablePictureError, "unreadable_picture", 400),
    (ColorizerError, "invalid_hints", 400),
)


def answer_to(task: PreviewTask, previews: Previews) -> Message:
    """What was wanted, or `lacks_picture`, or `refused`. What else is raised ends the process."""
    try:
        return WANTED[task.want](previews, task)
    except LacksPictureError:
        return {"lacks_picture": True}
    except ColorizerError as error:
        return {"refused": _refused(error)}
    except MemoryError:
        text = N_("There is too little memory for previews right now. Try again in a minute.")
        return {"refused": {"code": "busy", "status": 503, "text": text, "retry_after": 30}}


def _refused(error: ColorizerError) -> Message:
    """Of weights that cannot be read the message has the file, which is nobody's affair."""
    code, status = next(named for kind, *named in REFUSALS if isinstance(error, kind))
    if code == UNAVAILABLE:
        text = N_("This variant is not available right now. Try another one.")
        return {"code": code, "status": status, "text": text}
    return {"code": code, "status": status, "text": error.text, "params": error.params}


def _prepare(task: PreviewTask, network: Colorizer) -> PreparedPicture:
    if not task.path:
        raise LacksPictureError
    picture = pillow_image(read_picture(Path(task.path)).pixels)
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BOX)
    return network.prepared(picture, task.render_factor)


def _scales(task: PreviewTask, prepared: PreparedPicture) -> tuple[float, float]:
    return prepared.size[0] / task.size[0], prepared.size[1] / task.size[1]


def _hints(task: PreviewTask, prepared: PreparedPicture) -> list[Hint]:
    """In pixels of the preview."""
    return [
        Hint(hint["x"], hint["y"], tuple(hint["color"]), hint["radius"]).scaled(
            task.size, prepared.size
        )
        for hint in task.hints
    ]


def _reference(task: PreviewTask) -> Image.Image | None:
    """
    Raises:
        UnreadablePictureError: it is none that `reference` has made.
        GrayReferenceError: it has no colors.
    """
    if not task.reference:
        return None
    reference = reference_of_png(base64.b64decode(task.reference))
    reference_chroma(reference)
    return reference
