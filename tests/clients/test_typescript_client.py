"""An app in TypeScript: types from the committed description, compiled strictly, over a line that breaks."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Final

import pytest

from accounts.models import User
from gallery.models import Photo
from tests import ROOT
from tests.cut_line import CUTS, cut_line
from tests.factories import PASSWORD, picture_bytes
from tests.worker import running_worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PROGRAMS: Final = ROOT / "node_modules" / ".bin"
STRICT: Final = (
    "--strict",
    "--noUncheckedIndexedAccess",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    # Types of packages are not checked: the description's are written as a program, not as `.d.ts`.
    "--skipLibCheck",
)
# What has a default need not be sent.
OPTIONAL: Final = ("--default-non-nullable", "false")
CONTENT: Final = picture_bytes(200, 120) + Random(2).randbytes(3_000_000)  # noqa: S311  (chance, not secrets)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The app, compiled."""
    flow = tmp_path / "flow.mts"
    flow.write_bytes((ROOT / "tests" / "clients" / "flow.mts").read_bytes())
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    description, types = ROOT / "docs" / "openapi.yaml", tmp_path / "schema.ts"
    run([PROGRAMS / "openapi-typescript", description, "--output", types, *OPTIONAL])
    run([PROGRAMS / "tsc", *STRICT, "--types", "node", flow])
    return flow.with_suffix(".mjs")


def run(command: list[str | Path]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_from_sign_up_over_a_breaking_line_to_the_end_of_the_account(
    program: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "grandmother.jpg"
    photo.write_bytes(CONTENT)
    with running_worker(tmp_path), cut_line() as line:
        site = f"http://127.0.0.1:{line.port}"
        said = json.loads(run(["node", program, site, "ada@example.org", PASSWORD, photo]))
    assert line.cuts == CUTS
    assert (said["photo"]["bytes"], said["statuses"]) == (len(CONTENT), [206, 206])
    assert (said["bytes"], said["done"]["is_adjusted"]) == (said["done"]["result_bytes"], True)
    assert said["names"] == ["Photo"]
    assert (Photo.objects.get().title, said["deletion_due_at"] is not None) == ("On the pier", True)
    assert User.objects.get().deletion_due_at is not None
