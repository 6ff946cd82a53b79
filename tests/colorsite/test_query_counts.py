"""Each page and each list takes as many queries for 1,000 rows as for 10."""

from __future__ import annotations

import inspect
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver

from tests.colorsite.authorization.routes import ROUTES, Route, routes
from tests.colorsite.query_counts import account_rows  # noqa: F401  (registers its rows)
from tests.colorsite.query_counts.api import API, NO_LISTS
from tests.colorsite.query_counts.library import KINDS, Library
from tests.colorsite.query_counts.pages import NO_PAGES, PAGES
from tests.colorsite.query_counts.staff import NO_STAFF_LISTS, RECORDS, REGISTERED, STAFF
from tests.colorsite.query_counts.visits import Answer, Entry, ask

ENTRIES = [*PAGES, *API, *STAFF]
EXCLUDED = [
    name
    for reasons in (NO_PAGES, NO_LISTS, NO_STAFF_LISTS)
    for names in reasons.values()
    for name in names.split()
]
ALL_ROUTES = {route.name: route for route in routes(get_resolver())}


class Grown:
    """A library, and what was answered when it was small."""

    def __init__(self) -> None:
        ContentType.objects.get_for_models(*apps.get_models())  # which a process asks for once
        self.library = Library()
        self.library.make_few()
        self.before = [self.ask(entry) for entry in ENTRIES]
        self.library.make_many()

    def ask(self, entry: Entry) -> Answer:
        return ask(entry, ALL_ROUTES[entry.route], self.library)


@pytest.fixture(scope="module")
def grown(standing_db: None) -> Grown:
    return Grown()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "entry"), [pytest.param(*each, id=each[1].route) for each in enumerate(ENTRIES)]
)
def test_1000_rows_take_as_many_queries_as_10(grown: Grown, place: int, entry: Entry) -> None:
    few, many = grown.before[place], grown.ask(entry)
    assert many.queries == few.queries
    assert entry.queries in (None, many.queries)
    if not entry.is_full:
        assert many.length > few.length, "The rows are not shown"


def is_read(route: Route) -> bool:
    """Whether it answers to GET."""
    view: Any = route.pattern.callback
    if hasattr(view, "cls"):
        return "GET" in route.api_methods
    while view:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def test_every_route_that_is_read_has_an_entry_or_a_reason() -> None:
    asked = {entry.route for entry in ENTRIES}
    read = {name for name, route in ROUTES.items() if is_read(route)}
    assert read - asked == set(EXCLUDED)
    assert [name for name, times in Counter(EXCLUDED).items() if times > 1] == []


def test_every_list_of_the_staff_pages_has_an_entry() -> None:
    assert set(RECORDS) == REGISTERED


def test_all_kinds_of_rows_are_listed_somewhere() -> None:
    assert {kind for entry in ENTRIES for kind in entry.lists.split()} == set(KINDS)
