"""Migrations find no trigger in their way, and leave them as they are defined; meanwhile nobody relies on numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from gallery.changes import state_of, triggers
from gallery.changes.vendors import sql_of
from gallery.models import Album, LibraryChange
from tests import ROOT
from tests.factories import make_album
from tests.gallery.test_changes import execute, number

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def album() -> Album:
    return make_album()


@pytest.fixture
def stopped() -> Iterator[None]:
    triggers.stop(connection)
    yield
    call_command("migrate", verbosity=0)


def test_a_start_of_the_site_leaves_what_is_there(album: Album) -> None:
    before = number(album.owner)
    call_command("migrate", verbosity=0)
    assert number(album.owner) == before


@pytest.mark.usefixtures("stopped")
def test_nobody_relies_on_numbers_while_there_are_no_triggers(album: Album) -> None:
    assert state_of(album.owner_id) is None
    Album.objects.update(title="Not counted")
    LibraryChange.objects.create(owner_id=album.owner_id, number=1, changed_at="2020-01-01T00:00Z")
    assert state_of(album.owner_id) is None


def test_what_was_written_meanwhile_has_changed(album: Album) -> None:
    before = number(album.owner)
    triggers.stop(connection)
    Album.objects.update(title="Not counted")
    call_command("migrate", verbosity=0)
    started = number(album.owner)
    Album.objects.update(title="Counted")
    assert before < started < number(album.owner)


def test_an_account_that_came_meanwhile_is_counted() -> None:
    triggers.stop(connection)
    album = make_album()
    assert state_of(album.owner_id) is None
    call_command("migrate", verbosity=0)
    assert number(album.owner)


def test_triggers_of_another_release_are_made_anew(album: Album) -> None:
    name = next(iter(triggers._defined(sql_of(connection))))
    execute(sql_of(connection).DROP % name)
    assert not triggers.is_counting(connection)
    call_command("migrate", verbosity=0)
    assert triggers.is_counting(connection)
    assert number(album.owner)


@pytest.mark.parametrize("options", [{"plan": True}, {"check_unapplied": True}])
def test_who_only_looks_changes_nothing(album: Album, options: dict[str, bool]) -> None:
    before = number(album.owner)
    call_command("migrate", verbosity=0, **options)
    assert number(album.owner) == before


def test_a_table_that_is_emptied_is_counted_for_everybody(album: Album) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    before = number(album.owner)
    execute("TRUNCATE gallery_section CASCADE")
    assert number(album.owner) > before


BACK_AND_FORTH = """
from django.core.management import call_command
from django.db import connection
from gallery.changes import triggers
from tests.factories import make_photo

def migrated(*arguments, **options):
    call_command("migrate", *arguments, verbosity=0, **options)
    print(triggers.is_counting(connection), triggers._existing(connection) == [])

migrated()
make_photo()
migrated("gallery", "0001")
migrated()
migrated("gallery", "0001", fake=True)
migrated("gallery", fake=True)
"""


@pytest.mark.slow
def test_back_and_forth_again(tmp_path: Path) -> None:
    """With rows, as SQLite makes their tables anew: in a database of its own."""
    own = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.gallery.next_release.settings",
    }
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", BACK_AND_FORTH]
    done = subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True, text=True)
    counted, stopped = "True False", "False True"
    assert done.stdout.splitlines() == [counted, stopped, counted, stopped, counted]
