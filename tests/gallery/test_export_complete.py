"""An export has everything that the database knows of a person, or says why not: every model is looked at.

A new model that leads to a person fails here until its app registers it in `gallery.exports`.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from accounts.models import User
from colorizer.tasks import HELP_FILM
from filestore.models import StoredFile
from gallery import archives, exports
from gallery.models import Album, Archive, Photo, Section
from jobs import transitions
from jobs.models import Job, Queue
from jobs.services import enqueue
from moderation.models import Report
from tests.factories import make_colorization, make_photo, make_user
from tests.film_files import film_bytes
from tests.gallery import zips
from tests.gallery.belongings import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def leads_to_a_person(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    """By its own foreign keys, one after the other."""
    targets = {
        field.related_model
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and not field.auto_created
        and isinstance(field.related_model, type)
    }
    return User in targets or any(
        leads_to_a_person(target, seen | {model}) for target in targets - seen - {model}
    )


MODELS = [model for model in apps.get_models() if model is User or leads_to_a_person(model)]


@pytest.mark.parametrize("model", [pytest.param(model, id=model._meta.label) for model in MODELS])
def test_each_model_is_exported_or_left_out_for_a_reason(model: type[Model]) -> None:
    exported = [table for table in exports.tables() if table.model is model]
    assert bool(exported) != (model in exports.left_out())
    for table in exported:
        known = {*table.columns, *table.left_out}
        own = {field.name for field in model._meta.concrete_fields}
        own |= {field.name for field in model._meta.many_to_many}
        assert own == known & own, f"not exported, and no reason: {own - known}"
        assert known == own, f"no fields: {known - own}"


def test_the_models_that_people_know_are_among_them() -> None:
    assert {User, Photo, Section, Job, StoredFile, Report} <= set(MODELS)


@pytest.fixture
def owner() -> User:
    """Somebody who has rows in all tables; somebody else has similar ones."""
    make_person("Bob")
    return make_person("Ada")


@pytest.fixture
def film(owner: User) -> Photo:
    return make_photo(Album.objects.get(owner=owner), film_bytes(), "film.mp4")


@pytest.fixture
def export(owner: User) -> Archive:
    return zips.make(archives.request_export(owner))


def rows(export: Archive, name: str) -> list[dict[str, Any]]:
    with zips.opened(export) as file:
        found: list[dict[str, Any]] = json.loads(file.read(f"data/{name}.json"))
    return found


@pytest.mark.parametrize("name", ["jobs", "attempts", "job_events"])
def test_helpers_of_films_are_no_work_of_the_person(name: str) -> None:
    owner = make_user()
    job = enqueue(owner, HELP_FILM.name)
    assert transitions.claim_next(Queue.VIDEOS) == job
    table = next(table for table in exports.tables() if table.name == name)
    assert not table.rows_of(owner)


@pytest.mark.usefixtures("film")
def test_each_table_has_the_rows_of_the_person_and_no_others(export: Archive, owner: User) -> None:
    # The export's own file and its last events come after it was written.
    of_export = {"job_events", "files", "webhook_events"}
    for table in exports.tables():
        expected = {str(pk) for pk in table.rows_of(owner).values_list("pk", flat=True)}
        key = table.model._meta.pk
        assert key is not None
        names = {str(row[key.name]) for row in rows(export, table.name)}
        assert names, f"{table.name} is empty"
        assert names <= expected, f"{table.name} has rows of others"
        assert names == expected or table.name in of_export, f"{table.name} lacks rows"


def test_csv_says_the_same_as_json(export: Archive) -> None:
    for table in exports.tables():
        with zips.opened(export) as file:
            text = file.read(f"data/{table.name}.csv").decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text)))
        assert [list(line) for line in lines] == [list(row) for row in rows(export, table.name)]


def test_a_photo_is_told_with_its_people_and_tags_and_its_file(export: Archive) -> None:
    [photo] = rows(export, "photos")
    assert (photo["title"], photo["caption"]) == ("=Ada", "Caption by Ada")
    assert (photo["people"], photo["tags"]) == (["Aunt of Ada"], ["sea of Ada"])
    assert photo["file_in_export"] == "Attic of Ada/=Ada.jpg"
    with zips.opened(export) as file:
        content = file.read("Attic of Ada/=Ada.jpg")
    original = Photo.objects.get(pk=photo["id"]).original
    assert hashlib.sha256(content).hexdigest() == original.sha256


def test_hints_are_told_with_the_reference_as_base64(export: Archive) -> None:
    [told] = rows(export, "hints")
    assert told["hints"] == [{"x": 30, "y": 20, "color": "#c81e1e", "radius": 12}]
    assert base64.b64decode(told["reference"]) == b"Reference"
    with zips.opened(export) as file:
        text = file.read("data/hints.csv").decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(text))
    assert [json.loads(line["hints"])] == told["hints"]
    assert line["reference"] == told["reference"]


def test_no_cell_is_a_formula(export: Archive) -> None:
    with zips.opened(export) as file:
        text = file.read("data/photos.csv").decode("utf-8-sig")
    [photo] = csv.DictReader(io.StringIO(text))
    assert photo["title"] == "'=Ada"


def test_what_opens_the_account_is_not_told(export: Archive, owner: User) -> None:
    with zips.opened(export) as file:
        everything = b"".join(file.read(name) for name in file.namelist() if "data/" in name)
    assert owner.email.encode() in everything
    assert owner.password.encode() not in everything
    assert b"bob@example.org" not in everything


def test_trash_is_exported_in_a_folder_of_its_own(owner: User) -> None:
    photo = Photo.objects.get(album__owner=owner)
    Photo.objects.filter(pk=photo.pk).update(trashed_at=photo.created_at)
    export = zips.make(archives.request_export(owner))
    files = [name for name in zips.names(export) if name.endswith(".jpg")]
    assert files == ["Trash/Attic of Ada/=Ada.jpg", "Trash/Attic of Ada/=Ada-stable.jpg"]


def test_all_versions_are_exported(owner: User) -> None:
    photo = Photo.objects.get(album__owner=owner)
    make_colorization(photo, render_factor=10)
    export = zips.make(archives.request_export(owner))
    files = [name for name in zips.names(export) if name.endswith(".jpg")]
    assert files == [
        "Attic of Ada/=Ada.jpg",
        "Attic of Ada/=Ada-stable.jpg",
        "Attic of Ada/=Ada-stable (2).jpg",
    ]


def test_the_readme_names_each_table_and_what_is_left_out(export: Archive) -> None:
    with zips.opened(export) as file:
        readme = file.read("README.txt").decode()
    for table in exports.tables():
        assert f"data/{table.name}.json" in readme
        for field in table.left_out:
            assert f"- {table.name}, {field}: " in readme
    assert "ada@example.org" in readme
    assert "{{" not in readme
    assert "&" not in readme


def test_adjustments_are_json_in_their_cell(export: Archive) -> None:
    [told] = rows(export, "adjustments")
    with zips.opened(export) as file:
        text = file.read("data/adjustments.csv").decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(text))
    assert json.loads(line["choices"]) == told["choices"]


def test_the_readme_is_in_the_language_of_the_person() -> None:
    export = zips.make(archives.request_export(make_user(language="zh-hans")))
    with zips.opened(export) as file:
        assert "有意未包含的内容" in file.read("README.txt").decode()
