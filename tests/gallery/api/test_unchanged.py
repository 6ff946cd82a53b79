"""A GET of what a client has is answered at once while nothing of theirs was written, and built anew after that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.api.generics import ApiView
from gallery.api.urls import urlpatterns
from gallery.changes.counted import COUNTED
from gallery.models import LibraryChange, Photo, Section
from jobs import services as jobs
from jobs.models import Job
from tests.api import address, client_of
from tests.gallery.test_changes import with_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_media")]

OBJECTS: dict[str, Callable[[User], Any]] = {
    "album-detail": lambda owner: owner.albums.all()[0],
    "album-photos": lambda owner: owner.albums.all()[0],
    "album-sections": lambda owner: owner.albums.all()[0],
    "section-detail": lambda owner: Section.objects.filter(album__owner=owner)[0],
    "photo-detail": lambda owner: Photo.objects.filter(album__owner=owner)[0],
    "photo-colorizations": lambda owner: Photo.objects.filter(album__owner=owner)[0],
    "colorization-detail": lambda owner: owner.colorizations.filter(result__isnull=False)[0],
    "colorization-adjustments": lambda owner: owner.colorizations.filter(result__isnull=False)[0],
    "job-detail": lambda owner: owner.jobs.filter(state="failed")[0],
    "person-detail": lambda owner: owner.persons.all()[0],
    "tag-detail": lambda owner: owner.tags.all()[0],
}
LISTS = [
    "album-list",
    "photo-list",
    "colorization-list",
    "job-list",
    "person-list",
    "tag-list",
    "place-list",
    "timeline",
    "duplicates",
    "notice-list",
]
OF_REQUESTS = {"django_session", "usersessions_usersession", LibraryChange._meta.db_table}


@pytest.fixture(scope="module")
def ada(standing_db: None, standing_media: Path) -> User:
    """With rows in each table, and nothing left to be done."""
    with override_settings(MEDIA_ROOT=standing_media, FILE_UPLOAD_TEMP_DIR=standing_media):
        owner = with_everything("Ada")
        jobs.cancel_all(Job.objects.filter(owner=owner))
    return owner


@pytest.fixture
def owner(ada: User, db: None) -> User:
    return User.objects.get(pk=ada.pk)


def url_of(name: str, owner: User) -> str:
    return address(name, OBJECTS[name](owner) if name in OBJECTS else None)


def again(client: Any, url: str, first: Any, **headers: str) -> Any:
    return client.get(url, headers={"If-None-Match": first["ETag"], **headers})


class Asked:
    """The same GET before and after a change."""

    def __init__(self, viewer: User | None, url: str) -> None:
        self.client, self.url = client_of(viewer), url
        self.first = self.client.get(url)
        assert self.first.status_code == 200

    def is_short(self) -> bool:
        with CaptureQueriesContext(connection) as asked:
            response = again(self.client, self.url, self.first)
        return response.status_code == 304 and len(asked) == 3  # session, user, changes

    def is_sent(self) -> bool:
        return bool(again(self.client, self.url, self.first).status_code == 200)


def test_these_are_all_addresses_that_have_it() -> None:
    views = (pattern.callback.view_class for pattern in patterns())
    enabled = {view for view in views if issubclass(view, ApiView) and view.owner_path is not None}
    names = {pattern.name for pattern in patterns() if pattern.callback.view_class in enabled}
    assert names == {*OBJECTS, *LISTS}


def patterns() -> Iterator[Any]:
    return (pattern for pattern in urlpatterns if hasattr(pattern.callback, "view_class"))


@pytest.mark.parametrize("name", [*OBJECTS, *LISTS])
class TestEachAddress:
    def test_reads_nothing_but_what_is_counted(self, name: str, owner: User) -> None:
        client, url = client_of(owner), url_of(name, owner)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        read = {
            table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
        }
        assert read <= {model._meta.db_table for model in COUNTED} | OF_REQUESTS

    def test_takes_three_queries_while_nothing_is_written(self, name: str, owner: User) -> None:
        client, url = client_of(owner), url_of(name, owner)
        full = client.get(url)
        with CaptureQueriesContext(connection) as asked:
            short = again(client, url, full)
        assert (short.status_code, short.content, len(asked)) == (304, b"", 3)
        for header in ("ETag", "Last-Modified", "Vary", "Cache-Control", "Content-Language"):
            assert short[header] == full[header]
        assert "RateLimit" in short

    def test_is_built_anew_after_any_write(self, name: str, owner: User) -> None:
        asked = Asked(owner, url_of(name, owner))
        assert asked.is_short()
        User.objects.filter(pk=owner.pk).update(name="Other")
        assert not asked.is_short()
        assert asked.is_short()
