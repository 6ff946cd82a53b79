"""Every route that protects something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from tests.colorsite.authorization.rows import Row

# Not ours, or without anything to protect.
EXCLUDED = (
    "account_",
    "mfa_",
    "usersessions_",
    "interrupted",  # what is kept is in the session of one browser
    "admin:",
    "headless:",
    "accounts_api:",
    "api:docs",
    "api:schema",
    "api:unknown",
    "javascript-catalog",
    "set_language",
    "manifest",
    "service-worker",
    "offline",
    "healthz",
    "readyz",
    "metrics",
)


class Route(NamedTuple):
    name: str
    pattern: URLPattern

    @property
    def takes_an_object(self) -> bool:
        return bool(self.pattern.pattern.converters)

    @property
    def api_methods(self) -> set[str]:
        """The methods of a view of the API, apart from HEAD and OPTIONS."""
        view = self.pattern.callback.cls  # type: ignore[attr-defined]
        return {
            method.upper()
            for method in view.http_method_names
            if method in {"get", "post", "put", "patch", "delete"} and hasattr(view, method)
        }


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        else:
            yield Route(f"{namespace}{entry.name}", entry)


ROUTES = {
    route.name: route for route in routes(get_resolver()) if not route.name.startswith(EXCLUDED)
}


def kind_of(row: Row) -> str:
    return row.route.partition(":")[2].partition("-")[0]


def is_under_the_link(row: Row) -> bool:
    return "token" in ROUTES[row.route].pattern.pattern.converters
