"""What people and staff do with albums, photos and pairs. Views, API, admin and commands call these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from colorizer import derivatives
from colorizer import services as colorizer_services
from colorizer.errors import TooManyJobsError
from colorizer.models import Colorization
from gallery.errors import UploadError
from gallery.intake import Upload, validate_upload
from gallery.models import (
    Album,
    AlbumQuerySet,
    Photo,
    PhotoQuerySet,
    Report,
    display_path,
    original_path,
    thumbnail_path,
)

Refusal = UploadError | TooManyJobsError

# Decoded pictures take up to half a gigabyte each: no more of them at the same time.
DECODING = BoundedSemaphore(2)
HIDING = ["hidden_at", "hidden_by", "hidden_reason"]
DEFAULT_ALBUM_TITLE = "My photos"
SUFFIXES = {
    Photo.Format.JPEG: ".jpg",
    Photo.Format.PNG: ".png",
    Photo.Format.WEBP: ".webp",
    Photo.Format.TIFF: ".tif",
    Photo.Format.BMP: ".bmp",
    Photo.Format.GIF: ".gif",
    Photo.Format.HEIC: ".heic",
    Photo.Format.AVIF: ".avif",
}


def create_album(owner: User, title: str, description: str = "") -> Album:
    album = Album(owner=owner, title=title, description=description)
    album.full_clean()
    album.save()
    return album


def edit_album(album: Album, title: str, description: str) -> None:
    """Staff may hide the album at the same time: only what is edited is saved."""
    album.title = title
    album.description = description
    album.save(update_fields=["title", "description"])


def default_album(owner: User) -> Album:
    """The owner's oldest album named "My photos", made on first use."""
    albums = owner.albums.filter(title=DEFAULT_ALBUM_TITLE).order_by("created_at")
    return albums.first() or _make_default_album(owner, albums)


def _make_default_album(owner: User, albums: AlbumQuerySet) -> Album:
    with transaction.atomic():
        # Pages send several first uploads at the same time: one after the other here.
        User.objects.select_for_update().get(pk=owner.pk)
        return albums.first() or create_album(owner, DEFAULT_ALBUM_TITLE)


def add_photo(album: Album, file: UploadedFile[bytes]) -> Photo:
    """Take a file into the album; UploadError tells why not. All of it is kept, or nothing."""
    with _stored(album, file) as photo:
        photo.save(force_insert=True)
        return photo


def add_photo_and_colorize(
    album: Album, file: UploadedFile[bytes], variant: str, render_factor: int
) -> Colorization:
    """UploadError names what is wrong with the file, ValidationError with the choices."""
    colorizer_services.check_choices(variant, render_factor)
    with _stored(album, file) as photo, transaction.atomic():
        photo.save(force_insert=True)
        return colorizer_services.enqueue(photo, variant, render_factor)


def add_photos_and_colorize(
    album: Album, files: Iterable[UploadedFile[bytes]], variant: str, render_factor: int
) -> tuple[list[Colorization], list[tuple[str, Refusal]]]:
    """Good files are taken in; the others come back by name with the reason."""
    pairs: list[Colorization] = []
    refused: list[tuple[str, Refusal]] = []
    for file in files:
        try:
            pairs.append(add_photo_and_colorize(album, file, variant, render_factor))
        except (UploadError, TooManyJobsError) as error:
            refused.append((file.name or "", error))
    return pairs, refused


@contextmanager
def _stored(album: Album, file: UploadedFile[bytes]) -> Iterator[Photo]:
    """A photo whose files are stored: for good when the body, which saves the row, succeeds."""
    with DECODING:
        upload = validate_upload(file)
        photo = _new_photo(album, upload)
        with _all_or_no_files(photo):
            _store_files(photo, file, upload.picture)
            yield photo


def _new_photo(album: Album, upload: Upload) -> Photo:
    width, height = upload.picture.size
    photo = Photo(
        album=album,
        original_name=upload.name,
        format=upload.format,
        width=width,
        height=height,
        bytes=upload.bytes,
        sha256=upload.sha256,
    )
    photo.original = original_path(photo, f"original{SUFFIXES[upload.format]}")
    photo.display = display_path(photo, "display.jpg")
    photo.thumbnail = thumbnail_path(photo, "thumbnail.jpg")
    return photo


def _store_files(photo: Photo, file: UploadedFile[bytes], picture: Image.Image) -> None:
    file.seek(0)
    for field, content in (
        (photo.original, file),
        (photo.display, derivatives.display(picture)),
        (photo.thumbnail, derivatives.thumbnail(picture)),
    ):
        field.name = field.storage.save(field.name, content)


@contextmanager
def _all_or_no_files(photo: Photo) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for file in _files(photo):
            if file.storage.exists(str(file.name)):
                file.storage.delete(str(file.name))
        raise


def _files(photo: Photo) -> tuple[FieldFile, ...]:
    return photo.original, photo.display, photo.thumbnail


def publish(album: Album) -> None:
    album.visibility = Album.Visibility.PUBLIC
    album.published_at = album.published_at or timezone.now()
    album.save(update_fields=["visibility", "published_at"])


def unpublish(album: Album) -> None:
    album.visibility = Album.Visibility.PRIVATE
    album.published_at = None
    album.save(update_fields=["visibility", "published_at"])


def delete_colorization(colorization: Colorization) -> None:
    colorizer_services.delete(Colorization.objects.filter(pk=colorization.pk))


def delete_photo(photo: Photo) -> None:
    """Delete a photo, its pairs and all their files."""
    with transaction.atomic():
        _delete_photos(Photo.objects.filter(pk=photo.pk))


def delete_album(album: Album) -> None:
    """Delete an album with everything in it."""
    with transaction.atomic():
        # Locked: a photo that is being added waits, and then finds no album to belong to.
        locked = Album.objects.select_for_update().filter(pk=album.pk)
        for found in locked:
            _delete_photos(Photo.objects.filter(album=found))
            found.delete()


def delete_person(person: User) -> None:
    """Delete an account with all albums."""
    with transaction.atomic():
        # Locked: an album that is being made waits, and then finds nobody to belong to.
        User.objects.select_for_update().get(pk=person.pk)
        for album in person.albums.all():
            delete_album(album)
        person.delete()


def _delete_photos(photos: PhotoQuerySet) -> None:
    locked = list(photos.select_for_update(of=("self",)))
    colorizer_services.delete(Colorization.objects.filter(photo__in=photos))
    photos.delete()
    for photo in locked:
        colorizer_services.delete_files_on_commit(_files(photo))


def hide(obj: Album | Photo, by: User, reason: str) -> None:
    """From the next request on only the owner, who reads the reason, and staff see it."""
    obj.hidden_at = timezone.now()
    obj.hidden_by = by
    obj.hidden_reason = reason.strip()
    obj.validate_constraints()
    obj.save(update_fields=HIDING)


def restore(obj: Album | Photo) -> None:
    obj.hidden_at = None
    obj.hidden_by = None
    obj.hidden_reason = ""
    obj.save(update_fields=HIDING)


def report(
    colorization: Colorization, reporter: User | None, reason: str, details: str = ""
) -> Report:
    """Tell staff about a pair. Who complains again, before staff decided, keeps one report."""
    complaint = Report(
        colorization=colorization, reporter=reporter, reason=reason, details=details.strip()
    )
    complaint.clean_fields()
    if reporter is None:
        complaint.save()
        return complaint
    return Report.objects.update_or_create(
        colorization=colorization,
        reporter=reporter,
        resolved_at=None,
        defaults={"reason": reason, "details": complaint.details},
    )[0]


def resolve_report(report: Report, by: User, outcome: Report.Outcome) -> bool:
    """Close a report; False when a colleague has closed it before."""
    changed = (
        Report.objects.open()
        .filter(pk=report.pk)
        .update(outcome=outcome, resolved_at=timezone.now(), resolved_by=by)
    )
    return changed == 1
