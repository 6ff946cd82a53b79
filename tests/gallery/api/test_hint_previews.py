"""Trying hints by the API, with a real process that has the network loaded; and what a worker makes of them."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytest_django import Settings
from rest_framework.test import APIClient

from colorizer.guided_previews import PREVIEWERS
from gallery.models import Photo
from jobs import transitions, worker
from jobs.models import Queue
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
    store_result,
)
from tests.film_files import film_bytes

# The lease of a worker is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

PORTRAIT = Path("static/img/hero-portrait-before.jpg")
COLORED = Path("static/img/hero-portrait-after.jpg")
BLUE = {"x": 40, "y": 60, "color": "#2846c8", "radius": 20}
FAST = {"variant": "stable", "render_factor": 8}


@pytest.fixture
def photo() -> Photo:
    return make_photo(content=PORTRAIT.read_bytes())


@pytest.fixture
def client(photo: Photo) -> APIClient:
    return client_of(photo.album.owner)


def ask(client: APIClient, name: str, photo: Photo, content: Any, **headers: str) -> Any:
    return client.post(address(name, photo), content, format="json", headers=headers)


def pixels(content: bytes) -> NDArray[Any]:
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "JPEG"
        return np.asarray(picture).astype(int)


def blueness(some: NDArray[Any]) -> float:
    return float((some[..., 2] - some[..., 0]).mean())


def of_hint(picture: NDArray[Any]) -> NDArray[Any]:
    return picture[55:65, 35:45]


def test_a_preview_is_a_jpeg_with_the_color_at_its_place(client: APIClient, photo: Photo) -> None:
    plain = ask(client, "photo-preview", photo, FAST)
    assert (plain.status_code, plain["Content-Type"]) == (200, "image/jpeg")
    order = {**FAST, "hints": [BLUE]}
    # A key is no reason to keep the bytes, and neither is Accept one to refuse them.
    hinted = ask(
        client, "photo-preview", photo, order, **{"Idempotency-Key": "a", "Accept": "image/jpeg"}
    )
    assert "Idempotency-Replayed" not in hinted
    assert blueness(of_hint(pixels(hinted.content))) > blueness(of_hint(pixels(plain.content))) + 40


def test_a_worker_gives_the_hinted_place_its_color(client: APIClient, photo: Photo) -> None:
    made = ask(client, "photo-colorizations", photo, {**FAST, "hints": [BLUE]}).json()
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)
    version = client.get(made["url"]).json()
    assert version["hints"] == [BLUE]
    result = client.get(version["preview_url"])
    assert blueness(of_hint(pixels(b"".join(result)))) > 40


def test_colors_for_a_place_are_proposed(client: APIClient, photo: Photo) -> None:
    order = {**FAST, "hints": [BLUE], "x": 256, "y": 150}
    colors = ask(client, "photo-colors", photo, order).json()["colors"]
    assert 2 <= len(colors) <= 8
    red, _green, blue = bytes.fromhex(colors[0][1:])
    assert red > blue  # it is a face


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ({}, {"x": "required", "y": "required"}),
        ({"x": 99_999, "y": -1}, {"x": "max_value", "y": "min_value"}),
        ({"x": "nan", "y": "left"}, {"x": "invalid", "y": "invalid"}),
        ({"x": 1, "y": 1, "variant": "sepia"}, {"variant": "invalid_choice"}),
        ({"x": 1, "y": 1, "render_factor": 41}, {"render_factor": "max_value"}),
    ],
)
def test_a_place_outside_of_the_photo_has_none(
    client: APIClient, photo: Photo, place: dict[str, Any], fields: dict[str, str]
) -> None:
    assert invalid_fields(ask(client, "photo-colors", photo, place)) == fields


def test_a_file_is_a_reference_and_is_sent_with_hints(client: APIClient, photo: Photo) -> None:
    content = BytesIO()
    Image.new("RGB", (400, 300), (40, 60, 200)).save(content, "PNG")
    place = address("photo-reference", photo)
    file = {"image": make_upload(content.getvalue(), "sea.png")}
    reference = client.post(place, file).json()["reference"]
    with Image.open(BytesIO(base64.b64decode(reference))) as picture:
        assert (picture.format, max(picture.size)) == ("PNG", 64)
    plain = ask(client, "photo-preview", photo, FAST)
    with_colors = ask(client, "photo-preview", photo, {**FAST, "reference": reference})
    assert blueness(pixels(with_colors.content)) > blueness(pixels(plain.content)) + 3
    assert ask(client, "photo-colorizations", photo, {"reference": reference}).status_code == 202


def test_a_photo_of_mine_is_a_reference_as_it_is_shown(client: APIClient, photo: Photo) -> None:
    colored = make_photo(photo.album, COLORED.read_bytes())
    taken = ask(client, "photo-reference", photo, {"photo": str(colored.pk)})
    assert taken.status_code == 200
    form = client.post(address("photo-reference", photo), {"photo": str(colored.pk)})
    assert form.json() == taken.json()
    # Its version, which a test makes gray, stands for it as soon as there is one.
    store_result(make_colorization(colored))
    assert_problem(
        ask(client, "photo-reference", photo, {"photo": str(colored.pk)}), 400, "gray_reference"
    )


def test_what_cannot_be_a_reference_is_refused(client: APIClient, photo: Photo) -> None:
    place = address("photo-reference", photo)

    def sent(content: bytes, name: str) -> Any:
        return client.post(place, {"image": make_upload(content, name)})

    assert_problem(sent(picture_bytes(), "gray.jpg"), 400, "gray_reference")
    assert_problem(sent(b"MZ" + bytes(500), "a.jpg"), 415, "unsupported_format")
    assert_problem(sent(b"", "empty.jpg"), 400, "empty_file")
    assert_problem(sent(film_bytes(), "boat.mp4"), 400, "not_for_films")
    film = make_photo(photo.album, film_bytes(), "boat.mp4")
    assert_problem(ask(client, "photo-reference", photo, {"photo": film.pk}), 400, "not_for_films")
    others = make_photo(make_album(make_user(), public=True))
    for key, code in ((others.pk, "does_not_exist"), ("x", "incorrect_type")):
        response = ask(client, "photo-reference", photo, {"photo": str(key)})
        assert set(invalid_fields(response)) == {"photo"}, code
    assert invalid_fields(ask(client, "photo-reference", photo, {})) == {"image": "required"}
    both = client.post(place, {"image": make_upload(), "photo": str(photo.pk)})
    assert invalid_fields(both) == {"image": "required"}


def test_what_is_too_small_for_a_preview_is_told_as_such(client: APIClient, photo: Photo) -> None:
    large = make_photo(photo.album, picture_bytes(2100, 1600))
    response = ask(client, "photo-preview", large, {**FAST, "hints": [{**BLUE, "radius": 5e-324}]})
    assert_problem(response, 400, "invalid_hints")


def test_weights_that_are_not_there_are_told_of(
    client: APIClient, photo: Photo, settings: Settings
) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "stable": "gone"}
    assert_problem(ask(client, "photo-preview", photo, FAST), 409, "weights_unavailable")


def test_whoever_comes_while_others_try_theirs_hears_when_to_come_back(
    client: APIClient, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("colorizer.guided_previews.PATIENCE_SECONDS", 0.01)
    place = PREVIEWERS._place(30)
    try:
        busy = ask(client, "photo-preview", photo, FAST)
        reference = {"reference": base64.b64encode(b"any").decode()}
        kept = ask(client, "photo-colorizations", photo, reference)
    finally:
        PREVIEWERS._give_back(place, is_usable=True)
    for response in (busy, kept):
        assert_problem(response, 503, "busy")
        assert int(response["Retry-After"]) > 0


def test_previews_have_a_rate_of_their_own(
    client: APIClient, photo: Photo, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "preview": "1/m/user"}
    assert ask(client, "photo-colors", photo, {}).status_code == 400
    refused = ask(client, "photo-preview", photo, {})
    assert_problem(refused, 429, "throttled")
    assert refused["Retry-After"] == "60"
