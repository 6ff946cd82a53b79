"""Copies of photos: each has files of its own, and nothing of it depends on the other."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from typing import Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from colorizer import services as colorizer
from colorizer.copies import CopiedVersions, copy_finished
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.models import Album, Photo
from gallery.quota import check_quota
from jobs import services as jobs
from jobs.errors import GoneError
from jobs.models import Job

PHOTOS_A_TRANSACTION: Final = 20


def copy_photos(photos: Sequence[Photo], album: Album) -> dict[uuid.UUID, uuid.UUID]:
    """Into an album of their owner, which may be another or the same; returns the copies by their photos.

    Files, details and finished versions come along. A photo whose copy is there already, as after a
    double click, is left out. Many photos are copied in several transactions: each is whole or not there.
    Whether there is room for all, `check_room` tells beforehand.

    Raises:
        UploadError: there is no room for those that are left.
        GoneError: the album or a photo was deleted.
    """
    own = {photo.pk for photo in photos}
    made: dict[uuid.UUID, uuid.UUID] = {}
    # The oldest first: the copies are as new as each other in the order of the originals.
    for batch in filestore.in_batches(reversed(photos), PHOTOS_A_TRANSACTION):
        left = batch
        while left := _without_those_in(album, left, own | {*made.values()}):
            if copies := _copy_batch(left, album, own | {*made.values()}):
                made |= zip([photo.pk for photo in left], copies, strict=True)
                break
    return made


def without_copy(photos: Sequence[Photo], album: Album) -> list[Photo]:
    """Those of which the album has no copy yet."""
    return _without_those_in(album, photos, {photo.pk for photo in photos})


def check_room(photos: Iterable[Photo], owner: User) -> None:
    """
    Raises:
        UploadError: there is no room for copies of all of them.
    """
    if filestore.quota_of(owner) is None:
        return
    batches = filestore.in_batches(photos, services.PHOTOS_A_STATEMENT)
    check_quota(owner, sum(map(_bytes_of, batches)))


def album_for(
    photos: Sequence[Photo], album: Album | None, title: str
) -> tuple[Album, list[Photo]]:
    """The album or a new one, and the photos of which it has no copy yet.

    Sent twice by a double click, it makes one album: the second finds the copies there.

    Raises:
        UploadError: there is no room for all of these, so a new album would stay empty.
    """
    owner = User.objects.get(pk=photos[0].album.owner_id)
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        album = album or _same_album(owner, photos, title)
        missing = without_copy(photos, album) if album else list(photos)
        check_room(missing, owner)
        return album or services.create_album(owner, title), missing


def _same_album(owner: User, photos: Sequence[Photo], title: str) -> Album | None:
    copies = Photo.objects.editable_by(owner).filter(
        album__title=title, original__sha256=photos[-1].original.sha256
    )
    albums = {photo.album_id for photo in photos}
    found = copies.exclude(album__in=albums).select_related("album").first()
    return found.album if found else None


def _without_those_in(
    album: Album, photos: Sequence[Photo], own: Collection[uuid.UUID]
) -> list[Photo]:
    """Args: own: photos of the album that are no copies which another request made."""
    known: set[str] = set()
    for some in filestore.in_batches(photos, services.PHOTOS_A_STATEMENT):
        same = album.photos.kept().filter(
            original__sha256__in={photo.original.sha256 for photo in some}
        )
        rows = same.values_list("pk", "original__sha256")
        known |= {digest for key, digest in rows if key not in own}
    return [photo for photo in photos if photo.original.sha256 not in known]


def _bytes_of(photos: Iterable[Photo]) -> int:
    originals = [photo.original_id for photo in photos]
    versions = colorizer.finished(originals)
    results = versions.values("result")
    adjusted = versions.filter(adjustment__job__state=Job.State.SUCCEEDED)
    unadjusted = adjusted.values("adjustment__unadjusted")
    kept = StoredFile.objects.filter(
        models.Q(pk__in=originals)
        | models.Q(derived_from__in=originals)
        | models.Q(pk__in=results)
        | models.Q(derived_from__in=results)
        | models.Q(pk__in=unadjusted)
        | models.Q(derived_from__in=unadjusted)
    )
    return kept.total_bytes()


def _copy_batch(
    photos: Sequence[Photo], album: Album, own: Collection[uuid.UUID]
) -> list[uuid.UUID]:
    """The keys of the copies; none when another request has copied some of the photos meanwhile."""
    with filestore.new_files() as files:
        copies, versions = _with_files(photos, album, files)
        with transaction.atomic():
            jobs.lock_owner(album.owner_id)
            jobs.require(Album.objects.kept().filter(pk=album.pk))
            if len(_without_those_in(album, photos, own)) < len(photos):
                return []
            check_quota(album.owner, files.total_bytes)
            files.save()
            Photo.objects.bulk_create(copies)
            for of_one in versions:
                of_one.save()
            for name in ("people", "tags"):
                _copy_labels(name, photos, copies)
    return [other.pk for other in copies]


def _with_files(
    photos: Sequence[Photo], album: Album, files: filestore.NewFiles
) -> tuple[list[Photo], list[CopiedVersions]]:
    """
    Raises:
        GoneError: a photo was deleted for good.
    """
    try:
        copies = [_copy(photo, album, files) for photo in photos]
        versions = [
            copy_finished(photo.original, other.original, files)
            for photo, other in zip(photos, copies, strict=True)
        ]
    except FileNotFoundError as error:
        raise GoneError(_("The photo was deleted.")) from error
    return copies, versions


def _copy(photo: Photo, album: Album, files: filestore.NewFiles) -> Photo:
    """With what is known of it, and what moderators decided; its place is a new one."""
    other = copy(photo)
    other.pk = uuid.uuid4()
    other.album = album
    other.section = None
    other.position = 0
    other.original = files.add_copy(photo.original)
    return other


def _copy_labels(name: str, photos: Sequence[Photo], copies: Sequence[Photo]) -> None:
    """The people or the tags of the photos."""
    through = getattr(Photo, name).through
    label = "person_id" if name == "people" else "tag_id"
    copy_of = {photo.pk: other.pk for photo, other in zip(photos, copies, strict=True)}
    rows = through.objects.filter(photo__in=list(copy_of))
    through.objects.bulk_create(
        through(photo_id=copy_of[row.photo_id], **{label: getattr(row, label)}) for row in rows
    )
