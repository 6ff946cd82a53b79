"""Whatever is written of a person's is counted, by whichever way it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Model
from django.test import override_settings

from accounts.models import User
from colorizer.models import Colorization, Film
from gallery import services
from gallery.changes import State, state_of, triggers
from gallery.changes.counted import COUNTED, owner_of
from gallery.downloads import Wish, request_download
from gallery.models import Album, LibraryChange, Photo
from tests.factories import make_album, make_photo, make_user
from tests.gallery.belongings import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_media")]

TABLES = sorted(COUNTED, key=lambda model: model._meta.db_table)
OURS = ("accounts", "filestore", "jobs", "colorizer", "gallery", "webhooks", "moderation")
EVENTS = {"sqlite": 3, "postgresql": 4}
"""With PostgreSQL a table can be emptied by TRUNCATE."""

NOT_COUNTED = {
    "accounts.ApiKey": "me/api-keys/ is not shown by it: keys expire",
    "accounts.User_groups": "whoever gets other privileges has is_staff changed, or sees the same",
    "accounts.User_user_permissions": "as above",
    "colorizer.Colorization_helpers": "nobody is shown who helps",
    "colorizer.CurrentWeights": "of nobody, and shown where jobs are not",
    "colorizer.FilmSegment": "what a film has of it is in the row of its version",
    "colorizer.PicturePack": "nobody is shown it",
    "filestore.DatabaseId": "of nobody, and shown nowhere",
    "filestore.Upload": "uploads expire, and are no part of what is shown by it",
    "filestore.UploadPart": "as above",
    "filestore.Upload_files": "as above",
    "gallery.ArchivePart": "archives expire, and are not shown by it",
    "gallery.Archive_photos": "as above",
    "gallery.IdempotentRequest": "nobody is shown it",
    "gallery.LibraryChange": "it counts",
    "gallery.Share": "links expire, and are not shown by it",
    "jobs.Counter": "of nobody",
    "jobs.JobEvent": "jobs/changes/ is not shown by it",
    "jobs.WorkerCluster": "of nobody",
    "moderation.Report": "what came of it is in the row that is hidden",
    "webhooks.Delivery": "webhooks are not shown by it",
    "webhooks.Event": "as above",
    "webhooks.Webhook": "as above",
}


def state(owner: User) -> State:
    found = state_of(owner.pk)
    assert found
    return found


def number(owner: User) -> int:
    return state(owner).number


def rows_of(owner: User, model: type[Model]) -> Any:
    return model._default_manager.filter(**{COUNTED[model] or "pk": owner.pk})


def execute(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture(scope="module")
def ada(standing_db: None, standing_media: Path) -> User:
    """With rows in each table."""
    with override_settings(MEDIA_ROOT=standing_media, FILE_UPLOAD_TEMP_DIR=standing_media):
        return with_everything("Ada")


@pytest.fixture
def owner(ada: User, db: None) -> User:
    return User.objects.get(pk=ada.pk)


def with_everything(name: str) -> User:
    owner = make_person(name)
    version = Colorization.objects.filter(owner=owner, result__isnull=False)[0]
    request_download(version, Wish(form="png"))
    film = {"seconds": 1, "frame_rate": 25, "frame_count": 25, "codec": "h264"}
    source = make_photo(owner.albums.all()[0]).original
    Film.objects.create(source=source, audio_tracks=0, subtitle_tracks=0, **film)
    return owner


def test_each_table_is_counted_or_is_not_for_a_reason() -> None:
    known = {model._meta.label for model in COUNTED} | set(NOT_COUNTED)
    models = [model for app in OURS for model in apps.get_app_config(app).get_models(True)]
    assert known == {model._meta.label for model in models}


def test_all_triggers_are_there() -> None:
    assert triggers.is_counting(connection)
    catalog = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'library_change%'",
    }
    found = execute(catalog[connection.vendor])
    assert found == (EVENTS[connection.vendor] * len(COUNTED),)


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
class TestWrites:
    def test_of_rows_are_counted_for_their_owner_alone(
        self, owner: User, model: type[Model]
    ) -> None:
        other, rows = make_user(), rows_of(owner, model)
        before, others = number(owner), number(other)
        key = model._meta.pk.attname
        assert rows.update(**{key: F(key)})
        assert number(owner) > before
        assert number(other) == others

    def test_by_plain_sql_are_counted(self, owner: User, model: type[Model]) -> None:
        table, key = f'"{model._meta.db_table}"', f'"{model._meta.pk.column}"'
        before = number(owner)
        whose = f"{owner_of(model, table)} = {owner.pk}"
        execute(f"UPDATE {table} SET {key} = {key} WHERE {whose}")  # noqa: S608
        assert number(owner) > before


@pytest.mark.parametrize(
    "model", [model for model in TABLES if model is not User], ids=lambda model: model._meta.label
)
def test_rows_that_go_and_come_are_counted(owner: User, model: type[Model]) -> None:
    row, key = rows_of(owner, model)[0], model._meta.pk
    before = number(owner)
    value = key.get_db_prep_value(row.pk, connection)
    execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{key.column}" = %s', value)  # noqa: S608
    deleted = number(owner)
    model._default_manager.bulk_create([row])
    assert before < deleted < number(owner)


def test_both_owners_hear_of_what_goes_from_one_to_another() -> None:
    photo, album = make_photo(), make_album()
    before, others = number(photo.album.owner), number(album.owner)
    Photo.objects.filter(pk=photo.pk).update(album=album)
    assert number(photo.album.owner) > before
    assert number(album.owner) > others


def test_what_is_rolled_back_is_not_counted() -> None:
    album = make_album()
    before = number(album.owner)
    with transaction.atomic():
        Album.objects.update(title="Other")
        assert number(album.owner) > before
        transaction.set_rollback(True)
    assert number(album.owner) == before


def test_of_a_deleted_account_nothing_is_left(owner: User) -> None:
    key = owner.pk
    services.delete_person(owner)
    assert not LibraryChange.objects.filter(owner_id=key).exists()
    assert state_of(key) is None
