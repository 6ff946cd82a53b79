"""Out of the trash again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from colorizer import services as colorizer
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from gallery.trash.contents import Trash, photos_of
from jobs import services as jobs


@dataclass
class Restored:
    """What came back.

    Attributes:
        photos: without those that came with their album.
        moved_to: the album of photos whose own is still in the trash, None when there are none.
        unpublished: titles of albums that were public, and are private now.
    """

    albums: list[Album] = field(default_factory=list)
    photos: int = 0
    moved: int = 0
    moved_to: Album | None = None
    colorizations: int = 0
    unpublished: list[str] = field(default_factory=list)

    @property
    def album_count(self) -> int:
        return len(self.albums)

    def __bool__(self) -> bool:
        return bool(self.albums or self.photos or self.colorizations)


def restore(owner: User, trash: Trash) -> Restored:
    """Bring back what is in this part of the owner's trash, as far as it is still there."""
    restored = Restored()
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        # Albums first: photos that were deleted before them go back into them.
        for album in trash.albums:
            _restore_album(album, restored)
        _restore_photos(owner, trash, restored)
        restored.colorizations = colorizer.restore(trash.colorizations)
    return restored


def undo(owner: User, moment: datetime) -> Restored:
    """Take back the deletion that returned this moment."""
    return restore(owner, Trash.of(owner).at(moment))


def _restore_album(album: Album, restored: Restored) -> None:
    """With the photos and versions that were deleted with it. It is private: who knew a link sees nothing."""
    photos = photos_of(album).order_by()
    colorizer.restore(
        Colorization.objects.filter(source__photo__in=photos, trashed_at=album.trashed_at)
    )
    photos.update(trashed_at=None)
    if album.is_public:
        restored.unpublished.append(album.title)
    Album.objects.filter(pk=album.pk).update(
        trashed_at=None, visibility=Album.Visibility.PRIVATE, published_at=None
    )
    restored.albums.append(album)


def _restore_photos(owner: User, trash: Trash, restored: Restored) -> None:
    keys = list(trash.photos.order_by().values_list("pk", flat=True))
    if not keys:
        return
    photos = Photo.objects.filter(pk__in=keys)
    # Versions that were deleted before their photo stay in the trash.
    versions = Colorization.objects.filter(
        source__photo__in=keys, trashed_at=F("source__photo__trashed_at")
    )
    colorizer.restore(versions)
    _move_out_of_the_trash(owner, keys, restored)
    restored.photos = photos.update(trashed_at=None)


def _move_out_of_the_trash(owner: User, keys: list[UUID], restored: Restored) -> None:
    """A photo whose album stays in the trash comes back in "My photos"."""
    lost = Photo.objects.filter(pk__in=keys, album__trashed_at__isnull=False)
    moved = list(lost.values_list("pk", flat=True))
    if moved:
        restored.moved, restored.moved_to = len(moved), services.default_album(owner)
        Album.objects.filter(cover__in=moved).update(cover=None)
        Photo.objects.filter(pk__in=moved).update(album=restored.moved_to, section=None, position=0)
