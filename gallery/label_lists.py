"""People, tags and places of a person's photos: how many photos each has, and one to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Window
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


def label_entries(labels: Sequence[L]) -> list[Entry]:
    """Those of a page, in their order. The cover is the photo that has had the label for the shortest time."""
    if not labels:
        return []
    field = str(labels[0]._meta.model_name)
    rows = getattr(Photo, FIELDS[type(labels[0])]).through._default_manager
    of_page = rows.filter(**{f"{field}__in": labels}, photo__trashed_at=None)
    counted = of_page.values(field).annotate(number=Count("pk"), last=Max("pk"))
    found = {
        key: (number, last) for key, number, last in counted.values_list(field, "number", "last")
    }
    covers = dict(
        rows.filter(pk__in=[last for _, last in found.values()]).values_list(field, "photo")
    )
    return [
        Entry(label.pk, label.name, found[label.pk][0], covers[label.pk])
        for label in labels
        if label.pk in covers
    ]


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
    return [
        Entry(place, place, number, cover)
        for place, number, cover in photos.values_list("place", "number", "pk")
    ]
