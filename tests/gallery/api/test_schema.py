from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from colorizer.errors import ErrorCode
from gallery.api.problems import ProblemCode
from jobs.errors import ErrorCode as JobErrorCode
from jobs.models import Job
from tests import ROOT
from tests.api import client_of

FILE_ENDINGS = ("/original/", "/display/", "/thumbnail/", "/image/", "/preview/", "/file/")
DOCUMENTATION = ROOT / "docs" / "api.md"


@pytest.fixture
def schema() -> dict[str, Any]:
    response = client_of().get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert response.status_code == 200
    description: dict[str, Any] = response.json()
    return description


def test_the_schema_is_valid_and_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(file))


def test_the_states_are_a_closed_set(schema: dict[str, Any]) -> None:
    assert schema["components"]["schemas"]["StateEnum"]["enum"] == Job.State.values


def error_codes(schema: dict[str, Any], component: str) -> list[str]:
    """Everything that the field may hold."""
    field = schema["components"]["schemas"][component]["properties"]["error_code"]
    names = [reference["$ref"].rpartition("/")[2] for reference in field["oneOf"]]
    return [code for name in names for code in schema["components"]["schemas"][name]["enum"]]


def test_the_error_codes_are_a_closed_set(schema: dict[str, Any]) -> None:
    of_any_job = {*JobErrorCode.values, ""}
    assert set(error_codes(schema, "Archive")) == of_any_job
    for component in ("Colorization", "WaitingColorization"):
        assert set(error_codes(schema, component)) == of_any_job | set(ErrorCode.values)


def test_files_may_be_asked_for_in_part(schema: dict[str, Any]) -> None:
    files = [path for name, path in schema["paths"].items() if name.endswith(FILE_ENDINGS)]
    assert len(files) == 9
    for path in files:
        assert {"200", "206", "304", "default"} <= set(path["get"]["responses"])


def test_the_problem_codes_are_a_closed_set(schema: dict[str, Any]) -> None:
    assert schema["components"]["schemas"]["ProblemCode"]["enum"] == ProblemCode.values


def test_every_operation_may_answer_with_a_problem(schema: dict[str, Any]) -> None:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert operations
    assert all("default" in operation["responses"] for operation in operations)


def test_every_operation_asks_for_a_session(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            assert operation["security"] == [
                {"sessionToken": []},
                {"apiKey": []},
                {"cookieAuth": []},
            ]


@pytest.mark.parametrize("code", ProblemCode.values)
def test_every_problem_code_is_documented(code: str) -> None:
    assert f"`{code}`" in DOCUMENTATION.read_text()
