"""The short form of `python -m tests.fuzz`: operations succeed, and no answer is a server error or not described."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.conformance import Sent
from tests.fuzz.site import OVERRIDE, fault_of, not_described
from tests.postgres import TEMPLATE


@pytest.mark.slow
@pytest.mark.postgres
def test_every_answer_is_described_and_none_is_a_server_error(migrated_postgres: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--number", "1200", "--database", "postgres"],
        cwd=settings.BASE_DIR,
        env={**os.environ, TEMPLATE: migrated_postgres},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]


def sent(path: str, status: int, content_type: str = "", content: bytes = b"") -> Sent:
    return Sent("GET", path, "", status, {"Content-Type": content_type}, content)


def test_what_is_a_failure() -> None:
    assert fault_of(sent("/", 500, "text/html"), 0.1)
    assert fault_of(sent("/healthz", 503, "application/json"), 0.1)
    assert fault_of(sent("/", 200, "text/html"), 11)
    assert fault_of(sent("/api/v1/me/", 404, "text/html"), 0.1)
    assert fault_of(sent("/_allauth/app/v1/config", 405), 0.1)
    assert not fault_of(sent("/api/v1/me/", 404, "application/problem+json"), 0.1)
    assert not fault_of(sent("/nowhere/", 404, "text/html"), 0.1)


def test_what_is_not_described() -> None:
    me, json = "/api/v1/me/", "application/json"
    assert not_described(sent(me, 418, json, b"{}"), {})
    assert not_described(sent(me, 200, "text/html", b"<p>"), {})
    assert not_described(sent(me, 200, json, b"{}"), {})
    assert not_described(sent(me, 304)._replace(headers={"X-Odd": "1"}), {})
    assert not not_described(sent(me, 304), {})
    assert not not_described(sent("/nowhere/", 418), {})
    assert not not_described(sent(me, 418), {OVERRIDE: "DELETE"})
