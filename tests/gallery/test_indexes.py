"""Pages read by index, however much there is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from colorizer.models import Colorization
from gallery import queries, timeline
from gallery.models import Photo
from gallery.search import ORDERINGS, PhotoOrder, PhotoState, Wanted
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


def plan_of(rows: QuerySet[Any, Any]) -> str:
    if connection.vendor != "sqlite":
        pytest.skip("Plans of PostgreSQL depend on how full the tables are")
    return rows.explain()


def scanned(plan: str) -> list[str]:
    """Tables that are read from one end to the other, without an index."""
    steps = [line.split(maxsplit=3)[3] for line in plan.splitlines()]
    return [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]


def test_versions_of_a_photo_are_found_by_index() -> None:
    photo = make_photo()
    assert scanned(plan_of(queries.photo_colorizations(photo, photo.album.owner))) == []


def test_photos_of_an_album_are_found_by_index() -> None:
    album = make_album()
    assert scanned(plan_of(Photo.objects.filter(album=album))) == []


def test_albums_of_an_owner_and_their_covers_are_found_by_index() -> None:
    assert scanned(plan_of(queries.own_albums(make_user()))) == []


def test_published_albums_and_their_covers_are_found_by_index() -> None:
    assert scanned(plan_of(queries.public_albums())) == []


@pytest.mark.parametrize("order", PhotoOrder)
def test_a_library_is_sorted_without_a_look_at_its_rows(order: str) -> None:
    photos = Wanted(place="Lyon", is_favorite=True, taken_from=date(1900, 1, 1)).of(make_user())
    keys = photos.order_by(*ORDERINGS[order]).values_list("pk", flat=True)
    assert "COVERING INDEX photo_library" in plan_of(keys)


def test_a_timeline_is_sorted_without_a_look_at_its_rows() -> None:
    photos = timeline.dated(make_user())
    assert "COVERING INDEX photo_library" in plan_of(
        photos.order_by(*timeline.ORDERING).values_list("pk", flat=True)
    )


def test_what_became_of_photos_is_found_by_index() -> None:
    for state in PhotoState:
        assert scanned(plan_of(Wanted(state=state).of(make_user()))) == []


def test_the_same_bytes_are_found_by_index() -> None:
    same = Colorization.objects.succeeded().filter(source__sha256="0" * 64, variant="stable")
    assert scanned(plan_of(same)) == []
