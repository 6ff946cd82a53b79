"""What a newer OpenAPI description takes away from clients of an older one.

Requests may only be allowed more, responses may only tell more. What is `x-stability: beta` may change as it likes,
what is deprecated may go, and sets with `x-open-enum` may get further values in responses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

Tree = dict[str, Any]
Direction = Literal["request", "response"]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
MOST = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")
LEAST = ("minLength", "minItems", "minimum", "exclusiveMinimum")


def breaking_changes(old: Tree, new: Tree) -> list[str]:
    return list(_Comparison(old, new).operations())


class _Comparison:
    def __init__(self, old: Tree, new: Tree) -> None:
        self.old, self.new = old, new
        self.compared: set[tuple[int, int, Direction]] = set()

    def operations(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method in METHODS:
                if method not in item or item[method].get("x-stability") == "beta":
                    continue
                where = f"{method.upper()} {path}"
                newer = self.new["paths"].get(path, {}).get(method)
                if newer:
                    yield from self.operation(where, item[method], newer)
                elif not item[method].get("deprecated"):
                    yield f"{where}: the operation is gone"

    def operation(self, where: str, old: Tree, new: Tree) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where}: the operationId was {old['operationId']}"
        for way in old.get("security", []):
            if way not in new.get("security", []):
                yield f"{where}: no longer with {'+'.join(way) or 'no login'}"
        yield from self.parameters(where, old.get("parameters", []), new.get("parameters", []))
        yield from self.body(where, old.get("requestBody", {}), new.get("requestBody", {}))
        yield from self.responses(where, old["responses"], new["responses"])

    def parameters(self, where: str, old: list[Tree], new: list[Tree]) -> Iterator[str]:
        before = {(p["in"], p["name"]): p for p in (resolved(self.old, p) for p in old)}
        after = {(p["in"], p["name"]): p for p in (resolved(self.new, p) for p in new)}
        for key in sorted(before.keys() - after.keys()):
            yield f"{where}: the parameter {key[1]} is gone"
        for key, parameter in after.items():
            older = before.get(key, {})
            if parameter.get("required") and not older.get("required"):
                yield f"{where}: the parameter {key[1]} is required now"
            if older:
                name = f"{where} {key[1]}"
                yield from self.schema(name, older["schema"], parameter["schema"], "request")

    def body(self, where: str, old: Tree, new: Tree) -> Iterator[str]:
        old, new = resolved(self.old, old), resolved(self.new, new)
        if new.get("required") and not old.get("required"):
            yield f"{where}: the body is required now"
        yield from self.content(f"{where} body", old, new, "request")

    def responses(self, where: str, old: Tree, new: Tree) -> Iterator[str]:
        for status, older in old.items():
            name = f"{where} {status}"
            if status in new:
                yield from self.response(
                    name, resolved(self.old, older), resolved(self.new, new[status])
                )
            elif status < "400":
                yield f"{name}: the response is gone"

    def response(self, where: str, old: Tree, new: Tree) -> Iterator[str]:
        for header in sorted(old.get("headers", {}).keys() - new.get("headers", {}).keys()):
            yield f"{where}: the header {header} is gone"
        yield from self.content(where, old, new, "response")

    def content(self, where: str, old: Tree, new: Tree, direction: Direction) -> Iterator[str]:
        after = new.get("content", {})
        for media_type, older in old.get("content", {}).items():
            if newer := after.get(media_type):
                yield from self.schema(where, older["schema"], newer["schema"], direction)
            else:
                yield f"{where}: the content type {media_type} is gone"

    def schema(self, where: str, old: Tree, new: Tree, direction: Direction) -> Iterator[str]:
        key = (id(resolved(self.old, old)), id(resolved(self.new, new)), direction)
        if key in self.compared:
            return
        self.compared.add(key)
        olds, news = alternatives(self.old, old), alternatives(self.new, new)
        if len(olds) == len(news) == 1:
            yield from self.one(where, olds[0], news[0], direction)
            return
        if direction == "request":
            combinations = [[(older, newer) for newer in news] for older in olds]
        else:
            combinations = [[(older, newer) for older in olds] for newer in news]
        for choices in combinations:
            if not any(self.fits(older, newer, direction) for older, newer in choices):
                yield f"{where}: it was one of other things"

    def fits(self, old: Tree, new: Tree, direction: Direction) -> bool:
        trial = _Comparison(self.old, self.new)
        trial.compared = set(self.compared)  # what refers to itself has no end
        return not any(trial.schema("", old, new, direction))

    def one(self, where: str, old: Tree, new: Tree, direction: Direction) -> Iterator[str]:
        old, new = _whole(self.old, old), _whole(self.new, new)
        wider, narrower = (new, old) if direction == "request" else (old, new)
        if not types(narrower) <= types(wider):
            yield f"{where}: the type was {old.get('type', 'anything')}"
            return
        yield from _enums(where, wider, narrower, direction)
        for name in ("format", "pattern"):
            if name in wider and wider[name] != narrower.get(name):
                yield f"{where}: the {name} was {old.get(name, 'any')}"
        if direction == "request":
            yield from _limits(where, old, new)
        yield from self.properties(where, old, new, direction)
        if "items" in old and "items" in new:
            yield from self.schema(f"{where}[]", old["items"], new["items"], direction)

    def properties(self, where: str, old: Tree, new: Tree, direction: Direction) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before:
            if name in after:
                yield from self.schema(f"{where}.{name}", before[name], after[name], direction)
            else:
                yield f"{where}: {name} is gone"
        required, required_now = set(old.get("required", [])), set(new.get("required", []))
        if direction == "request":
            for name in sorted(required_now - required):
                yield f"{where}: {name} is required now"
        else:
            for name in sorted((required - required_now) & after.keys()):
                yield f"{where}: {name} may be missing now"


def _enums(where: str, wider: Tree, narrower: Tree, direction: Direction) -> Iterator[str]:
    if "enum" not in wider or (direction == "response" and narrower.get("x-open-enum")):
        return
    if "enum" not in narrower:
        yield (
            f"{where}: its values were a closed set"
            if direction == "response"
            else (f"{where}: any value was allowed")
        )
        return
    for value in narrower["enum"]:
        if value not in wider["enum"]:
            change = "is not allowed anymore" if direction == "request" else "is new"
            yield f"{where}: the value {value!r} {change}"


def _limits(where: str, old: Tree, new: Tree) -> Iterator[str]:
    for name in MOST:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{where}: {name} was {old.get(name, 'none')}"
    for name in LEAST:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"{where}: {name} was {old.get(name, 'none')}"


def types(schema: Tree) -> set[str]:
    found = schema.get("type", ["object", "array", "string", "number", "boolean", "null"])
    named = {found} if isinstance(found, str) else set(found)
    return named | {"integer"} if "number" in named else named


def alternatives(document: Tree, schema: Tree) -> list[Tree]:
    schema = resolved(document, schema)
    for name in ("oneOf", "anyOf"):
        if name in schema:
            return [each for choice in schema[name] for each in alternatives(document, choice)]
    return [schema]


def _whole(document: Tree, schema: Tree) -> Tree:
    """With all that it is made of."""
    whole = {name: value for name, value in schema.items() if name != "allOf"}
    for part in schema.get("allOf", []):
        found = _whole(document, resolved(document, part))
        properties = {**whole.get("properties", {}), **found.get("properties", {})}
        required = [*whole.get("required", []), *found.get("required", [])]
        whole = {**found, **whole, "properties": properties, "required": required}
    return whole


def resolved(document: Tree, node: Tree) -> Tree:
    while "$ref" in node:
        found: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node
