"""What one person has, of everything first a few and then many: rows only, nothing lies in the storage."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from django.test import Client
from django.utils import timezone

from accounts.devices import SEEN_KEY
from accounts.models import User
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.models import (
    Album,
    Photo,
)
from gallery.moments import database_time
from jobs.models import Job
from tests.bulk import (
    add_bare_photos,
)
from tests.factories import make_staff, make_user

Purpose = StoredFile.Purpose
State = Job.State
Fill = Callable[["Library", range], Sequence[Any]]


class Kind(NamedTuple):
    fill: Fill
    few: int
    many: int


KINDS: dict[str, Kind] = {}
"""In this order: what comes later may be about what came before."""


def rows(few: int = 10, many: int = 1000) -> Callable[[Fill], Fill]:
    """Other numbers where the site allows no more."""

    def register(fill: Fill) -> Fill:
        KINDS[fill.__name__] = Kind(fill, few, many)
        return fill

    return register


VISITORS = ("owner", "collector", "stranger", "staff")


class Library:
    def __init__(self) -> None:
        self.began = database_time() + timedelta(hours=1)
        self.owner, self.collector, self.stranger = (make_user() for _ in range(3))
        self.staff = make_staff()
        self.cookies = {name: self._logged_in(name) for name in VISITORS}
        self.album, self.attic, self.album_in_trash = (self._album(self.owner) for _ in range(3))
        self.photo = add_bare_photos(self.album, 1)[0]
        # The newest in each list, however long.
        Photo.objects.update(created_at=timezone.now() + timedelta(days=1))
        # Of somebody else: no list has a photo with so many versions.
        self.varied = add_bare_photos(self._album(self.collector), 1)[0]
        self.results: list[Colorization] = []
        self.made: dict[str, list[Any]] = {name: [] for name in KINDS}
        Album.objects.filter(pk=self.album_in_trash.pk).update(trashed_at=database_time())
        self.album_in_trash.refresh_from_db()

    def moment(self, number: int) -> datetime:
        """Those of the few are later than those of the many: a page of a list has things of all kinds."""
        return self.began - timedelta(seconds=number)

    def _album(self, owner: User) -> Album:
        published = {"visibility": "public", "published_at": timezone.now(), "shows_details": True}
        return Album.objects.create(owner=owner, title="Family", **published)

    def _logged_in(self, visitor: str) -> SimpleCookie:
        """Just now, and for as long as the tests take."""
        client = Client()
        client.force_login(getattr(self, visitor))
        session = client.session
        session[SEEN_KEY] = time.time() + 3600
        session.save()
        return client.cookies

    def make_few(self) -> None:
        for name, kind in KINDS.items():
            self.made[name] += kind.fill(self, range(kind.few))

    def make_many(self) -> None:
        for name, kind in KINDS.items():
            self.made[name] += kind.fill(self, range(kind.few, kind.many))

    def keys(self, name: str) -> list[str]:
        return [str(made.pk) for made in self.made[name]]

    def one(self, name: str) -> Any:
        """What a route is about whose name begins so: the one that the most belongs to."""
        return getattr(self, name, None) or self.made[ONE_OF[name]][0]


ONE_OF = {"archive": "archives", "job": "work", "share": "shares", "webhook": "webhooks"}
