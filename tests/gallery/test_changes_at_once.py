"""Who writes at the same time does not wait for the counting, and hides nobody's change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, LibraryChange
from tests.factories import make_album
from tests.gallery.test_changes import number, state
from tests.gallery.test_upload_races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@contextmanager
def another_connection() -> Iterator[Any]:
    """What it writes is in a transaction of its own."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'; BEGIN")
            yield cursor
    finally:
        other.close()


def rename(cursor: Any, album: Album, title: str) -> None:
    cursor.execute("UPDATE gallery_album SET title = %s WHERE id = %s", [title, album.pk])


@pytest.fixture
def albums() -> list[Album]:
    first = make_album()
    return [first, make_album(first.owner), make_album(first.owner)]


def test_neither_waits_for_the_other_and_both_are_counted(albums: list[Album]) -> None:
    numbers = [number(albums[0].owner)]
    with another_connection() as one, another_connection() as other:
        rename(one, albums[0], "Uncommitted")
        rename(other, albums[1], "At the same time")
        for cursor in (other, one):
            numbers.append(number(albums[0].owner))
            cursor.execute("COMMIT")
    assert numbers[0] == numbers[1] < numbers[2] < number(albums[0].owner)


def test_what_is_committed_late_is_seen_although_it_was_written_first(albums: list[Album]) -> None:
    owner = albums[0].owner
    with another_connection() as late:
        rename(late, albums[0], "Late")
        Album.objects.filter(pk=albums[1].pk).update(title="Soon")
        before = number(owner)
        assert not state(owner).is_settled
        late.execute("COMMIT")
    assert number(owner) > before


def test_while_anything_is_uncommitted_a_moment_is_not_settled(albums: list[Album]) -> None:
    LibraryChange.objects.update(changed_at=timezone.now() - timedelta(days=1))
    with another_connection() as open_one:
        rename(open_one, make_album(), "Uncommitted")
        assert not state(albums[0].owner).is_settled


def test_rows_of_an_owner_are_as_many_as_wrote_at_the_same_time(albums: list[Album]) -> None:
    owner = albums[0].owner

    def write() -> None:
        with transaction.atomic():
            Album.objects.create(owner=owner, title="At once")

    before = number(owner)
    assert at_once(*[write] * 8) == [None] * 8
    assert number(owner) >= before + 8
    assert 1 <= LibraryChange.objects.filter(owner_id=owner.pk).count() <= 9


def test_many_rows_of_one_statement_are_counted_once(albums: list[Album]) -> None:
    before = number(albums[0].owner)
    with CaptureQueriesContext(connection) as asked:
        Album.objects.filter(owner=albums[0].owner).update(title="All")
    assert len(asked) == 1
    assert number(albums[0].owner) == before + 1


def test_an_account_is_deleted_with_all_its_rows(albums: list[Album]) -> None:
    owner = albums[0].owner
    with another_connection() as one:
        rename(one, albums[0], "Uncommitted")
        Album.objects.filter(pk=albums[1].pk).update(title="Another row")
        one.execute("COMMIT")
    assert LibraryChange.objects.filter(owner_id=owner.pk).count() == 2
    Album.objects.filter(owner=owner).delete()
    User.objects.filter(pk=owner.pk).delete()
    assert not LibraryChange.objects.filter(owner_id=owner.pk).exists()
