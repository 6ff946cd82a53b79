"""What pages and the API read, without a query per row."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.models import Album, AlbumQuerySet, Photo, PhotoQuerySet, Viewer


def public_albums() -> AlbumQuerySet:
    """Published albums that show at least one colour photo, newest first; `photo_count`, `covers` (the newest photo)."""
    colored = Colorization.objects.succeeded().values("photo")
    shown = Photo.objects.filter(hidden_at=None, pk__in=colored)
    return (
        _with_covers(Album.objects.published(), shown)
        .filter(pk__in=shown.values("album"))
        .annotate(photo_count=Count("photos", filter=Q(photos__hidden_at=None)))
        .order_by("-published_at", "pk")
    )


def albums_of(owner: User) -> AlbumQuerySet:
    """The owner's albums, newest first; `photo_count`, `covers` (the newest photo)."""
    return _with_covers(owner.albums.all(), Photo.objects.all()).annotate(
        photo_count=Count("photos")
    )


def album_photos_with_latest(album: Album, viewer: Viewer) -> PhotoQuerySet:
    """The album's photos that the viewer may see; `latest_pair` and `latest_result` cost nothing."""
    return album.photos.visible_to(viewer).prefetch_related("colorizations")


def photo_pairs(photo: Photo) -> ColorizationQuerySet:
    """The versions of a photo, newest first."""
    return photo.colorizations.all()


def _with_covers(albums: AlbumQuerySet, photos: PhotoQuerySet) -> AlbumQuerySet:
    newest = photos.prefetch_related("colorizations")[:1]
    return albums.prefetch_related(Prefetch("photos", queryset=newest, to_attr="covers"))
