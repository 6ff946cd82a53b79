"""Hints and a reference photo: checked, kept with the version, used by the worker, copied and found again."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytest_django import Settings

from colorizer import copies, guiding, services
from colorizer.engine.errors import HintError
from colorizer.engine.hints import MAX_HINTS, FilmHint, Hint
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.variants import Variant
from colorizer.engine.weights import load_weights, save_weights
from colorizer.guiding import Guide, guide_of, hints_as_json, hints_from_json
from colorizer.models import Colorization, Guidance
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import transitions, worker
from jobs.models import Job, Queue
from tests.factories import make_photo, picture_bytes
from tests.film_files import film_bytes

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

RED = Hint(30, 30, (200, 30, 30), 12)
ENTRY = {"x": 30, "y": 30, "color": "#c81e1e", "radius": 12}
BROKEN: list[tuple[Any, str]] = [
    ({"x": 1}, "a list"),
    ([1], "Hint 1"),
    ([ENTRY, {**ENTRY, "color": "red"}], "hint 2"),
    ([{**ENTRY, "color": "#12345"}], "hint 1"),
    ([{**ENTRY, "x": "30"}], "two numbers"),
    ([{**ENTRY, "x": float("nan")}], "two numbers"),
    ([{**ENTRY, "radius": 0}], "radius"),
    ([{**ENTRY, "radius": True}], "radius"),
    ([{**ENTRY, "x": 301}], "outside"),
    ([{**ENTRY, "more": 1}], "nothing else"),
    ([ENTRY] * (MAX_HINTS + 1), str(MAX_HINTS)),
]


def photo_file() -> StoredFile:
    return make_photo(content=picture_bytes(96, 72)).original


def reference(color: tuple[int, int, int] = (200, 40, 40)) -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8), color).save(content, "PNG")
    return content.getvalue()


def colored(
    source: StoredFile, guide: Guide, variant: str = "stable", queue: Queue = Queue.PHOTOS
) -> Colorization:
    version = services.enqueue(source, variant, 8, guide=guide)
    job = transitions.claim_next(queue)
    assert job
    worker.run(job)
    return Colorization.objects.get(pk=version.pk)


def pixels(version: Colorization) -> NDArray[Any]:
    with Image.open(cast("StoredFile", version.result).name.path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def redness(some: NDArray[Any]) -> float:
    return float((some[..., 0] - some[..., 2]).mean())


def test_hints_come_back_as_they_were_written() -> None:
    assert hints_from_json([ENTRY], 300, 200) == (RED,)
    assert hints_as_json((RED,)) == [ENTRY]


@pytest.mark.parametrize(("value", "words"), BROKEN)
def test_what_is_no_hint_is_refused_with_its_reason(value: Any, words: str) -> None:
    with pytest.raises(HintError, match=words):
        hints_from_json(value, 300, 200)


@pytest.mark.parametrize(
    ("seconds", "png", "film_seconds", "words"),
    [
        (0.0, b"PNG", None, "Only films"),
        (0.0, b"", 1.0, "no reference photo"),
        (1.1, b"PNG", 1.0, "lasts 1.0 seconds"),
        (-1.0, b"PNG", 1.0, "0 or more"),
    ],
)
def test_a_reference_is_for_a_moment_of_its_film(
    seconds: float, png: bytes, film_seconds: float | None, words: str
) -> None:
    with pytest.raises(HintError, match=words):
        guiding.check_reference_moment(seconds, png, film_seconds)


def test_a_frame_has_what_is_set_at_its_moment() -> None:
    hints = [FilmHint(x, 30, (200, 30, 30), 12, seconds) for x, seconds in ((1, 0.5), (2, 0.7))]
    guide = Guide(tuple(hints), b"PNG")
    assert guide.at(0.5) == Guide((Hint(1, 30, (200, 30, 30), 12),), b"PNG")
    assert replace(guide, reference_seconds=0.7).at(0.5).reference == b""


@pytest.mark.parametrize("text", ["no base64", "ä", "A" * 40_000])
def test_a_reference_that_was_not_received_from_here_is_refused(text: str) -> None:
    with pytest.raises(HintError, match="Choose it again"):
        guiding.reference_from_base64(text)


def test_a_worker_gives_the_hinted_place_its_color() -> None:
    source = photo_file()
    guided, plain = colored(source, Guide((RED,))), colored(source, Guide())
    assert guided.pk != plain.pk
    assert redness(pixels(guided)[26:34, 26:34]) > redness(pixels(plain)[26:34, 26:34]) + 30
    assert guide_of(Colorization.objects.get(pk=guided.pk)) == Guide((RED,))
    assert b"tintype:Hints" in cast("StoredFile", guided.result).name.read()
    assert guide_of(plain).is_empty


def test_a_worker_takes_the_colors_of_a_reference() -> None:
    portrait = Path("static/img/hero-portrait-before.jpg").read_bytes()
    source = make_photo(content=portrait).original
    red = colored(source, Guide(reference=reference()))
    blue = colored(source, Guide(reference=reference((40, 60, 200))))
    assert redness(pixels(red)) > redness(pixels(blue)) + 5


def test_the_same_hints_are_one_version_and_others_another() -> None:
    source = photo_file()
    first = colored(source, Guide((RED,)))
    assert services.enqueue(source, "stable", 8, guide=Guide((RED,))).pk == first.pk
    assert services.enqueue(source, "stable", 8).pk != first.pk
    other = Guide((RED,), reference())
    second = services.enqueue(source, "stable", 8, guide=other)
    assert second.pk != first.pk
    of_scene = Guide((RED,), reference(), 0.5)
    assert services.enqueue(source, "stable", 8, guide=of_scene).pk not in (first.pk, second.pk)


def test_a_photo_of_the_same_bytes_gets_no_result_of_other_hints() -> None:
    hinted = colored(photo_file(), Guide((RED,)))
    plain = colored(photo_file(), Guide())
    assert (pixels(hinted) != pixels(plain)).any()
    assert (pixels(colored(photo_file(), Guide((RED,)))) == pixels(hinted)).all()


def test_copies_keep_the_hints_and_deletion_takes_them_along() -> None:
    guide = Guide((RED,), reference(), 0.5)
    version = colored(photo_file(), guide)
    target = photo_file()
    with filestore.new_files() as files:
        copied = copies.copy_finished(version.source, target, files)
        files.save()
        copied.save()
    (copy,) = Colorization.objects.filter(source=target)
    assert guide_of(copy) == guide
    services.delete(Colorization.objects.all())
    assert not Guidance.objects.exists()


def test_a_worker_follows_a_hint_through_a_film() -> None:
    film = make_photo(content=film_bytes(width=128, height=96), name="film.mp4").original
    entry = {**ENTRY, "seconds": 0.1}
    guide = Guide(hints_from_json([entry], 128, 96, film_seconds=1.0), reference(), 0.5)
    assert hints_as_json(guide.hints) == [entry]
    guided = colored(film, guide, "video", Queue.VIDEOS)
    assert guided.job.state == Job.State.SUCCEEDED, guided.job.error_text
    assert guide_of(Colorization.objects.get(pk=guided.pk)) == guide
    with av.open(cast("StoredFile", guided.result).name.path) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert redness(frame[26:34, 26:34]) > 30


@pytest.mark.parametrize(
    ("entry", "film_seconds", "words"),
    [
        (ENTRY, 1.0, "seconds"),
        ({**ENTRY, "seconds": 0.1}, None, "nothing else"),
        ({**ENTRY, "seconds": 2}, 1.0, "lasts 1.0 seconds"),
        ({**ENTRY, "seconds": -1}, 1.0, "moment"),
    ],
)
def test_hints_of_films_tell_their_moment_and_those_of_photos_do_not(
    entry: dict[str, Any], film_seconds: float | None, words: str
) -> None:
    with pytest.raises(HintError, match=words):
        hints_from_json([entry], 300, 200, film_seconds)


def test_weights_that_take_no_hints_leave_them_to_the_bundled_ones(
    settings: Settings, tmp_path: Path
) -> None:
    settings.WEIGHTS_OVERRIDES = {
        **settings.WEIGHTS_OVERRIDES,
        "stable": str(unhinted("stable", tmp_path)),
    }
    source = photo_file()
    assert colored(source, Guide()).weights_name == "unhinted"
    guided = colored(source, Guide((RED,)))
    assert guided.weights_name == "compact-stable"
    assert services.is_current(guided)


def unhinted(variant: Variant, folder: Path) -> Path:
    """Weights of before there were hints."""
    weights = load_weights(bundled_weights(variant))
    weights.network.hint_stem = weights.network.palette_stem = None  # type: ignore[assignment]
    path = folder / "unhinted.safetensors"
    save_weights(weights.network, weights.architecture, path, {"variant": variant})
    return path


def test_a_guided_version_that_failed_is_tried_again_with_its_hints() -> None:
    version = services.enqueue(photo_file(), "stable", 8, guide=Guide((RED,)))
    transitions.cancel(version.job)
    transitions.retry(Job.objects.get(pk=version.job_id))
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)
    again = Colorization.objects.get(pk=version.pk)
    assert redness(pixels(again)[26:34, 26:34]) > 30
