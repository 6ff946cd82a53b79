"""Trying hints on a frame of a film by the API, with real processes: one decodes the film, one has the network."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from rest_framework.test import APIClient

from colorizer.film_frames import frame_of
from gallery.models import Photo
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.colorizer.decoders import busy_decoders
from tests.colorizer.engine.video.films import Film, write
from tests.factories import damage, make_photo
from tests.gallery.api.test_hints import as_text, png

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FAST = {"variant": "stable", "render_factor": 8}
BLUE = {"x": 48, "y": 36, "color": "#1e32c8", "radius": 20, "seconds": 1.05}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A camera moves over a photograph."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return write(path, Film(frames=50, size=(96, 72))).read_bytes()


@pytest.fixture
def film(content: bytes) -> Photo:
    return make_photo(content=content, name="boat.mp4")


@pytest.fixture
def client(film: Photo) -> APIClient:
    return client_of(film.album.owner)


def ask(client: APIClient, film: Photo, name: str = "photo-preview", **content: Any) -> Any:
    return client.post(address(name, film), {**FAST, **content}, format="json")


def pixels(response: Any) -> NDArray[Any]:
    assert response.status_code == 200, response.content
    with Image.open(BytesIO(response.content)) as picture:
        return np.asarray(picture).astype(int)


def blueness(some: NDArray[Any]) -> float:
    return float((some[..., 2] - some[..., 0]).mean())


def test_a_preview_is_of_the_frame_of_its_moment_with_the_hints_of_that_moment(
    client: APIClient, film: Photo
) -> None:
    plain, later = (pixels(ask(client, film, seconds=seconds)) for seconds in (1.05, 1.95))
    assert plain.shape == (72, 96, 3)
    assert np.abs(plain.mean(axis=2) - later.mean(axis=2)).max() > 20, "another frame"
    hinted = pixels(ask(client, film, seconds=1.05, hints=[BLUE]))
    assert blueness(hinted[30:42, 42:54]) > blueness(plain[30:42, 42:54]) + 30
    assert (pixels(ask(client, film, seconds=1.95, hints=[BLUE])) == later).all()


def test_a_reference_for_another_scene_is_left_out(client: APIClient, film: Photo) -> None:
    plain = pixels(ask(client, film, seconds=0))
    reference = {"reference": as_text(png())}
    whole = pixels(ask(client, film, seconds=0, **reference))
    assert (whole != plain).any()
    here = pixels(ask(client, film, seconds=0, **reference, reference_seconds=0))
    assert (here == whole).all()
    elsewhere = pixels(ask(client, film, seconds=0, **reference, reference_seconds=1))
    assert (elsewhere == plain).all()


def test_colors_are_suggested_for_a_place_of_the_frame(client: APIClient, film: Photo) -> None:
    response = ask(client, film, "photo-colors", seconds=1.05, x=48, y=36)
    assert response.status_code == 200
    assert response.json()["colors"]


@pytest.mark.parametrize("name", ["photo-preview", "photo-colors"])
@pytest.mark.parametrize(
    ("seconds", "code"),
    [({}, "required"), ({"seconds": 2.5}, "invalid"), ({"seconds": -1}, "min_value")],
)
def test_a_film_is_looked_at_at_a_moment_of_it(
    client: APIClient, film: Photo, name: str, seconds: dict[str, float], code: str
) -> None:
    response = ask(client, film, name, x=1, y=1, **seconds)
    assert invalid_fields(response) == {"seconds": code}


def test_a_photo_has_no_moments(client: APIClient, film: Photo) -> None:
    response = ask(client, make_photo(film.album), seconds=0)
    assert invalid_fields(response) == {"seconds": "invalid"}


def test_a_film_that_cannot_be_read_says_so(client: APIClient, film: Photo) -> None:
    damage(film.original)
    assert_problem(ask(client, film, seconds=0), 400, "damaged_film")


def test_whoever_comes_while_films_are_uploaded_hears_when_to_come_back(
    client: APIClient, film: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("colorizer.film_frames.PATIENCE_SECONDS", 0.01)
    with busy_decoders(0.01):
        busy = ask(client, film, seconds=0)
    assert_problem(busy, 503, "busy")
    assert int(busy["Retry-After"]) > 0


def test_a_frame_is_decoded_once(client: APIClient, film: Photo) -> None:
    """The page shows it, and asks for previews of it."""
    pixels(ask(client, film, seconds=0.55))
    damage(film.original)
    with Image.open(BytesIO(frame_of(film.original, 0.55))) as frame:
        assert (frame.format, frame.mode, frame.size) == ("JPEG", "L", (96, 72))
