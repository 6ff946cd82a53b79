"""The short form of `python -m tests.fuzz`: no request, however odd, ends in a server error."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

from tests.fuzz.site import fault_of


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


def test_what_is_a_failure() -> None:
    assert fault_of("/", 500, "text/html", 0.1)
    assert fault_of("/healthz", 503, "application/json", 0.1)
    assert fault_of("/", 200, "text/html", 11)
    assert fault_of("/api/v1/me/", 404, "text/html", 0.1)
    assert fault_of("/_allauth/app/v1/config", 405, "", 0.1)
    assert not fault_of("/api/v1/me/", 404, "application/problem+json", 0.1)
    assert not fault_of("/nowhere/", 404, "text/html", 0.1)
