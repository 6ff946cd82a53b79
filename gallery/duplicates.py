"""The same bytes that a person uploaded more than once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from filestore.models import StoredFile
from gallery import queries, services
from gallery.models import Photo, PhotoQuerySet
from jobs import services as jobs


def checksums(owner: User) -> list[str]:
    """Those of originals that several of the owner's photos have."""
    own = Photo.objects.editable_by(owner).order_by().values("original__sha256")
    several = own.annotate(copies=Count("pk")).filter(copies__gt=1)
    return list(several.order_by("original__sha256").values_list("original__sha256", flat=True))


def groups(owner: User, checksums: Sequence[str]) -> list[list[Photo]]:
    """The photos with each checksum, the first uploaded first."""
    # First the files, of all owners: they are found by their checksums.
    files = list(StoredFile.objects.filter(sha256__in=checksums).values_list("pk", flat=True))
    photos = (
        queries.latest_photos(owner)
        .filter(original__in=files)
        .select_related("album")
        .order_by("original__sha256", "created_at", "pk")
    )
    return [list(same) for _, same in groupby(photos, key=lambda photo: photo.original.sha256)]


def keep_only(photo: Photo) -> tuple[int, datetime | None]:
    """Move the other photos with the same bytes to the trash; returns how many, and what takes them back.

    Raises:
        GoneError: the photo itself was deleted meanwhile, so that another one has to stay.
    """
    owner = photo.album.owner
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        jobs.require(Photo.objects.editable_by(owner).filter(pk=photo.pk))
        same = Photo.objects.editable_by(owner).filter(original__sha256=photo.original.sha256)
        others = list(same.exclude(pk=photo.pk).select_related("album"))
        return len(others), services.trash_photos(others) if others else None


def later_copies(owner: User) -> PhotoQuerySet:
    """All but the first uploaded of each."""
    nth = Window(RowNumber(), partition_by="original__sha256", order_by=["created_at", "pk"])
    return Photo.objects.editable_by(owner).annotate(nth=nth).filter(nth__gt=1)


def keep_first_of_each(owner: User) -> tuple[int, datetime | None]:
    """Move all other copies to the trash; returns as `keep_only`."""
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        others = list(later_copies(owner).select_related("album"))
        return len(others), services.trash_photos(others) if others else None
