"""What pages and the API read, without a query per row."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.models import Album, AlbumQuerySet, Photo, PhotoQuerySet, Viewer, published
from jobs.models import Job, JobQuerySet


def visible_colorizations(viewer: Viewer) -> ColorizationQuerySet:
    """Owner and staff see every state; everybody else sees the results of published photos."""
    shown = published("source__photo__album__") & Q(
        source__photo__hidden_at=None, source__photo__trashed_at=None
    )
    of_everybody: ColorizationQuerySet = Colorization.objects.kept().succeeded().filter(shown)
    return of_everybody | Colorization.objects.visible_to(viewer)


def public_albums() -> AlbumQuerySet:
    """Published albums that show at least one colorization, newest first; `photo_count`, `cover_colorization`."""
    albums = (
        Album.objects.published()
        .select_related("owner")
        .annotate(
            photo_count=Count("photos", filter=Q(photos__hidden_at=None, photos__trashed_at=None)),
            cover_colorization=_cover(Q(source__photo__hidden_at=None)),
        )
    )
    return albums.filter(cover_colorization__isnull=False).order_by("-published_at", "pk")


def own_albums(owner: User) -> AlbumQuerySet:
    """The owner's albums, newest first; `photo_count`, `cover_colorization`, `cover_photo`."""
    newest = Photo.objects.filter(album=OuterRef("pk"), trashed_at=None).values("pk")[:1]
    albums = Album.objects.editable_by(owner).annotate(
        photo_count=Count("photos", filter=Q(photos__trashed_at=None)),
        cover_colorization=_cover(Q()),
        cover_photo=Subquery(newest),
    )
    # Of what is grouped, as here to be counted, Django forgets the usual order.
    return albums.order_by("-created_at", "pk")


def _cover(condition: Q) -> Subquery:
    succeeded = (
        Colorization.objects.kept()
        .succeeded()
        .filter(condition, source__photo__album=OuterRef("pk"), source__photo__trashed_at=None)
    )
    return Subquery(succeeded.values("pk")[:1])


def latest_photos(owner: User) -> PhotoQuerySet:
    """The owner's photos of all albums, newest first; `latest` needs no query."""
    return with_colorizations(Photo.objects.editable_by(owner), owner)


def album_photos_with_latest(album: Album, viewer: Viewer) -> PhotoQuerySet:
    """The album's photos that the viewer may see; `latest` needs no query."""
    return with_colorizations(Photo.objects.visible_to(viewer).filter(album=album), viewer)


def photos_with_sha256(owner: User, digests: Iterable[str]) -> list[Photo]:
    """For each of these checksums the newest photo of the owner whose original has it, if there is one."""
    photos = Photo.objects.editable_by(owner).filter(original__sha256__in=digests)
    oldest_first = photos.select_related("original", "album").order_by("created_at", "pk")
    return list({photo.original.sha256: photo for photo in oldest_first}.values())


def with_colorizations(photos: PhotoQuerySet, viewer: Viewer) -> PhotoQuerySet:
    """The photos with those of their colorizations that the viewer may see."""
    versions = visible_colorizations(viewer).select_related("result")
    colorizations = Prefetch("original__colorizations", queryset=versions)
    return photos.select_related("original").prefetch_related(colorizations)


def photo_colorizations(photo: Photo, viewer: Viewer) -> ColorizationQuerySet:
    """The versions of a photo that the viewer may see, newest first."""
    versions: ColorizationQuerySet = visible_colorizations(viewer).filter(source=photo.original_id)
    return versions


def own_jobs(owner: User) -> JobQuerySet:
    """The owner's jobs of all kinds, with what they are about; not of what is in the trash."""
    kept = Job.objects.editable_by(owner).filter(colorization__trashed_at=None)
    return kept.select_related("colorization__source__photo", "album_archive__album__owner")


def any_open(photos: Iterable[Photo]) -> bool:
    """Whether something is still queued or running; for photos with prefetched colorizations."""
    return any(not version.job.is_finished for photo in photos for version in photo.colorizations)
