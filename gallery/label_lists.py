"""People, tags and places of a person's photos: how many photos each has, and one to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from gallery.labels import L
from gallery.models import Person, Photo, Tag

FIELDS = {Person: "people", Tag: "tags"}


@dataclass(frozen=True)
class Entry:
    """
    Attributes:
        key: what the search finds its photos by.
        number: how many photos there are.
        cover: the key of the newest one.
    """

    key: UUID | str
    name: str
    number: int
    cover: UUID


def labels(model: type[L], owner: User) -> QuerySet[L]:
    """The owner's people or tags, without those whose photos are all in the trash."""
    photos = Photo.objects.kept().filter(**{FIELDS[model]: OuterRef("pk")})
    return model._default_manager.filter(Exists(photos), owner=owner)


def label_entries(owner: User, labels: Sequence[L]) -> list[Entry]:
    """Those of a page, in their order."""
    if not labels:
        return []
    found = _summary(owner, FIELDS[type(labels[0])], [label.pk for label in labels])
    return [
        Entry(label.pk, label.name, *found[label.pk]) for label in labels if label.pk in found
    ]


def places(owner: User) -> QuerySet[Photo, str]:
    photos = Photo.objects.editable_by(owner).exclude(place="").order_by("place")
    return photos.values_list("place", flat=True).distinct()


def place_entries(owner: User, places: Sequence[str]) -> list[Entry]:
    """Those of a page, in their order."""
    found = _summary(owner, "place", places)
    return [Entry(name, name, *found[name]) for name in places if name in found]


def _summary(owner: User, field: str, keys: Sequence[Any]) -> dict[Any, tuple[int, UUID]]:
    """For each value of the field: how many photos have it, and the newest of them."""
    newest_first = [F("created_at").desc(), F("pk").asc()]
    photos = (
        Photo.objects.editable_by(owner)
        .filter(**{f"{field}__in": keys})
        .annotate(
            number=Window(Count("pk"), partition_by=F(field)),
            rank=Window(RowNumber(), partition_by=F(field), order_by=newest_first),
        )
        .filter(rank=1)
        .order_by()
    )
    return {key: (number, pk) for key, number, pk in photos.values_list(field, "number", "pk")}
