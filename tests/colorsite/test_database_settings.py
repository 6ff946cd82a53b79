"""How the site connects to the database of an address."""

from __future__ import annotations

import psycopg
import pytest

from colorsite.database_settings import database_at
from tests.needs import POSTGRES_URL

ADDRESS = "postgres://tintype:password@localhost/tintype"


def test_postgresql_is_told_that_rows_are_found_quickly_one_by_one() -> None:
    assert "random_page_cost=1.1" in database_at(ADDRESS)["OPTIONS"]["options"]


def test_options_of_the_environment_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c work_mem=8MB")
    options = database_at(ADDRESS)["OPTIONS"]["options"]
    assert options == "-c random_page_cost=1.1 -c work_mem=8MB"


def test_options_of_the_address_are_the_only_ones() -> None:
    assert (
        database_at(f"{ADDRESS}?options=-c%20work_mem=8MB")["OPTIONS"]["options"]
        == "-c work_mem=8MB"
    )


def test_an_address_with_empty_options_has_none() -> None:
    """Poolers may refuse any."""
    assert "options" not in database_at(f"{ADDRESS}?options=").get("OPTIONS", {})


def test_a_server_that_has_vanished_is_away_within_a_minute() -> None:
    options = database_at(ADDRESS)["OPTIONS"]
    assert options["connect_timeout"] == 10
    assert options["tcp_user_timeout"] == 60_000
    idle, pause, most = (options[f"keepalives_{each}"] for each in ("idle", "interval", "count"))
    assert idle + pause * most == 60


def test_timeouts_of_the_address_and_the_environment_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    options = database_at(f"{ADDRESS}?connect_timeout=3")["OPTIONS"]
    assert options["connect_timeout"] == 3
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "4")
    assert "connect_timeout" not in database_at(ADDRESS)["OPTIONS"]


@pytest.mark.postgres
def test_a_server_takes_the_options() -> None:
    options = database_at(ADDRESS)["OPTIONS"]
    with psycopg.connect(POSTGRES_URL, **options) as connection:
        assert connection.execute("SHOW random_page_cost").fetchone() == ("1.1",)
