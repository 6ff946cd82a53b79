"""What an entry of the tables is, and how its address is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.colorsite.authorization.routes import Route
from tests.colorsite.query_counts.library import Library

Parameters = Mapping[str, str | Sequence[str]]


class Entry(NamedTuple):
    """
    Attributes:
        lists: the kinds of rows of the library that are shown or counted.
        about: another thing of the library than the one that the route is named after.
        query: parameters of the address.
        data: sent by POST, for pages that ask about what was selected.
        is_full: a few rows are as many as it shows.
        queries: how many it takes, where that is a promise of its own.
    """

    route: str
    lists: str
    visitor: str = "owner"
    about: str = ""
    query: Callable[[Library], Parameters] = lambda _: {}
    data: Callable[[Library], Parameters] | None = None
    is_full: bool = False
    queries: int | None = None


class Answer(NamedTuple):
    queries: int
    length: int


def address_of(entry: Entry, route: Route, library: Library) -> str:
    """A route named album-*, photo-*, ... is about that thing of the library, one under a link about its photo."""
    converters = route.pattern.pattern.converters
    if "token" in converters:
        known = {"token": library.one("share").token, "pk": library.photo.pk}
        return reverse(entry.route, kwargs={name: known[name] for name in converters})
    if not converters:
        return reverse(entry.route)
    thing = entry.about or entry.route.rpartition(":")[2].partition("-")[0]
    return reverse(entry.route, args=[library.one(thing.removeprefix("moderated_")).pk])


def client_for(visitor: str, library: Library) -> Client:
    client = Client()
    if visitor:
        client.cookies = SimpleCookie(library.cookies[visitor])
    return client


def ask(entry: Entry, route: Route, library: Library) -> Answer:
    """Nothing of it stays, so that the next finds what this one has found."""
    client = client_for(entry.visitor, library)
    address = address_of(entry, route, library)
    cache.clear()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        response: Any = (
            client.post(address, entry.data(library))
            if entry.data
            else client.get(address, entry.query(library))
        )
        transaction.set_rollback(True)
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return Answer(len(asked), len(response.content))
