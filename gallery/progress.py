"""How far the coloring of a person's photos is: what one request asks for a whole page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Now

from accounts.models import User
from colorizer.tasks import COLORIZE, COLORIZE_FILM
from gallery import queries
from gallery.models import Album, Photo
from jobs.models import Job, JobQuerySet

State = Job.State
LONGEST: Final = timedelta(days=1)
KINDS: Final = [kind.name for kind in (COLORIZE, COLORIZE_FILM)]
QUEUES: Final = [kind.queue for kind in (COLORIZE, COLORIZE_FILM)]


@dataclass(frozen=True)
class Coloring:
    """Of one person. What has ended is counted from the time asked for, a day at most."""

    queued: int
    running: int
    succeeded: int
    failed: int


def coloring_of(owner: User, since: datetime) -> Coloring:
    jobs = Job.objects.editable_by(owner).filter(kind__in=KINDS).order_by()
    ended = Job.objects.filter(
        queue__in=QUEUES,
        state__in=[State.SUCCEEDED, State.FAILED],
        finished_at__gte=since,
        owner=owner,
        kind__in=KINDS,
    ).exclude(finished_at__lt=Now() - LONGEST)
    rows = [*_by_state(jobs.open()), *_by_state(ended.order_by())]
    numbers = dict(rows)
    return Coloring(
        **{state: numbers.get(state, 0) for state in ("queued", "running", "succeeded", "failed")}
    )


def _by_state(jobs: JobQuerySet) -> list[tuple[str, int]]:
    return list(jobs.values_list("state").annotate(number=Count("pk")))


def changed_photos(user: User, asked: Iterable[UUID]) -> tuple[list[Photo], set[UUID]]:
    """Of photos that a page shows as open: those that are no longer in queue, and those that are gone."""
    keys = set(asked)
    visible = Photo.objects.visible_to(user).filter(pk__in=keys).select_related("album")
    photos = list(queries.with_colorizations(visible, user)) if keys else []
    changed = [photo for photo in photos if not _is_queued(photo)]
    return changed, keys - {photo.pk for photo in photos}


def _is_queued(photo: Photo) -> bool:
    return photo.shown_version is not None and photo.shown_version.job.state == State.QUEUED


def photo_counts(user: User, albums: Iterable[UUID]) -> dict[UUID, int]:
    kept = Count("photos", filter=Q(photos__trashed_at=None))
    rows = Album.objects.editable_by(user).filter(pk__in=list(albums)).order_by()
    return dict(rows.annotate(number=kept).values_list("pk", "number"))
