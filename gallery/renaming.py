"""Giving people, tags and places another name, or taking it away. With the name of another one, the two become one."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from filestore.services import in_batches
from gallery.labels import L
from gallery.models import Photo
from gallery.search_text import fold, refresh
from jobs import services as jobs

PHOTOS_PER_QUERY = 200


def namesake(label: L, name: str) -> L | None:
    """Another label of the same owner that has this name."""
    # Compared here: SQLite knows upper and lower case of ASCII only.
    others = type(label).objects.filter(owner=label.owner_id).exclude(pk=label.pk)
    return next((other for other in others if fold(other.name) == fold(name)), None)


def rename(label: L, name: str) -> L:
    """The label with its new name, or the one that has this name, which gets the photos of both.

    Raises:
        GoneError: the label was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(label.owner_id)
        jobs.require(type(label).objects.filter(pk=label.pk))
        photos = list(Photo.objects.filter(pk__in=label.photos.values("pk")))
        found = namesake(label, name)
        if found:
            for some in in_batches(photos, PHOTOS_PER_QUERY):
                found.photos.add(*some)
            label.delete()
        else:
            label.name = name
            label.save(update_fields=["name"])
        refresh(photos)
    return found or label


def delete(label: L) -> None:
    """Take a person or a tag from all photos.

    Raises:
        GoneError: the label was deleted before.
    """
    with transaction.atomic():
        jobs.lock_owner(label.owner_id)
        jobs.require(type(label).objects.filter(pk=label.pk))
        photos = list(Photo.objects.filter(pk__in=label.photos.values("pk")))
        label.delete()
        refresh(photos)


def rename_place(owner: User, place: str, name: str) -> None:
    """Of all photos of the owner that were taken there, those in the trash, too."""
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        there = Photo.objects.filter(album__owner=owner, place=place)
        photos = list(there.only("pk"))
        there.update(place=name)
        refresh(photos)
