"""Every response that a test gets is as the committed description says: status, headers, media type and body."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from fnmatch import fnmatch
from functools import cache
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import yaml
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
    "Set-Cookie",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
}

# What allauth says is open, and what it says of errors is added to problems.
OPEN: Final = ("Auth", "FieldError", "Problem")


class Sent(NamedTuple):
    """
    Attributes:
        content: None of what is streamed.
    """

    method: str
    path: str
    query: str
    status: int
    headers: Mapping[str, str]
    content: bytes | None


class ConformingClient(APIClient):
    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        sent = Sent(
            request["REQUEST_METHOD"],
            request["PATH_INFO"],
            request.get("QUERY_STRING", ""),
            response.status_code,
            response.headers,
            None if response.streaming else response.content,
        )
        check(sent)
        return response


def check(sent: Sent) -> None:
    """
    Raises:
        AssertionError, ValidationError: it is not as the description says; what that does not have is not looked at.
    """
    operation = _operation(sent.path, sent.method.lower())
    if operation is None:
        return
    where = f"{operation['operationId']} {sent.status}"
    described = operation["responses"].get(str(sent.status))
    assert described, f"{where}: the description does not have this status"
    if "$ref" in described:
        described = component(_description()["components"], described["$ref"])
    known = GENERAL | set(described.get("headers", {}))
    if sent.status >= HTTPStatus.BAD_REQUEST:
        known |= ANYWHERE
    assert set(sent.headers) <= known, f"{where}: {set(sent.headers) - known} not described"
    # Neither some of the fields were asked for nor is it compressed.
    is_whole = "fields=" not in sent.query and "Content-Encoding" not in sent.headers
    if is_whole and sent.content:
        _check_body(where, sent, described)


def _check_body(where: str, sent: Sent, described: Tree) -> None:
    media_type = sent.headers["Content-Type"].partition(";")[0]
    content = described.get("content", {})
    found = [name for name in content if fnmatch(media_type, name)]
    assert found, f"{where}: {media_type} is not described"
    if not media_type.endswith("json"):
        return
    body = json.loads(sent.content or b"")
    _validator(_key(content[found[0]]["schema"])).validate(body)
    if codes := described.get("x-error-codes"):
        found = [error["code"] for error in body.get("errors", ())]
        assert set(found) <= {*codes, *_problem_codes()}, f"{where}: {found}"


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
