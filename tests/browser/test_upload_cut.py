"""A large file whose line is cut in the middle of it, again and again: only what did not arrive is sent again."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from filestore.models import StoredFile, Upload
from gallery.models import Photo
from tests.browser.contexts import PATIENCE
from tests.browser.uploading import panel, upload
from tests.cut_line import cut_line
from tests.factories import make_user, picture_bytes, stored_files
from tests.worker import wait_until

MEGABYTES = int(os.environ.get("UPLOAD_MEGABYTES", "12"))
CUTS = int(os.environ.get("UPLOAD_CUTS", "3"))
CONTENT = picture_bytes() + Random(2).randbytes(MEGABYTES * 1_000_000)  # noqa: S311  (chance, not secrets)
BYTES_BETWEEN = len(CONTENT) // (CUTS + 1)
# As static/js/uploads/sender.js has it.
PART_BYTES = 4 * 1024 * 1024
HEADERS_BYTES = 100_000
"""More than all requests have beside the file, of pages, scripts and pictures, too."""


@pytest.mark.slow
def test_a_file_arrives_once_and_bit_by_bit(
    chromium: Browser, tmp_path: Path, settings: Settings
) -> None:
    """The long form: UPLOAD_MEGABYTES=200 UPLOAD_CUTS=20."""
    settings.MAX_UPLOAD_BYTES = 2 * len(CONTENT)
    path = tmp_path / "grandmother.jpg"
    path.write_bytes(CONTENT)
    with cut_line(CUTS, BYTES_BETWEEN) as line:
        site = f"http://127.0.0.1:{line.port}"
        context = chromium.new_context(base_url=site)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session(), "url": site}]
        )
        page = context.new_page()
        page.goto("/")
        upload(page, path, "Upload only")
        wait_until(lambda: line.cuts > 0, "a cut", pause=0.02)
        received = Upload.objects.get().offset
        # The next page goes on from there.
        page.goto("/explore/")
        expect(panel(page)).to_contain_text("1 of 1 uploaded", timeout=PATIENCE * CUTS)
        context.close()
    assert line.cuts == CUTS
    assert received < len(CONTENT)
    again = line.sent - len(CONTENT)
    sys.stdout.write(f"{len(CONTENT)} bytes, {CUTS} cuts: {again} bytes more, requests included\n")
    # To leave the page is one more interruption.
    assert again <= (CUTS + 1) * PART_BYTES + HEADERS_BYTES
    photo = Photo.objects.select_related("original").get()
    assert photo.original.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert Path(photo.original.name.path).read_bytes() == CONTENT
    assert Upload.objects.get().state == Upload.State.USED
    assert len(stored_files()) == StoredFile.objects.count()


def session() -> str:
    client = Client()
    client.force_login(make_user())
    key: str = client.cookies[settings.SESSION_COOKIE_NAME].value
    return key
