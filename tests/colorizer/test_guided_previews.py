"""Previews of hints, by a real process: pictures, colors for a place, references, refusals."""

from __future__ import annotations

import os
import signal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from numpy.typing import NDArray
from PIL import Image
from pytest_django import Settings

from colorizer.engine.hints import Hint
from colorizer.errors import GuidanceError, RefusalError, UploadError
from colorizer.guided_previews import (
    PREVIEWERS,
    Picture,
    checked_reference,
    plausible_colors,
    preview,
    reference_of_file,
    reference_of_upload,
)
from colorizer.guiding import UNGUIDED, Guide
from filestore.models import StoredFile
from gallery.models import Photo
from tests.factories import damage, make_photo, picture_bytes
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db

PORTRAIT = Path("static/img/hero-portrait-before.jpg")
COLORED = Path("static/img/hero-portrait-after.jpg")
WALL = Hint(40, 60, (40, 70, 200), 20)


@pytest.fixture
def photo() -> Photo:
    return make_photo(content=PORTRAIT.read_bytes())


def of_photo(photo: Photo) -> Picture:
    return Picture(photo.original, (photo.width, photo.height))


def shown(photo: Photo, guide: Guide = UNGUIDED, factor: int = 8) -> NDArray[Any]:
    content = preview(of_photo(photo), "stable", factor, guide)
    with Image.open(BytesIO(content)) as picture:
        return np.asarray(picture).astype(int)


def blueness(pixels: NDArray[Any]) -> float:
    return float((pixels[..., 2] - pixels[..., 0]).mean())


def of_wall(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels[55:65, 35:45]


def test_a_hint_colors_its_place_and_hints_are_forgotten_with_the_next_preview(
    photo: Photo,
) -> None:
    plain = shown(photo)
    assert blueness(of_wall(shown(photo, Guide((WALL,))))) > blueness(of_wall(plain)) + 40
    assert (shown(photo) == plain).all()


def test_places_are_those_of_the_original_however_large_it_is() -> None:
    with Image.open(PORTRAIT) as picture:
        large = picture.resize((2048, 2048))
    content = BytesIO()
    large.save(content, "JPEG")
    photo = make_photo(content=content.getvalue())
    pixels = shown(photo, Guide((Hint(160, 240, (40, 70, 200), 80),)))
    assert pixels.shape[:2] == (1024, 1024)
    assert blueness(pixels[110:130, 70:90]) > 40


def test_a_hint_in_the_last_corner_is_inside(photo: Photo) -> None:
    corner = Hint(photo.width, photo.height, (200, 0, 0), 10)
    assert shown(photo, Guide((corner,))).shape == (photo.height, photo.width, 3)


def test_the_reference_gives_its_colors(photo: Photo) -> None:
    content = BytesIO()
    Image.new("RGB", (40, 30), (40, 60, 200)).save(content, "PNG")
    reference = reference_of_upload(SimpleUploadedFile("sea.png", content.getvalue()))
    assert len(reference) < 20_000
    assert checked_reference(reference) == reference
    assert blueness(shown(photo, Guide(reference=reference))) > blueness(shown(photo)) + 3


def test_a_photo_of_the_site_can_be_the_reference() -> None:
    colored = make_photo(content=COLORED.read_bytes())
    display = colored.original.derivatives.get(purpose=StoredFile.Purpose.DISPLAY)
    with Image.open(BytesIO(reference_of_file(display))) as reference:
        assert max(reference.size) <= 64


def test_colors_for_a_place_are_several_and_differ(photo: Photo) -> None:
    colors = plausible_colors(of_photo(photo), "stable", 8, UNGUIDED, (256, 150))
    assert 2 <= len(colors) <= 8
    assert len(set(colors)) == len(colors)
    red, _green, blue = bytes.fromhex(colors[0][1:])
    assert red > blue  # it is a face


def test_a_hint_at_the_place_does_not_decide_what_is_proposed(photo: Photo) -> None:
    picture, place = of_photo(photo), (WALL.x, WALL.y)
    free = plausible_colors(picture, "stable", 8, UNGUIDED, place)
    assert plausible_colors(picture, "stable", 8, Guide((WALL,)), place) == free


def test_a_gray_or_foreign_reference_is_refused(photo: Photo) -> None:
    gray = SimpleUploadedFile("gray.jpg", picture_bytes())
    with pytest.raises(GuidanceError, match="Choose a photo in color") as caught:
        reference_of_upload(gray)
    assert caught.value.status == 400
    with pytest.raises(GuidanceError):
        checked_reference(b"no picture")
    with pytest.raises(GuidanceError, match="64 pixels"):
        checked_reference(picture_bytes(80, 80, "PNG"))
    with pytest.raises(GuidanceError):
        shown(photo, Guide(reference=picture_bytes(8, 8, "JPEG")))


@pytest.mark.parametrize("content", [b"nothing", film_bytes()], ids=["text", "film"])
def test_only_a_photo_can_be_uploaded_as_reference(content: bytes) -> None:
    with pytest.raises(RefusalError) as caught:
        reference_of_upload(SimpleUploadedFile("reference.jpg", content))
    assert isinstance(caught.value, UploadError | GuidanceError)


def test_a_variant_whose_weights_are_missing_says_so(photo: Photo, settings: Settings) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "stable": "nonesuch"}
    with pytest.raises(GuidanceError, match="not available right now") as caught:
        shown(photo)
    assert caught.value.status == 409


def test_a_picture_that_became_unreadable_is_told_and_costs_no_process(photo: Photo) -> None:
    before = shown(photo)
    other = make_photo(content=picture_bytes(400, 300))
    damage(other.original.derivatives.get(purpose=StoredFile.Purpose.DISPLAY))
    with pytest.raises(GuidanceError) as caught:
        shown(other)
    assert (caught.value.code, caught.value.status) == ("unreadable_picture", 400)
    assert (shown(photo) == before).all()


def test_a_killed_process_is_told_of_and_replaced(photo: Photo) -> None:
    before = shown(photo)
    process = PREVIEWERS._places.queue[-1]
    assert process
    os.kill(process._process.pid, signal.SIGKILL)
    process._process.wait()
    assert (shown(photo) == before).all()
