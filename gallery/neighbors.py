"""Where a photo stands in its album, and which photos are beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Window
from django.db.models.functions import Lag, Lead, RowNumber

from gallery.models import Photo, Viewer
from gallery.queries import in_album_order, with_colorizations


@dataclass(frozen=True)
class Place:
    """What a viewer sees beside a photo, in the order of its album.

    Attributes:
        number: of the photo, from 1.
        count: of the photos that the viewer sees.
    """

    number: int
    count: int
    previous: Photo | None = None
    next: Photo | None = None


def place_of(photo: Photo, viewer: Viewer) -> Place:
    """The database walks through the album: no more than the two neighbors are read."""
    seen = Photo.objects.visible_to(viewer).filter(album=photo.album_id)
    by_section = photo.album.sections.exists()
    ordered = in_album_order(seen, photo.album, by_section=by_section)
    order: Any = list(ordered.query.order_by)
    beside = ordered.annotate(
        one_before=Window(Lag("pk"), order_by=order),
        one_after=Window(Lead("pk"), order_by=order),
        number=Window(RowNumber(), order_by=order),
        count=Window(Count("pk")),
    ).filter(Q(one_before=photo.pk) | Q(one_after=photo.pk))
    found = list(with_colorizations(beside, viewer))
    previous = next((each for each in found if each.one_after == photo.pk), None)  # type: ignore[attr-defined]
    following = next((each for each in found if each.one_before == photo.pk), None)  # type: ignore[attr-defined]
    number = previous.number + 1 if previous else 1  # type: ignore[attr-defined]
    count = found[0].count if found else 1  # type: ignore[attr-defined]
    return Place(number, count, previous, following)
