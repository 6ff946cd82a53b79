"""A client of the API on its whole way, with a real worker: sign up, colorize, wait, fetch."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.api import address, client_of
from tests.factories import PASSWORD, make_upload, picture_bytes
from tests.worker import running_worker, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_from_sign_up_to_the_color_photo(tmp_path: Path) -> None:
    client = client_of()
    account = {"email": "ada@example.org", "password": PASSWORD}
    signed_up = client.post("/_allauth/app/v1/auth/signup", account, format="json").json()
    client.credentials(HTTP_X_SESSION_TOKEN=signed_up["meta"]["session_token"])
    order = {"image": make_upload(picture_bytes(200, 120)), "render_factor": 8}
    accepted = client.post(address("colorize"), order)
    assert accepted.status_code == 202

    def ask() -> dict[str, Any]:
        colorization: dict[str, Any] = client.get(accepted["Location"]).json()
        return colorization

    with running_worker(tmp_path):
        wait_until(lambda: ask()["finished_at"] is not None, "the end of the colorization", 1)
    colorization = ask()
    assert (colorization["state"], colorization["progress"]) == ("succeeded", 100), colorization[
        "error_text"
    ]
    image = b"".join(client.get(colorization["image_url"]).streaming_content)  # type: ignore[attr-defined]
    assert len(image) == colorization["result_bytes"]
    with Image.open(BytesIO(image)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (200, 120), "RGB")
