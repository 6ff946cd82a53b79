"""The colors of another photo for one scene of a film, by a worker: the film and the picture that stands for it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer import services
from colorizer.guiding import UNGUIDED, Guide
from colorizer.models import Colorization
from filestore.models import StoredFile
from jobs import transitions, worker
from jobs.models import Queue
from tests.colorizer.engine.video.films import Film, chromas, pan, write
from tests.colorizer.test_guiding import reference
from tests.factories import make_photo

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CUT = 14
"""Of 20 frames, ten a second. What stands for the film is a frame of its first half."""


def with_cut(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return pan(index, size, "astronaut" if index < CUT else "coffee")


def colored(source: StoredFile, guide: Guide) -> tuple[NDArray[np.float32], bytes]:
    """The chroma of the film's frames, and the picture that stands for it."""
    version = services.enqueue(source, "video", 8, guide=guide)
    job = transitions.claim_next(Queue.VIDEOS)
    assert job
    worker.run(job)
    result = Colorization.objects.get(pk=version.pk).result
    assert result
    shown = result.derivatives.get(purpose=StoredFile.Purpose.PREVIEW)
    return np.stack(chromas(Path(result.name.path))), shown.name.read()


def test_only_the_scene_of_its_moment_takes_them(tmp_path: Path) -> None:
    film = Film(frames=20, size=(128, 96), rate=Fraction(10), luma=with_cut)
    content = write(tmp_path / "film.mp4", film).read_bytes()
    source = make_photo(content=content, name="film.mp4").original
    plain, plain_poster = colored(source, UNGUIDED)
    blue = reference((40, 60, 200))
    second, second_poster = colored(source, Guide(reference=blue, reference_seconds=1.7))
    change = np.abs(second - plain).mean(axis=(1, 2, 3))
    assert change[:CUT].max() < 0.5, "but for their encoding"
    assert change[CUT:].min() > 1
    assert second_poster == plain_poster
    first, first_poster = colored(source, Guide(reference=blue, reference_seconds=0.2))
    change = np.abs(first - plain).mean(axis=(1, 2, 3))
    assert change[:CUT].min() > 1
    assert change[CUT:].max() < 0.5
    assert first_poster != plain_poster
