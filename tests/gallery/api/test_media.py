from __future__ import annotations

import pytest

from colorizer.models import Colorization
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_colorization, make_photo, make_user, picture_bytes

pytestmark = pytest.mark.django_db


def content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_original_comes_back_byte_for_byte() -> None:
    original = picture_bytes()
    photo = make_photo(make_album(make_user()), original)
    response = client_of(photo.album.owner).get(address("photo-original", photo))
    assert content(response) == original
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_result_comes_in_full() -> None:
    pair = make_colorization(make_photo(make_album(make_user())), Colorization.State.SUCCEEDED)
    client = client_of(pair.photo.album.owner)
    with pair.result.open() as result:
        assert content(client.get(address("colorization-image", pair))) == result.read()


@pytest.mark.parametrize(
    "name", ["colorization-image", "colorization-preview", "colorization-thumbnail"]
)
def test_there_is_no_picture_of_an_open_colorization(name: str) -> None:
    pair = make_colorization(make_photo(make_album(make_user())), Colorization.State.RUNNING)
    response = client_of(pair.photo.album.owner).get(address(name, pair))
    assert_problem(response, 409, "not_succeeded")


def test_a_client_that_accepts_pictures_only_gets_one() -> None:
    photo = make_photo(make_album(make_user()))
    client = client_of(photo.album.owner)
    response = client.get(address("photo-thumbnail", photo), headers={"Accept": "image/*"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")
