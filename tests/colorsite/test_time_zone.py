"""Times on pages are those of the clock of who reads them; programs are told UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from colorsite.time_zone import known_zones
from gallery.models import Archive
from jobs.models import Job
from tests.api import address, client_of
from tests.factories import make_album, make_archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(client: Client) -> Archive:
    archive = make_archive(make_album(), Job.State.SUCCEEDED)
    client.force_login(archive.owner)
    Archive.objects.update(expires_at=datetime(2099, 7, 1, 20, 30, tzinfo=UTC))
    return archive


def page(client: Client, archive: Archive, zone: str) -> Any:
    client.cookies["timezone"] = zone
    return client.get(archive.get_absolute_url())


def test_the_browser_names_the_zone(client: Client, archive: Archive) -> None:
    assertContains(page(client, archive, "Asia/Shanghai"), "July 2, 2099, 4:30 a.m. CST")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "America", "Factory"])
def test_without_a_zone_it_is_utc(client: Client, archive: Archive, zone: str) -> None:
    assertContains(page(client, archive, zone), "July 1, 2099, 8:30 p.m. UTC")


def test_the_zone_of_the_machine_is_none_of_the_readers() -> None:
    assert known_zones().isdisjoint({"localtime", "Factory"})


def test_programs_are_told_utc(archive: Archive) -> None:
    program = client_of(archive.owner)
    program.cookies["timezone"] = "Asia/Shanghai"
    found = program.get(address("archive-detail", archive)).json()
    assert found["expires_at"] == "2099-07-01T20:30:00Z"
