"""What pages and the API read, without a query per row."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.models import Album, AlbumQuerySet, Photo, PhotoQuerySet, Viewer


def public_albums() -> AlbumQuerySet:
    """Published albums that show at least one pair, newest first; `photo_count`, `cover_pair`."""
    albums = (
        Album.objects.published()
        .select_related("owner")
        .annotate(
            photo_count=Count("photos", filter=Q(photos__hidden_at=None)),
            cover_pair=_cover_pair(Q(photo__hidden_at=None)),
        )
    )
    return albums.filter(cover_pair__isnull=False).order_by("-published_at", "pk")


def own_albums(owner: User) -> AlbumQuerySet:
    """The owner's albums, newest first; `photo_count`, `cover_pair`, `cover_photo`."""
    newest = Photo.objects.filter(album=OuterRef("pk")).values("pk")[:1]
    return Album.objects.editable_by(owner).annotate(
        photo_count=Count("photos"), cover_pair=_cover_pair(Q()), cover_photo=Subquery(newest)
    )


def _cover_pair(condition: Q) -> Subquery:
    pairs = Colorization.objects.succeeded().filter(condition, photo__album=OuterRef("pk"))
    return Subquery(pairs.values("pk")[:1])


def latest_photos(owner: User) -> PhotoQuerySet:
    """The owner's photos of all albums, newest first; `latest` costs nothing."""
    return Photo.objects.editable_by(owner).prefetch_related("colorizations")


def album_photos_with_latest(album: Album, viewer: Viewer) -> PhotoQuerySet:
    """The album's photos that the viewer may see; `latest` costs nothing."""
    return with_pairs(Photo.objects.visible_to(viewer).filter(album=album), viewer)


def with_pairs(photos: PhotoQuerySet, viewer: Viewer) -> PhotoQuerySet:
    """The photos with those of their pairs that the viewer may see."""
    pairs = Colorization.objects.visible_to(viewer)
    return photos.prefetch_related(Prefetch("colorizations", queryset=pairs))


def photo_pairs(photo: Photo, viewer: Viewer) -> ColorizationQuerySet:
    """The versions of a photo that the viewer may see, newest first."""
    return Colorization.objects.visible_to(viewer).filter(photo=photo)


def any_open(photos: Iterable[Photo]) -> bool:
    """Whether something is still queued or running; for photos with prefetched `colorizations`."""
    return any(not pair.is_finished for photo in photos for pair in photo.colorizations.all())
