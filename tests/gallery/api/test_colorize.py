from __future__ import annotations

import pytest

from colorizer.models import Colorization
from gallery.models import Photo
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_upload, make_user, photo_of

pytestmark = pytest.mark.django_db


def test_one_request_uploads_and_queues() -> None:
    user = make_user()
    body = {"image": make_upload(), "variant": "video", "render_factor": 10}
    response = client_of(user).post(address("colorize"), body)
    colorization = Colorization.objects.get()
    assert response.status_code == 202
    assert response["Location"] == absolute("colorization-detail", colorization)
    assert "Retry-After" in response
    assert (colorization.variant, colorization.render_factor) == ("video", 10)
    assert response.json()["photo_url"].endswith(address("photo-detail", photo_of(colorization)))


def test_the_photo_goes_to_the_named_album() -> None:
    album = make_album(make_user())
    body = {"image": make_upload(), "album": str(album.pk)}
    assert client_of(album.owner).post(address("colorize"), body).status_code == 202
    assert album.photos.count() == 1


def test_an_unknown_variant_stores_nothing() -> None:
    body = {"image": make_upload(), "variant": "sepia"}
    response = client_of(make_user()).post(address("colorize"), body)
    assert invalid_fields(response) == {"variant": "invalid_choice"}
    assert not Photo.objects.exists()


def test_a_render_factor_out_of_range_stores_nothing() -> None:
    body = {"image": make_upload(), "render_factor": 400}
    response = client_of(make_user()).post(address("colorize"), body)
    assert invalid_fields(response) == {"render_factor": "max_value"}
    assert not Photo.objects.exists()


def test_a_file_that_is_no_picture_stores_nothing() -> None:
    body = {"image": make_upload(b"MZ" + bytes(500))}
    assert_problem(
        client_of(make_user()).post(address("colorize"), body), 415, "unsupported_format"
    )
    assert not Photo.objects.exists()
    assert not Colorization.objects.exists()


def test_an_album_of_somebody_else_is_refused() -> None:
    album = make_album(make_user())
    body = {"image": make_upload(), "album": str(album.pk)}
    response = client_of(make_user()).post(address("colorize"), body)
    assert invalid_fields(response) == {"album": "does_not_exist"}
    assert not Photo.objects.exists()
