"""Hints by the API: sent with a colorization, read again, and refused with the cause."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from rest_framework.test import APIClient

from colorizer.engine.hints import MAX_HINTS, Hint
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from gallery.models import Photo
from gallery.services import trash_photos
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_guided, make_photo, make_user
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db

ENTRY = {"x": 30, "y": 20, "color": "#c81e1e", "radius": 12}
RED = Hint(30, 20, (200, 30, 30), 12)
BROKEN: list[tuple[Any, str]] = [
    ({"x": 1}, "Hints have to be a list"),
    ("[]", "Hints have to be a list"),
    ([1], "Hint 1 has to be an object"),
    ([ENTRY, {**ENTRY, "more": 1}], "Hint 2 has to be an object"),
    ([{**ENTRY, "color": "red"}], "The color of hint 1"),
    ([{**ENTRY, "color": "#c81e1"}], "The color of hint 1"),
    ([{**ENTRY, "x": "30"}], "The place of a hint"),
    ([{**ENTRY, "y": None}], "The place of a hint"),
    ([{**ENTRY, "radius": 0}], "The radius of a hint"),
    ([{**ENTRY, "radius": True}], "The radius of a hint"),
    ([{**ENTRY, "x": 65}], "outside of the picture, which has 64 x 48 pixels"),
    ([{**ENTRY, "y": -1}], "outside of the picture"),
    ([ENTRY] * (MAX_HINTS + 1), f"{MAX_HINTS} at most"),
]
OF_FILM = {"x": 30, "y": 20, "color": "#c81e1e", "radius": 12, "seconds": 0.5}
COLORIZATIONS = "photo-colorizations"
PREVIEWS = ("photo-preview", "photo-colors")
ADDRESSES = (COLORIZATIONS, *PREVIEWS)


@pytest.fixture
def photo() -> Photo:
    return make_photo()


@pytest.fixture
def client(photo: Photo) -> APIClient:
    return client_of(photo.album.owner)


def png(color: tuple[int, int, int] = (40, 60, 200), side: int = 8) -> bytes:
    content = BytesIO()
    Image.new("RGB", (side, side), color).save(content, "PNG")
    return content.getvalue()


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def send(client: APIClient, name: str, photo: Photo, **content: Any) -> Any:
    place = {"x": 1, "y": 1} if name == "photo-colors" else {}
    return client.post(address(name, photo), {**place, **content}, format="json")


def test_they_are_sent_with_a_colorization_and_read_again(client: APIClient, photo: Photo) -> None:
    order = {"variant": "stable", "hints": [ENTRY], "reference": as_text(png())}
    response = send(client, "photo-colorizations", photo, **order)
    assert response.status_code == 202
    version = Colorization.objects.get()
    body = response.json()
    assert body["hints"] == [ENTRY]
    assert body["has_reference"] is True
    assert body["reference_url"] == absolute("colorization-reference", version)
    again = send(client, "photo-colorizations", photo, **order)
    assert again.json()["id"] == body["id"], "the same hints are one version"
    plain = send(client, "photo-colorizations", photo, variant="stable").json()
    assert plain["id"] != body["id"]
    assert (plain["hints"], plain["has_reference"], plain["reference_url"]) == ([], False, None)
    detail = client.get(address("colorization-detail", version)).json()
    assert (detail["hints"], detail["has_reference"]) == ([ENTRY], True)


def test_the_reference_is_fetched_by_its_owner_and_not_sent_again(
    client: APIClient, photo: Photo
) -> None:
    send(client, "photo-colorizations", photo, reference=as_text(png()))
    place = address("colorization-reference", Colorization.objects.get())
    response = client.get(place)
    assert response["Content-Type"] == "image/png"
    with Image.open(BytesIO(response.content)) as picture:
        assert picture.convert("RGB").getpixel((0, 0)) == (40, 60, 200)
    assert client.get(place, headers={"If-None-Match": response["ETag"]}).status_code == 304
    refused = client.get(place, headers={"If-Match": '"other"'})
    assert_problem(refused, 412, "precondition_failed")
    assert_problem(client_of(make_user()).get(place), 404, "not_found")


def test_versions_without_a_reference_have_none(client: APIClient, photo: Photo) -> None:
    for version in (make_colorization(photo), make_guided(make_colorization(photo), [RED])):
        assert_problem(client.get(address("colorization-reference", version)), 404, "not_found")


def test_a_form_has_them_as_json(client: APIClient, photo: Photo) -> None:
    form = {"variant": "stable", "hints": json.dumps([ENTRY])}
    assert client.post(address("photo-colorizations", photo), form).status_code == 202
    assert Colorization.objects.get().guidance.hints == [ENTRY]
    for junk in ("[", "[" * 100_000, "[NaN]", "[1e400]"):
        response = client.post(address("photo-colorizations", photo), {"hints": junk})
        assert_problem(response, 400, "parse_error")


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(("hints", "cause"), BROKEN)
def test_what_is_no_hint_is_refused_by_its_field_and_cause(
    client: APIClient, photo: Photo, name: str, hints: Any, cause: str
) -> None:
    response = send(client, name, photo, hints=hints)
    assert invalid_fields(response) == {"hints": "invalid"}
    assert cause in response.json()["errors"][0]["detail"]
    assert not Colorization.objects.exists()


def test_what_is_no_number_of_json_is_refused(client: APIClient, photo: Photo) -> None:
    for number in ("NaN", "Infinity", "1e999"):
        body = json.dumps({"hints": [ENTRY]}).replace('"x": 30', f'"x": {number}')
        place = address("photo-colorizations", photo)
        response = client.post(place, body, content_type="application/json")
        assert_problem(response, 400, "parse_error")


def test_the_cause_is_told_in_the_language_of_the_request(client: APIClient, photo: Photo) -> None:
    response = client.post(
        address("photo-colorizations", photo),
        {"hints": [{**ENTRY, "x": 65}]},
        format="json",
        headers={"Accept-Language": "zh-hans"},
    )
    assert "64 x 48" in response.json()["detail"]
    assert "outside" not in response.json()["detail"]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("no base64", "invalid"),
        (as_text(bytes(30_000)), "invalid"),
        (as_text(b"no picture"), "unreadable_picture"),
        (as_text(png(side=65)), "unreadable_picture"),
        (as_text(png((90, 90, 90))), "gray_reference"),
    ],
)
def test_a_reference_that_is_none_is_refused_by_its_field(
    client: APIClient, photo: Photo, name: str, reference: str, code: str
) -> None:
    response = send(client, name, photo, reference=reference)
    assert invalid_fields(response) == {"reference": code}
    assert not Colorization.objects.exists()


def test_a_film_takes_hints_that_tell_their_moment_and_a_reference() -> None:
    film = make_photo(content=film_bytes(), name="boat.mp4")
    client = client_of(film.album.owner)
    guide = {"hints": [OF_FILM], "reference": as_text(png()), "reference_seconds": 1.5}
    response = send(client, COLORIZATIONS, film, **guide)
    assert response.status_code == 202
    made = Colorization.objects.get()
    body = client.get(address("colorization-detail", made)).json()
    assert (body["hints"], body["reference_seconds"]) == ([OF_FILM], 1.5)
    assert guide_of(made).reference
    assert guide_of(made).reference_seconds == 1.5
    assert send(client, COLORIZATIONS, film, **guide).json()["id"] == body["id"]
    for other in (1.0, None):
        again = send(client, COLORIZATIONS, film, **{**guide, "reference_seconds": other})
        assert again.json()["reference_seconds"] == other
    assert Colorization.objects.count() == 3, "for another scene it is another version"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ({"reference_seconds": 2.1}, "invalid", "lasts 2.0 seconds: there is no frame at 2.1"),
        ({"reference_seconds": -1}, "min_value", "0"),
        ({"reference_seconds": "soon"}, "invalid", "number"),
        ({"reference_seconds": 1, "reference": ""}, "invalid", "no reference photo"),
    ],
)
def test_a_moment_that_a_reference_cannot_be_for_is_refused(
    content: dict[str, Any], code: str, words: str
) -> None:
    film = make_photo(content=film_bytes(), name="boat.mp4")
    guide = {"reference": as_text(png()), **content}
    response = send(client_of(film.album.owner), COLORIZATIONS, film, **guide)
    assert invalid_fields(response) == {"reference_seconds": code}
    assert words in response.json()["detail"]
    assert not Colorization.objects.exists()


@pytest.mark.parametrize("name", ADDRESSES)
def test_photos_have_no_moment_of_a_reference(client: APIClient, photo: Photo, name: str) -> None:
    guide = {"reference": as_text(png()), "reference_seconds": 0}
    response = send(client, name, photo, **guide)
    assert invalid_fields(response) == {"reference_seconds": "invalid"}
    assert "Only films have moments" in response.json()["detail"]


@pytest.mark.parametrize("entry", [ENTRY, {**OF_FILM, "seconds": 60}, {**OF_FILM, "x": 65}])
def test_hints_that_do_not_fit_a_film_are_refused(entry: dict[str, Any]) -> None:
    film = make_photo(content=film_bytes(), name="boat.mp4")
    response = send(client_of(film.album.owner), COLORIZATIONS, film, hints=[entry])
    assert invalid_fields(response) == {"hints": "invalid"}
    assert not Colorization.objects.exists()


@pytest.mark.parametrize("name", [*ADDRESSES, "photo-reference"])
def test_photos_of_others_and_what_was_deleted_are_not_there(name: str) -> None:
    photo = make_photo(make_album(public=True))
    stranger = client_of(make_user())
    assert_problem(send(stranger, name, photo, hints=[ENTRY]), 404, "not_found")
    trash_photos([photo])
    client = client_of(photo.album.owner)
    assert_problem(send(client, name, photo, hints=[ENTRY]), 404, "not_found")


def test_others_are_told_nothing_of_them() -> None:
    photo = make_photo(make_album(public=True))
    version = make_guided(make_colorization(photo), [RED], png())
    seen = client_of(make_user()).get(address("colorization-detail", version)).json()
    assert (seen["hints"], seen["has_reference"], seen["reference_url"]) == ([], False, None)
    fields = client_of(make_user()).get(
        address("colorization-detail", version), {"fields": "id,hints"}
    )
    assert fields.json() == {"id": str(version.pk), "hints": []}


@pytest.mark.parametrize(
    ("name", "queries"), [("colorization-list", 5), ("photo-list", 8), ("photo-colorizations", 5)]
)
def test_lists_load_no_reference_and_need_as_many_queries_as_without(
    client: APIClient, photo: Photo, name: str, queries: int
) -> None:
    for factor in range(10, 14):
        made = make_colorization(photo, render_factor=factor)
        make_guided(made, [RED] if factor % 2 else [], png())
    where = address(name, photo if name == "photo-colorizations" else None)
    with CaptureQueriesContext(connection) as captured:
        results = client.get(where).json()["results"]
    assert len(captured) == queries
    assert not any('"reference"' in query["sql"] for query in captured)
    versions = results[0]["colorizations"] if name == "photo-list" else results
    assert [version["has_reference"] for version in versions] == [True] * 4
    assert sorted(len(version["hints"]) for version in versions) == [0, 0, 1, 1]
