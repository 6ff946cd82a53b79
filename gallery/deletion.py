"""Deleting for good: what was in the trash long enough, for staff, and with an account."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from colorizer import packs
from colorizer import services as colorizer
from colorizer.models import Colorization, ColorizationQuerySet
from filestore import services as filestore
from filestore import uploads
from filestore.models import StoredFile, Upload
from gallery import archives, downloads, labels
from gallery.models import Album, Archive, Photo, PhotoQuerySet
from jobs import services as jobs
from jobs.models import Job


def delete_colorization(colorization: Colorization) -> None:
    delete_colorizations(Colorization.objects.filter(pk=colorization.pk))


def delete_colorizations(colorizations: ColorizationQuerySet) -> None:
    """With what was made of them to be downloaded."""
    with transaction.atomic():
        downloads.delete_of(colorizations)
        colorizer.delete(colorizations)


def delete_photo(photo: Photo) -> None:
    """Delete a photo, its colorizations and all their files."""
    delete_photos([photo])


def delete_photos(photos: Sequence[Photo]) -> None:
    """Delete photos of one owner with their colorizations and all their files."""
    with transaction.atomic():
        jobs.lock_owner(photos[0].album.owner_id)
        _delete_photos(Photo.objects.filter(pk__in=[photo.pk for photo in photos]))
        labels.delete_unused(photos[0].album.owner_id)


def delete_album(album: Album) -> None:
    """Delete an album with everything in it."""
    with transaction.atomic():
        # The owner first, as whoever queues a job does: nobody waits in a ring.
        jobs.lock_owner(album.owner_id)
        # Locked: a photo that is being added at the same time waits, and then fails for lack of an album.
        locked = Album.objects.select_for_update().filter(pk=album.pk)
        for found in locked:
            archives.delete_archives(Archive.objects.filter(album=found))
            _delete_photos(Photo.objects.filter(album=found))
            found.delete()
        labels.delete_unused(album.owner_id)


def delete_person(person: User) -> None:
    """Delete an account with all albums."""
    with transaction.atomic():
        jobs.lock_owner(person.pk)
        # Before the next lock, which a worker that is about to write a result of theirs would wait for.
        jobs.delete(Job.objects.filter(owner=person))
        # Locked: an album that is being created at the same time waits, and then fails for lack of an owner.
        User.objects.select_for_update().get(pk=person.pk)
        archives.delete_archives(Archive.objects.filter(owner=person))
        for album in person.albums.all():
            delete_album(album)
        uploads.delete(Upload.objects.filter(owner=person))
        filestore.delete(StoredFile.objects.of(person))
        person.delete()


def _delete_photos(photos: PhotoQuerySet) -> None:
    locked = list(photos.select_for_update(of=("self",)))
    originals = StoredFile.objects.filter(pk__in=[photo.original_id for photo in locked])
    delete_colorizations(Colorization.objects.filter(source__in=originals))
    packs.delete_of(originals.values_list("pk", flat=True))
    Photo.objects.filter(pk__in=[photo.pk for photo in locked]).delete()
    filestore.delete(originals)
