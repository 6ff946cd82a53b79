"""The comparer itself, by one example of each kind, on the description that was released."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.gallery.api.breaking_changes import breaking_changes

Tree = dict[str, Any]

OLD: Tree = {
    "paths": {
        "/things/": {
            "post": {
                "operationId": "create_thing",
                "security": [{"token": []}],
                "parameters": [
                    {"in": "query", "name": "page", "schema": {"type": "integer"}},
                    {"in": "query", "name": "kind", "schema": {"enum": ["a", "b"]}},
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/schemas/Request"}}}
                },
                "responses": {
                    "201": {
                        "headers": {"Location": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/schemas/Thing"}}},
                    },
                    "404": {},
                },
            }
        },
        "/old/": {"get": {"operationId": "old", "deprecated": True, "responses": {}}},
        "/new/": {"get": {"operationId": "new", "x-stability": "beta", "responses": {}}},
    },
    "schemas": {
        "Request": {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 9}, "size": {"type": "number"}},
        },
        "Thing": {
            "type": "object",
            "required": ["id", "state"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "state": {"$ref": "#/schemas/State"},
                "parent": {"oneOf": [{"$ref": "#/schemas/Thing"}, {"type": "null"}]},
                "parts": {"type": "array", "items": {"type": "string"}},
            },
        },
        "State": {"type": "string", "enum": ["open", "done"]},
    },
}


def operation(new: Tree) -> Tree:
    found: Tree = new["paths"]["/things/"]["post"]
    return found


def request(new: Tree) -> Tree:
    found: Tree = new["schemas"]["Request"]
    return found


def thing(new: Tree) -> Tree:
    found: Tree = new["schemas"]["Thing"]
    return found


def changes(change: Callable[[Tree], object]) -> list[str]:
    new = deepcopy(OLD)
    change(new)
    return breaking_changes(OLD, new)


BREAKS: dict[str, Callable[[Tree], object]] = {
    "the operation is gone": lambda new: new["paths"].pop("/things/"),
    "the operationId was create_thing": lambda new: operation(new).update(operationId="make"),
    "no longer with token": lambda new: operation(new).update(security=[{"key": []}]),
    "the parameter page is gone": lambda new: operation(new)["parameters"].pop(0),
    "the parameter page is required now": lambda new: operation(new)["parameters"][0].update(
        required=True
    ),
    "the parameter more is required now": lambda new: operation(new)["parameters"].append(
        {"in": "query", "name": "more", "required": True, "schema": {}}
    ),
    "the value 'b' is not allowed anymore": lambda new: operation(new)["parameters"][1].update(
        schema={"enum": ["a"]}
    ),
    "page: any value was allowed": lambda new: operation(new)["parameters"][0]["schema"].update(
        enum=[1]
    ),
    "the body is required now": lambda new: operation(new)["requestBody"].update(required=True),
    "body: the content type application/json is gone": lambda new: operation(new)[
        "requestBody"
    ].update(content={"text/plain": {}}),
    "body: name is required now": lambda new: request(new).update(required=["name"]),
    "body: name is gone": lambda new: request(new)["properties"].pop("name"),
    "body.name: maxLength was 9": lambda new: request(new)["properties"]["name"].update(
        maxLength=8
    ),
    "body.name: minLength was none": lambda new: request(new)["properties"]["name"].update(
        minLength=1
    ),
    "body.size: the type was number": lambda new: request(new)["properties"]["size"].update(
        type="integer"
    ),
    "body.name: the format was any": lambda new: request(new)["properties"]["name"].update(
        format="uuid"
    ),
    "201: the response is gone": lambda new: operation(new)["responses"].pop("201"),
    "the header Location is gone": lambda new: operation(new)["responses"]["201"].pop("headers"),
    "201: the content type application/json is gone": lambda new: operation(new)["responses"][
        "201"
    ].pop("content"),
    "201: state is gone": lambda new: thing(new)["properties"].pop("state"),
    "201: state may be missing now": lambda new: thing(new).update(required=["id"]),
    "201.id: the type was string": lambda new: thing(new)["properties"]["id"].update(
        type="integer"
    ),
    "201.id: the format was uuid": lambda new: thing(new)["properties"]["id"].pop("format"),
    "the value 'lost' is new": lambda new: new["schemas"]["State"]["enum"].append("lost"),
    "its values were a closed set": lambda new: new["schemas"]["State"].pop("enum"),
    "201.parts[]: the type was string": lambda new: thing(new)["properties"]["parts"][
        "items"
    ].update(type=["string", "null"]),
    "201.parent: it was one of other things": lambda new: thing(new)["properties"]["parent"][
        "oneOf"
    ].append({"type": "string"}),
}

FINE: dict[str, Callable[[Tree], object]] = {
    "nothing": dict,
    "what is deprecated goes": lambda new: new["paths"].pop("/old/"),
    "what is beta goes": lambda new: new["paths"].pop("/new/"),
    "an operation more": lambda new: new["paths"].update({"/more/": {"get": {}}}),
    "an optional parameter more": lambda new: operation(new)["parameters"].append(
        {"in": "query", "name": "more", "schema": {}}
    ),
    "an error status less": lambda new: operation(new)["responses"].pop("404"),
    "an optional property of a request more": lambda new: request(new)["properties"].update(
        more={"type": "string"}
    ),
    "a property of a response more": lambda new: thing(new)["properties"].update(
        more={"type": "string"}
    ),
    "a value of a request more": lambda new: operation(new)["parameters"][1].update(
        schema={"enum": ["a", "b", "c"]}
    ),
    "a value of an open set more": lambda new: new["schemas"]["State"].update(
        {"enum": ["open", "done", "lost"], "x-open-enum": True}
    ),
    "a wider type of a request": lambda new: request(new)["properties"]["name"].update(
        type=["string", "null"]
    ),
    "a longer text in a request": lambda new: request(new)["properties"]["name"].update(
        maxLength=10
    ),
    "an alternative of a response less": lambda new: thing(new)["properties"]["parent"][
        "oneOf"
    ].pop(),
    "another way to log in": lambda new: operation(new)["security"].append({"key": []}),
}


@pytest.mark.parametrize("message", BREAKS)
def test_this_breaks(message: str) -> None:
    (found,) = changes(BREAKS[message])
    assert message in found


@pytest.mark.parametrize("name", FINE)
def test_this_does_not(name: str) -> None:
    assert changes(FINE[name]) == []
