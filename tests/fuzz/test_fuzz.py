"""The short form of `python -m tests.fuzz`: no request, however odd, ends in a server error."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.slow
@pytest.mark.postgres
def test_no_request_ends_in_a_server_error() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--number", "2000", "--database", "postgres"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
