"""Every address that the URLconf knows, as a pattern to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

CONVERTER: Final = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> list[str]:
    """Such as "/albums/%(pk)s/"."""
    return sorted(set(_routes(get_resolver(), "/")))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        for part in _templates(entry):
            if isinstance(entry, URLResolver):
                yield from _routes(entry, prefix + part)
            else:
                yield prefix + part


def _templates(entry: URLPattern | URLResolver) -> list[str]:
    route = str(entry.pattern)
    if isinstance(entry.pattern, RoutePattern):
        return [CONVERTER.sub(r"%(\1)s", route)]
    return [template for template, _ in normalize(route)]
