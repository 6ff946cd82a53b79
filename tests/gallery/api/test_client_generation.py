"""A client is generated from the description, whole: every operation and every model, without a warning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import ROOT

DESCRIPTION = ROOT / "docs" / "openapi.yaml"
CONFIG = ROOT / "docs" / "openapi-python-client.yaml"


@pytest.mark.slow
def test_a_python_client_has_every_operation(tmp_path: Path) -> None:
    client = tmp_path / "client"
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    files = ["--path", str(DESCRIPTION), "--config", str(CONFIG), "--output-path", str(client)]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    methods = {file.stem for file in (client / "tintype_client" / "api").glob("*/*.py")}
    assert methods - {"__init__"} == operation_ids()


def operation_ids() -> set[str]:
    paths = yaml.safe_load(DESCRIPTION.read_text())["paths"].values()
    return {operation["operationId"] for path in paths for operation in path.values()}
