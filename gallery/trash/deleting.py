"""Deleting as people do it: into the trash, with what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from colorizer import services as colorizer
from colorizer.models import Colorization, ColorizationQuerySet
from gallery import archives, downloads
from gallery.models import Album, Archive, Photo, PhotoQuerySet
from gallery.moments import database_time
from jobs import services as jobs

TICK: Final = timedelta(microseconds=1)


def trash_colorization(colorization: Colorization) -> datetime:
    """One version. Returns what `restoring.undo` asks for, as the others here do."""
    owner_id = colorization.owner_id
    with transaction.atomic():
        jobs.lock_owner(owner_id)
        moment = _moment(owner_id)
        _trash_versions(Colorization.objects.filter(pk=colorization.pk), moment)
    return moment


def trash_photos(photos: Sequence[Photo]) -> datetime:
    """Photos of one owner with their versions. What is being made of them is cancelled."""
    owner_id = photos[0].album.owner_id
    with transaction.atomic():
        jobs.lock_owner(owner_id)
        moment = _moment(owner_id)
        _trash(Photo.objects.filter(pk__in=[photo.pk for photo in photos]), moment)
    return moment


def trash_album(album: Album) -> datetime:
    """An album with its photos and their versions. Its zip files are deleted: they can be made again."""
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        moment = _moment(album.owner_id)
        archives.delete_archives(Archive.objects.filter(album=album))
        _trash(Photo.objects.filter(album=album), moment)
        Album.objects.kept().filter(pk=album.pk).update(trashed_at=moment)
    return moment


def _trash(photos: PhotoQuerySet, moment: datetime) -> None:
    kept = photos.kept()
    _trash_versions(Colorization.objects.filter(source__photo__in=kept.order_by()), moment)
    kept.update(trashed_at=moment)


def _trash_versions(versions: ColorizationQuerySet, moment: datetime) -> None:
    downloads.delete_of(versions.kept())
    colorizer.trash(versions, moment)


def _moment(owner_id: int) -> datetime:
    """Now, by the clock of the database: what is deleted together has it, and nothing else of the owner."""
    before = [
        Album.objects.filter(owner=owner_id, trashed_at__isnull=False),
        Photo.objects.filter(album__owner=owner_id, trashed_at__isnull=False),
        Colorization.objects.filter(owner=owner_id, trashed_at__isnull=False),
    ]
    latest = [things.order_by().aggregate(latest=Max("trashed_at"))["latest"] for things in before]
    after: list[datetime] = [moment + TICK for moment in latest if moment]
    return max([database_time(), *after])
