"""Which of a person's photos are wanted: by words, by what is known of them, by what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery import label_lists
from gallery.models import Album, MediaKind, Photo, PhotoQuerySet
from gallery.search_text import searchable
from jobs.models import Job

MAX_QUERY_LENGTH: Final = 200
"""Of what is typed: each of its words is looked for."""
MAX_LABELS: Final = 20
"""Of people, and of tags: each is a join, of which no database takes any number."""


class PhotoState(models.TextChoices):
    """What became of a photo. Of several versions, one may have failed and another be there."""

    NOT_COLORED = "not_colored", _("Not colored")
    IN_PROGRESS = "in_progress", _("In progress")
    COLORED = "colored", _("Colored")
    FAILED = "failed", _("Failed")


class PhotoOrder(models.TextChoices):
    NEWEST = "newest", _("Newest upload first")
    OLDEST = "oldest", _("Oldest upload first")
    TAKEN = "taken", _("By date taken")


ORDERINGS: Final[dict[str, Sequence[Any]]] = {
    PhotoOrder.NEWEST: ("-created_at", "pk"),
    PhotoOrder.OLDEST: ("created_at", "pk"),
    PhotoOrder.TAKEN: (F("taken_from").asc(nulls_last=True), "taken_to", "created_at", "pk"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """All of it must hold for a photo; what is empty holds for all.

    Attributes:
        words: of a query; parts of words are found, too.
        people, tags: all of them.
        taken_from, taken_to: the photo may have been taken between these days.
        is_undated: without a date only.
        media_kind: photos or films; both while it is blank.
        variant: there is a result of this variant.
    """

    words: str = ""
    album: UUID | None = None
    people: Sequence[UUID] = ()
    tags: Sequence[UUID] = ()
    place: str = ""
    taken_from: date | None = None
    taken_to: date | None = None
    is_undated: bool = False
    media_kind: str = ""
    variant: str = ""
    state: str = ""
    is_favorite: bool = False

    @property
    def is_costly(self) -> bool:
        """To find the photos takes longer than to sort them. Most are in color: of those a page is soon found."""
        is_rare = self.state not in ("", PhotoState.COLORED)
        return bool(self.words or self.variant or is_rare)

    def of(self, owner: User) -> PhotoQuerySet:
        """The owner's photos that are wanted, in no order."""
        photos = Photo.objects.editable_by(owner).filter(*self._details()).order_by()
        # One join for each: a photo may have several.
        for person in self.people:
            photos = photos.filter(people=person)
        for tag in self.tags:
            photos = photos.filter(tags=tag)
        if self.variant:
            # Without `distinct` PostgreSQL may go through all albums for each result.
            in_variant = _results(owner, variant=self.variant).values("source").distinct()
            photos = photos.filter(original__in=in_variant)
        # What is in a style is in color: asked for as well, PostgreSQL would go the long way again.
        is_implied = bool(self.variant) and self.state == PhotoState.COLORED
        if self.state and not is_implied:
            photos = photos.filter(_in_state(self.state, owner))
        return photos

    def _details(self) -> list[Q]:
        found = [Q(search_text__contains=word) for word in searchable(self.words).split()]
        if self.album:
            found.append(Q(album=self.album))
        if self.place:
            found.append(Q(place=self.place))
        if self.taken_from:
            found.append(Q(taken_to__gte=self.taken_from))
        if self.taken_to:
            found.append(Q(taken_from__lte=self.taken_to))
        if self.is_undated:
            found.append(Q(taken_from=None))
        if self.media_kind:
            found.append(MediaKind(self.media_kind).of())
        if self.is_favorite:
            found.append(Q(is_favorite=True))
        return found


def choices(owner: User) -> dict[str, Any]:
    """What the owner's photos can be filtered by."""
    albums = Album.objects.editable_by(owner).order_by("title", "pk")
    return {
        "albums": albums.values_list("pk", "title"),
        "people": label_lists.people(owner).values_list("pk", "name"),
        "tags": label_lists.tags(owner).values_list("pk", "name"),
        "places": label_lists.places(owner),
    }


def _in_state(state: str, owner: User) -> Q:
    match state:
        case PhotoState.COLORED:
            return _having(_results(owner))
        case PhotoState.IN_PROGRESS:
            return Q(original__in=_versions(owner, *Job.OPEN_STATES).values("source"))
        case PhotoState.FAILED:
            return Q(original__in=_versions(owner, Job.State.FAILED).values("source"))
        case _:
            return ~_having(_results(owner)) & ~_having(_versions(owner, *Job.OPEN_STATES))


def _results(owner: User, **chosen: str) -> ColorizationQuerySet:
    """Versions in color, without trials of films: an index has all that is asked of them."""
    kept = Colorization.objects.kept().whole().order_by()
    return kept.filter(owner=owner, result__isnull=False, **chosen)


def _versions(owner: User, *states: Job.State) -> ColorizationQuerySet:
    """Those in one of these states, which few are: found from the owner's jobs."""
    kept = Colorization.objects.kept().order_by()
    return kept.filter(job__owner=owner, job__state__in=states)


def _having(versions: ColorizationQuerySet) -> Q:
    """Photos with one of the versions; the negation is what both databases join best."""
    return Q(Exists(versions.filter(source=OuterRef("original"))))
