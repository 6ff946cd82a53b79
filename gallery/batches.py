"""Photos that come together, as pages of a file or files of an upload, follow each other in every order of an album.

They share one time, and their keys rise.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from colorizer.models import Film
from filestore.models import Upload
from gallery.models import Photo
from gallery.moments import database_time

OPEN_FOR: Final = timedelta(days=1)
VERSION: Final = 7 << 76
VARIANT: Final = 0b10 << 62


def save(photos: Sequence[Photo], added_at: datetime | None = None) -> None:
    """In their order, in the caller's transaction.

    Args:
        added_at: the time of those that they belong to, which are saved already.
    """
    now = database_time()
    keys = sorted(_new_key(now) for _ in photos)
    Film.objects.bulk_create(photo.film for photo in photos if photo.film)
    for photo, key in zip(photos, keys, strict=True):
        photo.pk = key
        photo.save(force_insert=True)
    together = added_at or photos[0].created_at
    for photo in photos:
        photo.created_at = together
    if added_at or len(photos) > 1:
        Photo.objects.filter(pk__in=keys).update(created_at=together)


def _new_key(now: datetime) -> UUID:
    """A UUID of version 7: milliseconds, then chance."""
    milliseconds = int(now.timestamp() * 1000)
    chance = secrets.randbits(12) << 64 | secrets.randbits(62)
    return UUID(int=milliseconds << 80 | VERSION | VARIANT | chance)


def time_of(upload: Upload) -> datetime | None:
    """Of the photos that became of other uploads of its batch; None while it is the first.

    A program may always send the same name: some time after its first photo, a batch takes no more.
    """
    batch = upload.metadata.get("batch")
    if not batch:
        return None
    others = Photo.objects.filter(
        created_at__gt=database_time() - OPEN_FOR,
        original__uploads__owner=upload.owner_id,
        original__uploads__state=Upload.State.USED,
        original__uploads__metadata__batch=batch,
    )
    # Whichever is found first: they have the same. Sorted, all would be looked for.
    return next(iter(others.order_by().values_list("created_at", flat=True)[:1]), None)
