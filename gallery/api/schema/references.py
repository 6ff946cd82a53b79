"""Walking through descriptions, and the references in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in it."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


def references(tree: Any) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(reference := node.get("$ref"), str):
            yield reference


def used_components(paths: Any, components: dict[str, Any]) -> dict[str, Any]:
    """Those of them that the paths refer to, also by others."""
    known = {f"#/components/{kind}/{name}" for kind, named in components.items() for name in named}
    used: set[str] = set()
    found = set(references(paths)) & known
    while new := found - used:
        used |= new
        of_new = {each for name in new for each in references(component(components, name))}
        found = of_new & known
    return {
        kind: kept
        for kind, named in components.items()
        if (kept := {n: c for n, c in named.items() if f"#/components/{kind}/{n}" in used})
    }


def component(components: dict[str, Any], reference: str) -> dict[str, Any]:
    _root, _components, kind, name = reference.split("/")
    found: dict[str, Any] = components[kind][name]
    return found
