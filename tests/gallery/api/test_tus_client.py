"""A client that others wrote, against the site's own web server, over a line that breaks again and again.

The long form: TUS_MEGABYTES=200 TUS_CUTS=50 pytest -s tests/gallery/api/test_tus_client.py
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from pytest_django import Settings

from filestore.models import StoredFile, Upload
from gallery.models import Photo
from tests import ROOT
from tests.api import token_of
from tests.cut_line import BYTES_BETWEEN_CUTS, CUTS, MEGABYTES, cut_line
from tests.factories import make_user, picture_bytes, stored_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CHUNK_BYTES = BYTES_BETWEEN_CUTS * 4 // 5
CONTENT = picture_bytes() + Random(1).randbytes(MEGABYTES * 1_000_000)  # noqa: S311  (chance, not secrets)


HEADERS_BYTES = 1000
"""More than a request has beside its part."""


def test_a_file_arrives_once_over_a_line_that_breaks(tmp_path: Path, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 2 * len(CONTENT)
    path = tmp_path / "grandmother.jpg"
    path.write_bytes(CONTENT)
    user = make_user()
    with cut_line() as line:
        site = f"http://127.0.0.1:{line.port}"
        command = [
            "node",
            str(ROOT / "tests" / "tus_client.cjs"),
            site,
            token_of(user),
            str(path),
            str(CHUNK_BYTES),
        ]
        run = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert run.returncode == 0, run.stderr
    response = json.loads(run.stdout)
    assert (line.cuts, response["status"]) == (CUTS, 201)
    again = line.sent - len(CONTENT)
    requests = len(CONTENT) // CHUNK_BYTES + 3 * CUTS
    assert again <= CUTS * CHUNK_BYTES + requests * HEADERS_BYTES
    sys.stdout.write(f"{len(CONTENT)} bytes, {CUTS} cuts: {again} bytes more, headers included\n")
    [photo] = response["photos"]
    assert photo["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (photo["original_name"], photo["bytes"]) == ("grandmother.jpg", len(CONTENT))
    assert (Photo.objects.count(), Upload.objects.get().state) == (1, Upload.State.USED)
    assert len(stored_files()) == StoredFile.objects.count() == 4
