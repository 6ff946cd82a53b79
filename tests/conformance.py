"""Every response that a test gets is as the committed description says: status, headers, media type and body."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from fnmatch import fnmatch
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import yaml
from django.http.response import HttpResponseBase
from jsonschema_rs import Draft202012Validator
from rest_framework.test import APIClient

from gallery.api.schema.references import component, nodes
from tests import ROOT

Tree = dict[str, Any]

# Of refusals, which are described once.
ANYWHERE: Final = {"RateLimit", "RateLimit-Policy", "Tus-Resumable", "WWW-Authenticate"}
# Of every response: HTTP's own, and what is for browsers.
GENERAL: Final = {
    "Allow",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Expires",
    "Vary",
    "X-Request-ID",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}

# What allauth says is open, and what it says of errors is added to problems.
OPEN: Final = ("Auth", "FieldError", "Problem")


class ConformingClient(APIClient):
    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        operation = _operation(request["PATH_INFO"], request["REQUEST_METHOD"].lower())
        if operation is not None:
            is_partial = "fields=" in request.get("QUERY_STRING", "")
            check(
                response, operation, is_whole=not is_partial and "Content-Encoding" not in response
            )
        return response


def check(response: HttpResponseBase, operation: Tree, *, is_whole: bool) -> None:
    """
    Args:
        is_whole: neither some of the fields were asked for nor is it compressed.
    """
    where = f"{operation['operationId']} {response.status_code}"
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{where}: the description does not have this status"
    if "$ref" in described:
        described = component(_description()["components"], described["$ref"])
    known = GENERAL | set(described.get("headers", {}))
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        known |= ANYWHERE
    assert set(response.headers) <= known, f"{where}: {set(response.headers) - known} not described"
    if codes := described.get("x-error-codes"):
        errors = response.json().get("errors", ())  # type: ignore[attr-defined]
        assert {error["code"] for error in errors} <= {*codes, *_problem_codes()}, where
    if is_whole and not response.streaming and response.content:  # type: ignore[attr-defined]
        _check_body(where, response, described.get("content", {}))


def _check_body(where: str, response: Any, content: Tree) -> None:
    media_type = response["Content-Type"].partition(";")[0]
    found = [name for name in content if fnmatch(media_type, name)]
    assert found, f"{where}: {media_type} is not described"
    if media_type.endswith("json"):
        _validator(_key(content[found[0]]["schema"])).validate(response.json())


def _key(schema: Tree) -> str:
    return json.dumps(schema)


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {**json.loads(schema), "components": _description()["components"]}
    return Draft202012Validator(whole, validate_formats=True)


@cache
def _description() -> Tree:
    """With objects that have what is described, and nothing else."""
    text = (ROOT / "docs" / "openapi.yaml").read_text()
    found: Tree = yaml.load(text, yaml.CSafeLoader)
    found = deepcopy(found)
    for name, schema in found["components"]["schemas"].items():
        is_open = name.startswith(OPEN)
        for node in () if is_open else nodes(schema):
            if "properties" in node:
                node["additionalProperties"] = False
    return found


def _problem_codes() -> list[str]:
    """What is refused before allauth sees it."""
    codes: list[str] = _description()["components"]["schemas"]["ProblemCode"]["enum"]
    return codes


@cache
def _patterns() -> list[tuple[re.Pattern[str], Tree]]:
    """Those without a key come first: photos/move/ is no photo."""
    paths = sorted(_description()["paths"].items(), key=lambda each: "{" in each[0])
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in paths]


def _operation(path: str, method: str) -> Tree | None:
    for pattern, item in _patterns():
        if pattern.fullmatch(path):
            found: Tree | None = item.get(method)
            return found
    return None
