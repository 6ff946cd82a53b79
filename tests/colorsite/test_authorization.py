"""Who may do what: one table of every route, for every kind of visitor.

Each row has the status codes of a route for owner, stranger, anonymous and staff, first when the album is
private, then when it is published. An object that is not there for somebody is 404, never 403.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from colorizer.models import Colorization
from gallery.bulk import ACTIONS
from gallery.models import Photo
from gallery.services import publish
from moderation.services import hide
from tests.colorsite.authorization.api_rows import API_ROWS, bulk
from tests.colorsite.authorization.page_rows import PAGE_ROWS
from tests.colorsite.authorization.routes import ROUTES, is_under_the_link, kind_of
from tests.colorsite.authorization.rows import LOGIN, NOBODY, Row
from tests.colorsite.authorization.world import World, make_world
from tests.factories import (
    make_album,
    make_user,
)

ROWS = API_ROWS + PAGE_ROWS


@pytest.fixture(scope="module")
def made(standing_db: None, standing_media: Path) -> World:
    with override_settings(MEDIA_ROOT=standing_media, FILE_UPLOAD_TEMP_DIR=standing_media):
        return make_world()


@pytest.fixture(scope="module")
def in_state(made: World, standing_media: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """What happened before, once for all tests that are about it: pytest runs them one after the other."""
    world = deepcopy(made)
    with override_settings(MEDIA_ROOT=standing_media), transaction.atomic():
        STATES[request.param](world)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(in_state: World, db: None) -> World:
    """Records that a test changes are for the next as they were."""
    return in_state


def _leave(world: World) -> None:
    """An album is private when it is made."""


def _publish(world: World) -> None:
    publish(world.album)


def _hide(world: World) -> None:
    publish(world.album)
    hide(world.album, make_user(), "Under review")


def _delete(kind: str, world: World) -> None:
    publish(world.album)
    world.delete(kind)


# What is deleted, and the objects that are in the trash then.
TRASHED = {
    "colorization": {"colorization", "download"},
    "photo": {"photo", "colorization", "download"},
    "album": {"album", "photo", "colorization", "archive", "download", "share", "shared"},
}
# The owner's alone. A version that is there with its photo comes back with it.
IN_TRASH = {
    "api:album-in-trash": (204, {"album"}),
    "api:photo-in-trash": (204, {"photo", "album"}),
    "api:colorization-in-trash": (204, {"colorization"}),
    "api:photo-in-trash-thumbnail": (200, {"photo", "album"}),
    "api:colorization-in-trash-thumbnail": (200, {"colorization"}),
    "gallery:album-in-trash": (200, {"album"}),
    "gallery:photo-in-trash-thumbnail": (200, {"photo", "album"}),
    "gallery:colorization-in-trash-thumbnail": (200, {"colorization"}),
}


STATES: dict[str, Callable[[World], None]] = {
    "private": _leave,
    "published": _publish,
    "hidden": _hide,
    **{f"{kind} in trash": partial(_delete, kind) for kind in TRASHED},
}


def when(state: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "in_state", [pytest.param(state, id=pytest.HIDDEN_PARAM)], indirect=True
    )


def of_each(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "row", [pytest.param(row, id=f"{row.method}-{row.route}") for row in rows]
    )


every_row = of_each(ROWS)


@when("private")
@every_row
def test_a_private_album(world: World, row: Row) -> None:
    assert world.statuses_for(row) == row.private


@when("published")
@every_row
def test_a_published_album(world: World, row: Row) -> None:
    assert world.statuses_for(row) == row.published


@when("hidden")
@every_row
def test_a_hidden_album_is_as_private(world: World, row: Row) -> None:
    assert world.statuses_for(row) == (NOBODY if is_under_the_link(row) else row.private)


def rows_about(deleted: str) -> pytest.MarkDecorator:
    """Of the objects that are in the trash with it."""
    kinds = TRASHED[deleted]
    found = [
        row
        for row in ROWS
        if (ROUTES[row.route].takes_an_object and kind_of(row) in kinds)
        or (kind_of(row) == "selection" and row.method == "POST" and "photo" in kinds)
    ]
    return of_each(found)


def is_not_there(deleted: str) -> Callable[[World, Row], None]:
    """A test of its own for each kind: pytest makes a state anew for each row of a table that names states, too."""

    def test(world: World, row: Row) -> None:
        nobody = tuple(code if code in (LOGIN, 401) else 404 for code in row.published)
        status, kinds = IN_TRASH.get(row.route, (404, set()))
        owner = status if deleted in kinds else 404
        assert world.statuses_for(row) == (owner, *nobody[1:])

    marked: Callable[[World, Row], None] = when(f"{deleted} in trash")(rows_about(deleted)(test))
    return marked


test_a_version_in_the_trash_is_not_there = is_not_there("colorization")
test_a_photo_in_the_trash_is_not_there = is_not_there("photo")
test_an_album_in_the_trash_is_not_there = is_not_there("album")


@pytest.mark.parametrize("in_state", ["private", "published"], indirect=True)
@pytest.mark.parametrize("visitor", ["stranger", "staff"])
@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_with_photos_of_others(world: World, action: str, visitor: str) -> None:
    user = world.visitors[visitor]
    assert isinstance(user, User)
    client = Client()
    client.force_login(user)
    order = bulk(action)() | {"album": make_album(user).pk}
    before = list(Photo.objects.values())
    response = client.post(reverse("api:photos-bulk"), order, "application/json")
    assert [outcome["status"] for outcome in response.json()] == ["not_found"]
    assert list(Photo.objects.values()) == before
    assert [tag.name for tag in world.photo.tags.all()] == ["sea"]
    assert list(Colorization.objects.all()) == [world.colorization]


def test_every_route_has_its_rows() -> None:
    assert {row.route for row in ROWS} == set(ROUTES)


@pytest.mark.parametrize("route", [name for name in ROUTES if name.startswith("api:")])
def test_every_method_of_the_api_has_its_row(route: str) -> None:
    assert {row.method for row in ROWS if row.route == route} == ROUTES[route].api_methods
