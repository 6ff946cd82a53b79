"""People, tags and places of a person's photos: how many photos each has, and one to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from gallery.models import Label, Person, Photo, Tag
from gallery.queries import results_of


@dataclass(frozen=True)
class Entry:
    """
    Attributes:
        key: what the search finds its photos by.
        number: how many photos there are.
        cover_photo: the key of the newest one.
        cover_colorization: the key of its version in color, if there is one.
    """

    key: UUID | str
    name: str
    number: int
    cover_photo: UUID
    cover_colorization: UUID | None


def people(owner: User) -> QuerySet[Person]:
    """Without those whose photos are all in the trash."""
    photos = Photo.objects.kept().filter(people=OuterRef("pk"))
    return Person.objects.filter(Exists(photos), owner=owner)


def tags(owner: User) -> QuerySet[Tag]:
    """Without those whose photos are all in the trash."""
    photos = Photo.objects.kept().filter(tags=OuterRef("pk"))
    return Tag.objects.filter(Exists(photos), owner=owner)


def people_entries(owner: User, people: Sequence[Person]) -> list[Entry]:
    rows = Photo.people.through.objects.filter(person__in=people)
    return _entries(owner, people, "person", rows)


def tag_entries(owner: User, tags: Sequence[Tag]) -> list[Entry]:
    rows = Photo.tags.through.objects.filter(tag__in=tags)
    return _entries(owner, tags, "tag", rows)


def _entries(owner: User, labels: Sequence[Label], field: str, rows: QuerySet[Any]) -> list[Entry]:
    """Those of a page, in their order. The cover is the photo that got the label last."""
    # Photos in the trash are few: to leave them out is quicker than to look at each of the others.
    trashed = Photo.objects.filter(album__owner=owner, trashed_at__isnull=False)
    kept = rows.exclude(photo__in=trashed.order_by()).values(field)
    counted = kept.annotate(number=Count("pk"), last=Max("pk"))
    numbers = {row[field]: row["number"] for row in counted}
    last = rows.filter(pk__in=[row["last"] for row in counted])
    covers = dict(last.values_list(field, "photo"))
    shown = [label for label in labels if label.pk in covers]
    return _with_results(
        (label.pk, label.name, numbers[label.pk], covers[label.pk]) for label in shown
    )


def places(owner: User) -> QuerySet[Photo, str]:
    photos = Photo.objects.editable_by(owner).exclude(place="").order_by("place")
    return photos.values_list("place", flat=True).distinct()


def place_entries(owner: User, places: Sequence[str]) -> list[Entry]:
    """Those of a page, in their order. The cover is the newest photo."""
    newest_first = [F("created_at").desc(), F("pk").asc()]
    photos = (
        Photo.objects.editable_by(owner)
        .filter(place__in=places)
        .annotate(
            number=Window(Count("pk"), partition_by=F("place")),
            rank=Window(RowNumber(), partition_by=F("place"), order_by=newest_first),
        )
        .filter(rank=1)
        .order_by("place")
    )
    rows = photos.values_list("place", "number", "pk")
    return _with_results((place, place, number, cover) for place, number, cover in rows)


def _with_results(found: Iterable[tuple[UUID | str, str, int, UUID]]) -> list[Entry]:
    """Args: found: key, name, number and cover of each."""
    rows = list(found)
    results = results_of([cover for *_, cover in rows])
    return [Entry(*row, cover_colorization=results.get(row[-1])) for row in rows]
