"""For good: what was in the trash for 30 days, and what a person wants to be rid of at once."""

from __future__ import annotations

import time
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from gallery.trash.contents import KEPT_FOR, Trash, expired
from jobs import services as jobs
from jobs.errors import GoneError

BATCH: Final = 50
PERIOD_SECONDS: Final = 60
SECONDS_A_PERIOD: Final = 10
SECONDS_A_REQUEST: Final = 5


def empty_trash(owner: User) -> bool:
    """Delete all that is in the trash; what `delete_forever` returns."""
    return delete_forever(owner, Trash.of(owner))


def delete_forever(owner: User, trash: Trash) -> bool:
    """Delete this part of the owner's trash; nobody sees it from now on.

    Returns:
        Whether every byte is gone. Of very much the rest goes within minutes, when workers run.
    """
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        _expire(trash)
    return _purge(SECONDS_A_REQUEST, owner)


def _expire(trash: Trash) -> None:
    """From now on it is as if its 30 days were over."""
    over = Now() - KEPT_FOR
    albums = list(trash.albums.values_list("pk", flat=True))
    trash.colorizations.update(trashed_at=over)
    trash.photos.update(trashed_at=over)
    # With an album go those of its photos that were deleted before it, too.
    Photo.objects.filter(album__in=albums).update(trashed_at=over)
    Album.objects.filter(pk__in=albums).update(trashed_at=over)


def purge_expired() -> None:
    """What is left after some seconds, the next call deletes. Several hosts may call it at the same time."""
    _purge(SECONDS_A_PERIOD)


def _purge(seconds: float, owner: User | None = None) -> bool:
    end = time.monotonic() + seconds
    while _purge_batch(owner):
        if time.monotonic() > end:
            return False
    return True


def _purge_batch(owner: User | None) -> bool:
    """Photos before albums: an album of 10,000 photos is no single transaction. False: nothing was left."""
    try:
        return _purge_photos(owner) or _purge_colorizations(owner) or _purge_album(owner)
    except GoneError:
        # The account was deleted meanwhile, with all that it had.
        return True


def _purge_photos(owner: User | None) -> bool:
    photos = Photo.objects.filter(expired(), _of("album__owner", owner)).select_related("album")
    first = photos.order_by("trashed_at").first()
    if first is None:
        return False
    with transaction.atomic():
        # Somebody may have restored some a moment ago.
        jobs.lock_owner(first.album.owner_id)
        together = photos.filter(album__owner=first.album.owner_id).order_by("trashed_at", "pk")
        if batch := list(together[:BATCH]):
            services.delete_photos(batch)
    return True


def _purge_colorizations(owner: User | None) -> bool:
    colorizations = Colorization.objects.filter(expired(), _of("owner", owner))
    first = colorizations.order_by("trashed_at").first()
    if first is None:
        return False
    with transaction.atomic():
        # Who asks for the same version meanwhile gets it out of the trash, and then it stays.
        jobs.lock_owner(first.owner_id)
        together = colorizations.filter(owner=first.owner_id).order_by("trashed_at", "pk")
        keys = [colorization.pk for colorization in together[:BATCH]]
        services.delete_colorizations(Colorization.objects.filter(pk__in=keys))
    return True


def _purge_album(owner: User | None) -> bool:
    albums = Album.objects.filter(expired(), _of("owner", owner))
    album = albums.order_by("trashed_at").first()
    if album is None:
        return False
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        for left in albums.filter(pk=album.pk):
            services.delete_album(left)
    return True


def _of(path: str, owner: User | None) -> Q:
    return Q(**{path: owner}) if owner else Q()
