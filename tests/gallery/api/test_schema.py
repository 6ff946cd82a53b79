from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator
from pytest_django import Settings

from colorizer.errors import ErrorCode
from gallery.api.problems import ProblemCode
from gallery.api.schema import accounts
from gallery.api.schema.examples import EXAMPLES
from gallery.errors import ErrorCode as GalleryErrorCode
from gallery.models import Notice
from jobs.errors import ErrorCode as JobErrorCode
from jobs.kinds import all_kinds
from jobs.models import Job
from tests import ROOT
from tests.api import client_of
from tests.gallery.api.breaking_changes import breaking_changes

# allauth routes them always, and this site has nothing behind them.
NOT_ON_THIS_SITE = {
    "account/phone",
    "auth/code/confirm",
    "auth/phone/verify",
    "auth/phone/verify/resend",
    "tokens/refresh",
}
FILE_ENDINGS = ("/original/", "/display/", "/thumbnail/", "/image/", "/preview/", "/file/")
DOCUMENTATION = ROOT / "docs" / "api.md"
COMMITTED = ROOT / "docs" / "openapi.yaml"
RELEASED = ROOT / "docs" / "openapi-released.yaml"

Tree = dict[str, Any]


def read(file: Path) -> Tree:
    found: Tree = yaml.load(file.read_text(), yaml.CSafeLoader)
    return found


@pytest.fixture(scope="module")
def committed() -> Tree:
    return read(COMMITTED)


@pytest.fixture
def schema() -> dict[str, Any]:
    response = client_of().get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert response.status_code == 200
    description: dict[str, Any] = response.json()
    return description


@pytest.fixture(scope="module")
def operations(committed: Tree) -> dict[str, Tree]:
    """By their names."""
    found = [operation for path in committed["paths"].values() for operation in path.values()]
    by_name = {operation["operationId"]: operation for operation in found}
    assert len(by_name) == len(found)
    return by_name


def test_the_schema_is_as_committed(tmp_path: Path) -> None:
    """Otherwise: make openapi."""
    file = tmp_path / "openapi.yaml"
    call_command("spectacular", lang="en", file=str(file))
    assert file.read_text() == COMMITTED.read_text(), "make openapi writes docs/openapi.yaml anew"


def test_nothing_breaks_clients_of_the_released_schema(committed: Tree) -> None:
    assert breaking_changes(read(RELEASED), committed) == []


def test_the_schema_is_valid_and_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(file))


def test_the_states_are_a_closed_set(schema: dict[str, Any]) -> None:
    assert schema["components"]["schemas"]["StateEnum"]["enum"] == Job.State.values


def values(schema: Tree, name: str) -> list[str]:
    found: list[str] = schema["components"]["schemas"][name]["enum"]
    return found


def test_the_error_codes_are_one_set_each_with_the_empty_string(committed: Tree) -> None:
    of_any_job = {*JobErrorCode.values, *GalleryErrorCode.values, ""}
    assert set(values(committed, "JobErrorCode")) == of_any_job
    assert set(values(committed, "ColorizationErrorCode")) == of_any_job | set(ErrorCode.values)
    schemas = committed["components"]["schemas"]
    for name in ("Colorization", "Download", "Job", "VersionAdjustments"):
        field = schemas[name]["properties"]["error_code"]
        assert field["$ref"].endswith("/ColorizationErrorCode")


def test_the_problem_codes_are_all_there(committed: Tree) -> None:
    assert values(committed, "ProblemCode") == ProblemCode.values


def test_files_may_be_asked_for_in_part(committed: Tree) -> None:
    files = [
        path
        for name, path in committed["paths"].items()
        if name.endswith(FILE_ENDINGS) and "/hints/" not in name
    ]
    assert len(files) == 10
    for path in files:
        responses = path["get"]["responses"]
        assert {"200", "206", "304", "412", "416"} <= set(responses)
        assert {"Accept-Ranges", "Content-Range", "ETag"} <= set(responses["206"]["headers"])
        assert {"Range", "If-Range", "If-None-Match"} <= parameters(path["get"])


def test_every_operation_says_which_problems_it_has(operations: dict[str, Tree]) -> None:
    for operation in operations.values():
        assert "default" not in operation["responses"]
        assert operation["x-stability"] in {"beta", "stable", "deprecated"}
    refusals = {
        "list_albums": {"400", "401", "403", "404", "406", "412", "429", "500", "503"},
        "create_photo": {
            "400",
            "401",
            "403",
            "404",
            "406",
            "408",
            "409",
            "413",
            "415",
            "422",
            "429",
        }
        | {"500", "503", "507"},
        "cancel_colorization": {
            "400",
            "401",
            "403",
            "404",
            "406",
            "408",
            "409",
            "413",
            "415",
            "422",
            "429",
            "500",
            "503",
        },
    }
    for name, statuses in refusals.items():
        assert {each for each in operations[name]["responses"] if each >= "400"} == statuses


def test_what_is_new_may_change(committed: Tree) -> None:
    beta = {
        address.removeprefix("/api/v1/")
        for address, path in committed["paths"].items()
        for operation in path.values()
        if operation["x-stability"] != "stable"
    }
    assert beta == {
        "colorizations/{id}/adjustments/",
        "colorizations/{id}/downloads/",
        "colorizations/{id}/film/",
        "colorizations/{id}/reference/",
        "colorizations/{id}/unadjusted/",
        "downloads/{id}/",
        "downloads/{id}/file/",
        "photos/{id}/hints/colors/",
        "photos/{id}/hints/preview/",
        "photos/{id}/hints/reference/",
        "shared/{token}/",
        "shared/{token}/photos/",
        "shared/{token}/photos/{id}/files/{name}/",
        "shared/{token}/unlock/",
        "shares/",
        "shares/{id}/",
    }


def test_what_is_made_has_an_address(operations: dict[str, Tree]) -> None:
    for name, status in (("create_album", "201"), ("create_photo", "201"), ("colorize", "202")):
        assert "Location" in operations[name]["responses"][status]["headers"]
    for status in ("200", "202"):
        made = operations["create_photo_colorization"]["responses"][status]
        assert "Location" in made["headers"]


def test_refusals_that_pass_say_when(committed: Tree) -> None:
    for name in ("TooManyRequests", "ServiceUnavailable"):
        assert "Retry-After" in committed["components"]["responses"][name]["headers"]


def test_photos_are_sent_as_files(committed: Tree, operations: dict[str, Tree]) -> None:
    content = operations["create_photo"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    sent = committed["components"]["schemas"]["UploadRequest"]
    assert sent["properties"]["image"]["format"] == "binary"
    assert sent["required"] == ["image"]


def ways_to_authenticate(operation: Tree) -> set[str]:
    return {name for way in operation["security"] for name in way}


OPEN_ADDRESSES = ("/api/v1/limits/", "/api/v1/public/", "/api/v1/schema/", "/api/v1/shared/")
OF_WHAT_IS_PUBLISHED = {
    "create_colorization_report",
    "get_colorization_film",
    "get_colorization_preview",
    "get_colorization_thumbnail",
    "get_photo_display",
    "get_photo_thumbnail",
}


def test_every_operation_of_ours_asks_for_a_session(committed: Tree) -> None:
    for address, path in committed["paths"].items():
        for operation in path.values() if address.startswith("/api/") else ():
            is_open = address.startswith(OPEN_ADDRESSES)
            is_open |= operation["operationId"] in OF_WHAT_IS_PUBLISHED
            assert ({} in operation["security"]) == is_open
            if not address.startswith(OPEN_ADDRESSES):
                assert ways_to_authenticate(operation) >= {"sessionToken", "cookieAuth"}


def test_api_keys_only_look_at_the_account(operations: dict[str, Tree]) -> None:
    for name in ("get_me", "create_album"):
        assert "apiKey" in ways_to_authenticate(operations[name])
    for name in ("update_me", "close_account", "list_my_api_keys", "create_my_api_key"):
        assert "apiKey" not in ways_to_authenticate(operations[name])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_as_the_schema_says(name: str, committed: Tree) -> None:
    schema = {**committed, "$ref": f"#/components/schemas/{name}"}
    Draft202012Validator(schema).validate(EXAMPLES[name])
    known = committed["components"]["schemas"][name].get("properties")
    assert known is None or set(EXAMPLES[name]) <= set(known)


def test_the_site_names_itself_as_the_server(schema: Tree, settings: Settings) -> None:
    assert schema["servers"] == [{"url": settings.SITE_URL}]


def test_accounts_are_those_of_this_site(committed: Tree) -> None:
    assert accounts.addresses() - set(accounts.OPERATIONS) == NOT_ON_THIS_SITE
    signup = committed["components"]["schemas"]["AuthBaseSignup"]["properties"]
    assert "email" in signup
    assert not {"phone", "username"} & set(signup)


def test_accounts_need_no_token_to_log_in(operations: dict[str, Tree]) -> None:
    for name in ("log_in", "sign_up", "request_password_reset"):
        assert operations[name]["security"] == []
    assert operations["log_out"]["security"] == [{"sessionToken": []}]


def test_what_all_addresses_take_is_described(operations: dict[str, Tree]) -> None:
    assert {"fields", "If-None-Match"} <= parameters(operations["get_album"])
    assert "If-Match" in parameters(operations["update_album"])
    assert "If-Match" in parameters(operations["delete_album"])
    assert "Idempotency-Key" in parameters(operations["create_album"])
    assert {"fields", "cursor", "page_size"} <= parameters(operations["list_albums"])
    assert not {"cursor", "page_size"} & parameters(operations["get_album"])


WITH_A_SECRET = {"create_my_api_key", "create_webhook", "rotate_secret_webhook"}
OF_WHAT_IS_TRIED = {"create_photo_hint_reference", "get_photo_hint_colors", "preview_photo_hints"}


def test_answers_with_a_secret_or_of_what_is_only_tried_are_kept_for_no_key(
    committed: Tree, operations: dict[str, Tree]
) -> None:
    posts = [
        path["post"]
        for address, path in committed["paths"].items()
        if address.startswith("/api/") and "post" in path
    ]
    without = {
        operation["operationId"]
        for operation in posts
        if "Idempotency-Key" not in parameters(operation)
    }
    assert without == WITH_A_SECRET | OF_WHAT_IS_TRIED
    for name in OF_WHAT_IS_TRIED:
        assert "422" not in operations[name]["responses"]
    for name in WITH_A_SECRET:
        responses = operations[name]["responses"]
        assert not {"409", "422"} & set(responses)
        made = responses["200" if name.startswith("rotate") else "201"]
        assert "Idempotency-Replayed" not in made.get("headers", {})
    for address in ("`me/api-keys/`", "`webhooks/`", "`webhooks/{id}/rotate-secret/`"):
        assert address in DOCUMENTATION.read_text().partition("takes one, also with files")[2][:200]


def parameters(operation: Tree) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", [])}


@pytest.mark.parametrize("code", ProblemCode.values)
def test_every_problem_code_is_documented(code: str) -> None:
    assert f"\n| `{code}` |" in DOCUMENTATION.read_text()


def test_every_address_is_documented(committed: Tree) -> None:
    text = DOCUMENTATION.read_text()
    ours = [address for address in committed["paths"] if address.startswith("/api/v1/")]
    assert [each for each in ours if f"`{each.removeprefix('/api/v1/')}`" not in text] == []


def test_every_value_of_what_programs_go_by_is_documented(committed: Tree) -> None:
    text = DOCUMENTATION.read_text()
    # Tests have kinds of their own.
    ours = [kind for kind in all_kinds() if not kind.name.startswith("test-")]
    kinds = [kind.name for kind in ours if not kind.is_background]
    assert f"# or kind={', '.join(kinds)}\n" in text
    for name in values(committed, "ColorizationErrorCode"):
        assert not name or f"\n| `{name}` |" in text
    told = text.partition("## Notices")[2].partition("##")[0]
    assert all(f"`{kind}`" in told for kind in Notice.Kind.values)
    for part in ("## Jobs", "## Webhooks"):
        told = text.partition(part)[2].partition("\n## ")[0]
        assert all(f"`{subject}`" in told for subject in values(committed, "SubjectTypeEnum"))


def test_headings_are_apart_from_what_is_before() -> None:
    without_code = re.sub(r"```.*?```", "", DOCUMENTATION.read_text(), flags=re.DOTALL)
    assert re.findall(r"[^\n]\n#+ .*", without_code) == []


def test_the_description_is_not_sent_again() -> None:
    client = client_of()
    first = client.get("/api/v1/schema/")
    again = client.get("/api/v1/schema/", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
