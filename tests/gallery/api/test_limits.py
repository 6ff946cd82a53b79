"""An app asks what a site takes, instead of knowing it."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from colorizer.tasks import HELP_FILM
from filestore.services import usage_of
from jobs import services
from jobs.models import Job
from tests.api import address, client_of
from tests.factories import begin_upload, make_colorization, make_user

pytestmark = pytest.mark.django_db


def limits(user: Any = None, **query: str) -> Any:
    response = client_of(user).get(address("limits"), query)
    assert response.status_code == 200
    return response.json()


def test_what_the_operator_sets(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1234
    settings.MAX_UPLOAD_PIXELS = 5678
    settings.MAX_OPEN_JOBS = 9
    settings.ACCOUNT_RATE_LIMITS = {"upload": "7/h/user", "report": "20/h/ip"}
    shown = limits()
    assert (shown["files"]["max_bytes"], shown["files"]["max_pixels"]) == (1234, 5678)
    assert shown["coloring"]["max_open_jobs"] == 9
    assert shown["rates"][1:] == [
        {"name": "upload", "number": 7, "seconds": 3600, "per": "user"},
        {"name": "report", "number": 20, "seconds": 3600, "per": "ip"},
    ]


def test_formats_and_choices() -> None:
    shown = limits()
    formats = {known["name"]: known for known in shown["files"]["formats"]}
    assert set(formats) == {"JPEG", "PNG", "TIFF", "WebP", "AVIF", "HEIC", "BMP", "GIF", "PDF"}
    assert formats["HEIC"]["content_types"] == ["image/heic", "image/heif"]
    assert [name for name in formats if formats[name]["has_pages"]] == ["TIFF", "PDF"]
    assert shown["coloring"]["variants"] == ["artistic", "stable", "video"]
    assert shown["coloring"]["render_factor"] == {"min": 8, "max": 40, "default": 20}
    assert shown["kept_days"]["trash"] == 30


def test_nobody_has_an_account_without_a_login() -> None:
    assert limits()["account"] is None


def test_how_far_one_is_with_them() -> None:
    colorization = make_colorization(state=Job.State.QUEUED)
    owner = colorization.source.owner
    begin_upload(owner, b"12345", 1000)
    # The site's own work is not theirs.
    services.enqueue(owner, HELP_FILM.name)
    assert limits(owner, fields="account") == {
        "account": {
            "quota_bytes": None,
            "bytes_used": usage_of(owner),
            "bytes_reserved": 995,
            "open_jobs": 1,
        }
    }


def test_the_sizes_of_pages_are_those_of_lists() -> None:
    sizes = limits()["at_once"]
    client = client_of(make_user())
    too_many = {"page_size": str(sizes["max_page_size"] + 1)}
    assert client.get(address("album-list"), too_many).status_code == 200
    assert (sizes["default_page_size"], sizes["max_page_size"]) == (50, 200)


def test_whoever_knows_them_is_not_sent_them_again() -> None:
    client = client_of()
    etag = client.get(address("limits"))["ETag"]
    assert client.get(address("limits"), headers={"If-None-Match": etag}).status_code == 304
