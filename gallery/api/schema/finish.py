"""What is put right when all operations are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from gallery.api.schema import accounts, names, refusals
from gallery.api.schema.examples import EXAMPLES
from gallery.api.schema.headers import OF_RATES, OF_REFUSALS, described
from gallery.api.schema.references import nodes, references

BLANK: Final = {"$ref": "#/components/schemas/BlankEnum"}

OPEN_ENUMS: Final = (
    "ColorizationErrorCode",
    "FormatEnum",
    "JobErrorCode",
    "NoticeKindEnum",
    "ProblemCode",
)
"""Sets that may get further values within a version: docs/api.md says so."""


def finish(result: dict[str, Any], request: HttpRequest | None, **kwargs: Any) -> dict[str, Any]:
    """The last of the POSTPROCESSING_HOOKS."""
    put_blank_into_enums(result)
    put_null_into_types(result)
    drop_defaults_that_nobody_may_send(result)
    mark_files(result)
    add_head_of_uploads(result)
    add_accounts(result)
    schemas = result["components"]["schemas"]
    for name in OPEN_ENUMS:
        schemas[name]["x-open-enum"] = True
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    # The file is the same for all sites: its addresses are those of the site that it is read from.
    result["servers"] = [{"url": settings.SITE_URL if request else "/"}]
    tags = {**accounts.TAGS, **{name: text for name, text in names.TAGS.values() if text}}
    result["tags"] = [{"name": name, "description": text} for name, text in tags.items()]
    return result


def put_null_into_types(result: dict[str, Any]) -> None:
    """REST framework describes pages of lists as OpenAPI 3.0 does, with examples of another site."""
    for node in nodes(result):
        if node.get("nullable") is True:
            del node["nullable"]
            node.pop("example", None)
            node["type"] = [node["type"], "null"]


def mark_files(result: dict[str, Any]) -> None:
    """As OpenAPI 3.1 has it, beside the format of before, which generators know."""
    for node in nodes(result):
        if node.get("format") == "binary":
            node["contentMediaType"] = "application/octet-stream"


def add_accounts(result: dict[str, Any]) -> None:
    paths, components = accounts.description()
    result["paths"] = {**paths, **result["paths"]}
    ours = result["components"]
    for kind, named in components.items():
        ours[kind] = dict(sorted({**ours.get(kind, {}), **named}.items()))


def add_head_of_uploads(result: dict[str, Any]) -> None:
    """drf-spectacular describes no HEAD; of all others it is as GET, without a body."""
    path = result["paths"]["/api/v1/uploads/{id}/"]
    get = path["get"]
    names_of_headers = ("Tus-Resumable", "Upload-Expires", "Upload-Length", "Upload-Metadata")
    shown = {name: described(name) for name in (*names_of_headers, "Upload-Offset", *OF_RATES)}
    path["head"] = {
        **{name: each for name, each in get.items() if name != "parameters"},
        "operationId": "get_upload_offset",
        "description": "How much of it has come: to go on from there.",
        "parameters": [each for each in get["parameters"] if each["in"] == "path"],
        "responses": {
            "200": {"description": "OK", "headers": shown},
            **{status: _refusal(int(status)) for status in get["responses"] if status >= "400"},
        },
    }


def _refusal(status: int) -> dict[str, Any]:
    """Without a body."""
    shown = {name: described(name) for name in OF_REFUSALS.get(status, ())}
    return {"description": refusals.TEXTS[status], **({"headers": shown} if shown else {})}


def drop_defaults_that_nobody_may_send(result: dict[str, Any]) -> None:
    for node in nodes(result):
        if "enum" in node and "default" in node and node["default"] not in node["enum"]:
            del node["default"]


def put_blank_into_enums(result: dict[str, Any]) -> None:
    """One closed set with the empty string in it, instead of a choice between two sets."""
    schemas = result["components"]["schemas"]
    uses = Counter(references(result))
    fields = defaultdict(list)
    for node in nodes(result):
        if BLANK in node.get("oneOf", ()):
            fields[node["oneOf"][0]["$ref"]].append(node)
    for reference, with_blank in fields.items():
        name = reference.rpartition("/")[2]
        is_shared = uses[reference] > len(with_blank)
        wider = f"{name}OrBlank" if is_shared else name
        schemas[wider] = {**schemas[name], "enum": [*schemas[name]["enum"], ""]}
        for node in with_blank:
            _refer(node, f"#/components/schemas/{wider}")
    schemas.pop("BlankEnum", None)


def _refer(field: dict[str, Any], reference: str) -> None:
    """To one set; null stays possible where it was."""
    others = [each for each in field.pop("oneOf")[1:] if each != BLANK]
    if others:
        field["oneOf"] = [{"$ref": reference}, *others]
    else:
        field["$ref"] = reference
