"""What lies in a person's trash, and how much room it takes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Self, TypeAlias
from uuid import UUID

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from filestore.models import StoredFile
from gallery.models import Album, AlbumQuerySet, Photo, PhotoQuerySet
from gallery.moments import database_time

Thing: TypeAlias = Album | Photo | Colorization
Keys: TypeAlias = Mapping[str, Collection[UUID]]

KEPT_DAYS: Final = 30
KEPT_FOR: Final = timedelta(days=KEPT_DAYS)
KINDS: Final = {"album": Album, "photo": Photo, "colorization": Colorization}


def expired() -> Q:
    return Q(trashed_at__lte=database_time() - KEPT_FOR)


def unexpired() -> Q:
    """What may still be restored: the rest only waits for being deleted."""
    return Q(trashed_at__gt=database_time() - KEPT_FOR)


class Listed(NamedTuple):
    kind: str
    thing: Thing

    @property
    def days_left(self) -> int:
        """Whole days until it is deleted for good, the last one counted."""
        now = timezone.now()
        left = (self.thing.trashed_at or now) + KEPT_FOR - now
        return max(1, math.ceil(left / timedelta(days=1)))


@dataclass(frozen=True)
class Trash:
    """Things that a person may restore, or a part of them.

    Attributes:
        photos: those of albums in the trash, too.
        colorizations: versions of photos that are not in the trash themselves.
        is_whole: all that the person has there.
    """

    albums: AlbumQuerySet
    photos: PhotoQuerySet
    colorizations: ColorizationQuerySet
    is_whole: bool = False

    @classmethod
    def of(cls, owner: User) -> Self:
        in_trash = unexpired()
        return cls(
            Album.objects.filter(in_trash, owner=owner),
            Photo.objects.filter(in_trash, album__owner=owner),
            Colorization.objects.filter(in_trash, owner=owner, source__photo__trashed_at=None),
            is_whole=True,
        )

    def at(self, moment: datetime) -> Self:
        """What was deleted together."""
        return self._filtered(*[Q(trashed_at=moment)] * 3)

    def only(self, keys: Keys) -> Self:
        """What is named by kind and id."""
        return self._filtered(*(Q(pk__in=keys.get(kind, [])) for kind in KINDS))

    def _filtered(self, albums: Q, photos: Q, colorizations: Q) -> Self:
        return type(self)(
            self.albums.filter(albums),
            self.photos.filter(photos),
            self.colorizations.filter(colorizations),
        )

    @property
    def single_photos(self) -> PhotoQuerySet:
        """Photos that were not deleted with their album."""
        with_album = Q(album__trashed_at__isnull=False, trashed_at=F("album__trashed_at"))
        return self.photos.exclude(with_album)

    def listed(self) -> QuerySet[Any, Any]:
        """Kind, id and time of each thing, the last deleted first; `fetch` gets the things of a page."""
        albums, photos, versions = (
            things.order_by()
            .annotate(kind=Value(kind, CharField()))
            .values_list("kind", "pk", "trashed_at")
            for kind, things in zip(
                KINDS, [self.albums, self.single_photos, self.colorizations], strict=True
            )
        )
        listed: QuerySet[Any, Any] = albums.union(photos, versions, all=True)
        return listed.order_by("-trashed_at", "kind", "pk")

    @property
    def all_photos(self) -> PhotoQuerySet:
        """The photos with all those of the albums: what is deleted for good together."""
        if self.is_whole:
            return self.photos.order_by()
        photos, albums = self.photos.order_by().values("pk"), self.albums.order_by().values("pk")
        return Photo.objects.filter(Q(pk__in=photos) | Q(album__in=albums)).order_by()

    def counts(self) -> dict[str, int]:
        """How many of each kind are deleted for good together."""
        return {
            "albums": self.albums.count(),
            "photos": self.all_photos.count(),
            "colorizations": self.colorizations.count(),
        }

    def total_bytes(self) -> int:
        """What deleting it for good gives back."""
        originals = self.all_photos.values("original")
        of_photos = Colorization.objects.filter(source__in=originals)
        made = [
            versions.filter(**{f"{file}__isnull": False}).order_by().values(file)
            for versions in (of_photos, self.colorizations)
            # Of what is adjusted, the result of the network is kept as well.
            for file in ("result", "adjustment__unadjusted")
        ]
        # One by one: where several conditions are joined by "or", databases use no index.
        conditions = [
            condition
            for files in (originals, *made)
            for condition in (Q(pk__in=files), Q(derived_from__in=files))
        ]
        return sum(StoredFile.objects.filter(condition).total_bytes() for condition in conditions)


def photos_of(album: Album) -> PhotoQuerySet:
    """Those that were deleted with the album."""
    return Photo.objects.filter(album=album, trashed_at=album.trashed_at)


def fetch(rows: Iterable[tuple[str, UUID, datetime]]) -> list[Listed]:
    """The things with what is shown of them, in the order of the rows; a query for each kind."""
    rows = list(rows)
    keys = {kind: [pk for found, pk, _ in rows if found == kind] for kind in KINDS}
    found: dict[UUID, Thing] = {}
    for things in (
        with_photos(Album.objects.filter(pk__in=keys["album"])),
        Photo.objects.filter(pk__in=keys["photo"]).select_related("album", "original"),
        Colorization.objects.filter(pk__in=keys["colorization"]).select_related("source__photo"),
    ):
        found |= {thing.pk: thing for thing in things}
    return [Listed(kind, found[pk]) for kind, pk, _ in rows if pk in found]


def with_photos(albums: AlbumQuerySet) -> AlbumQuerySet:
    """`photo_count` of those that come back with the album, and one of them as `cover_photo`."""
    together = Photo.objects.filter(album=OuterRef("pk"), trashed_at=OuterRef("trashed_at"))
    return albums.annotate(
        photo_count=Count("photos", filter=Q(photos__trashed_at=F("trashed_at"))),
        cover_photo=Subquery(together.values("pk")[:1]),
    )
