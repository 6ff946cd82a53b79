"""Records of earlier releases are brought up to date."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from colorizer.models import Colorization
from tests.factories import make_colorization

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("colorizer", name)])


def migrate_to_the_end() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("colorizer"))


@pytest.fixture
def _migrated_to_the_end() -> Iterator[None]:
    yield
    migrate_to_the_end()


@pytest.mark.usefixtures("_migrated_to_the_end")
def test_earlier_pictures_were_made_by_the_bundled_weights_at_full_detail() -> None:
    pair = make_colorization(variant="video", render_factor=30)
    failed = make_colorization(state=Colorization.State.FAILED)
    migrate("0003_schedule")
    migrate_to_the_end()
    pair.refresh_from_db()
    failed.refresh_from_db()
    assert (pair.weights_name, pair.used_render_factor) == ("compact-video", 30)
    assert (failed.weights_name, failed.used_render_factor) == ("", None)
