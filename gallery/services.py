"""What people do with albums and photos. Views, API, staff pages and commands call these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from colorizer import services as colorizer
from colorizer.engine.imageio.description import Description
from colorizer.errors import UploadError
from colorizer.guiding import UNGUIDED, Guide
from colorizer.models import Colorization, Film
from colorizer.picture_files import add_picture
from colorizer.uploads import DecodedUpload, blank_document, decoded_pages
from filestore import services as filestore
from filestore import uploads
from filestore.models import StoredFile, Upload
from gallery import batches, deletion, details
from gallery.models import Album, AlbumQuerySet, Photo
from gallery.quota import check_quota, lack_of_room
from gallery.trash import deleting
from jobs import services as jobs
from jobs.errors import GoneError, TooManyJobsError

Refusal = UploadError | TooManyJobsError

DEFAULT_ALBUM_TITLE: Final = gettext_noop("My photos")
PHOTOS_A_STATEMENT: Final = 500


def create_album(owner: User, title: str, description: str = "", **choices: Any) -> Album:
    """Args: choices: other fields of the album."""
    album = Album(owner=owner, title=title, description=description, **choices)
    # The database checks the rest.
    album.clean_fields(exclude={"owner"})
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        album.save()
    return album


def edit_album(album: Album, **fields: Any) -> None:
    """Title, description, order of photos; `cover` None is the newest result."""
    _change(album, **fields)


def choose_cover(photo: Photo) -> None:
    """For its album. One that leaves the album is no cover anymore."""
    _change(photo.album, cover=photo)


def _change(album: Album, **fields: Any) -> None:
    """Staff may hide the album at the same time: only what is changed is written.

    Raises:
        GoneError: the album was deleted.
    """
    if not Album.objects.kept().filter(pk=album.pk).update(**fields):
        raise GoneError(_("The album was deleted."))
    for name, value in fields.items():
        setattr(album, name, value)


def default_album(owner: User) -> Album:
    """The owner's oldest album named "My photos", made on first use in the language of the moment."""
    own = Album.objects.editable_by(owner)
    albums = own.filter(title__in=default_titles()).order_by("created_at")
    return albums.first() or _make_default_album(owner, albums)


@cache
def default_titles() -> frozenset[str]:
    """In all languages: it is the same album whichever its owner reads."""
    titles = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            titles.add(_(DEFAULT_ALBUM_TITLE))
    return frozenset(titles)


def _make_default_album(owner: User, albums: AlbumQuerySet) -> Album:
    with transaction.atomic():
        # Pages send several first uploads at the same time: one after the other here.
        jobs.lock_owner(owner.pk)
        return albums.first() or create_album(owner, _(DEFAULT_ALBUM_TITLE))


def add_photo(album: Album, file: UploadedFile[bytes]) -> Photo:
    """Add a file of one picture; UploadError tells why not. Either all of it is stored or nothing."""
    with new_photos(album, file, most=1) as photos:
        return photos[0]


def add_photo_and_colorize(
    album: Album, file: UploadedFile[bytes], variant: str, render_factor: int
) -> Colorization:
    """UploadError names what is wrong with the file, ValidationError with the choices."""
    with new_colorization(album, file, variant, render_factor) as colorization:
        return colorization


@contextmanager
def new_colorization(
    album: Album, file: UploadedFile[bytes], variant: str, render_factor: int
) -> Iterator[Colorization]:
    """As `new_photos`, of one picture that is to be colored."""
    colorizer.check_choices(variant, render_factor)
    with new_photos(album, file, most=1) as photos:
        yield colorizer.enqueue(photos[0].original, variant, render_factor)


def add_photos_and_colorize(
    album: Album, files: Iterable[UploadedFile[bytes]], variant: str, render_factor: int
) -> tuple[list[Colorization], list[tuple[str, Refusal]]]:
    """Good files are added, documents with all their pages; the others come back by name with the reason.

    Films are not colored: people try some seconds first.
    """
    colorizer.check_choices(variant, render_factor)
    colorizations: list[Colorization] = []
    refused: list[tuple[str, Refusal]] = []
    added_at: datetime | None = None
    waiting = iter(files)
    for file in waiting:
        try:
            with new_photos(album, file, added_at=added_at) as photos:
                added = [
                    colorizer.enqueue(photo.original, variant, render_factor)
                    for photo in photos
                    if not photo.is_film
                ]
            colorizations += added
            added_at = photos[0].created_at
        except (UploadError, TooManyJobsError) as error:
            refused.append((file.name or "", error))
            if isinstance(error, UploadError) and error.retry_after:
                # The others would wait as long, one after the other.
                refused += [(left.name or "", error) for left in waiting]
    return colorizations, refused


@contextmanager
def new_photos(
    album: Album,
    file: UploadedFile[bytes],
    upload: Upload | None = None,
    most: int | None = None,
    added_at: datetime | None = None,
) -> Iterator[list[Photo]]:
    """A file's photos with their files, kept for good when the body, which is in the same transaction, succeeds.

    Args:
        upload: what the file came by; its parts make room for the photos.
        most: how many pages it may have, when not as many as are ever taken.
        added_at: the time of photos that these belong to.
    """
    if upload is None:
        check_quota(album.owner, file.size or 0)
    in_parts = upload is not None
    with decoded_pages(file, most, in_parts=in_parts) as pages, filestore.new_files() as files:
        photos: list[Photo] = []
        descriptions: list[Description] = []
        for page in pages:
            descriptions.append(page.description)
            photos.append(_photo_of(album, page, _add_files(album, page, files)))
            if upload is None:
                check_quota(album.owner, files.total_bytes)
        if not photos:
            raise blank_document()
        with transaction.atomic():
            # The owner first, as whoever deletes the album does: nobody waits in a ring.
            jobs.lock_owner(album.owner_id)
            jobs.require(Album.objects.kept().filter(pk=album.pk))
            if upload:
                uploads.release(upload)
            # Again, to the byte: other uploads of the owner wait meanwhile.
            no_room = lack_of_room(album.owner, files.total_bytes)
            if no_room is None:
                files.save()
                batches.save(photos, batches.time_of(upload) if upload else added_at)
                for photo, description in zip(photos, descriptions, strict=True):
                    details.add_names(photo, description)
                yield photos
            elif upload:
                # Now, before others ask: what it gives back may be the room that the next one needs.
                uploads.delete(Upload.objects.filter(pk=upload.pk))
        if no_room:
            raise no_room


def _add_files(album: Album, upload: DecodedUpload, files: filestore.NewFiles) -> StoredFile:
    return add_picture(
        files,
        owner=album.owner,
        purpose=StoredFile.Purpose.ORIGINAL,
        content=upload.original,
        format=upload.format,
        shown={
            StoredFile.Purpose.DISPLAY: upload.display,
            StoredFile.Purpose.THUMBNAIL: upload.thumbnail,
            StoredFile.Purpose.SMALL: upload.small,
        },
    )


def _photo_of(album: Album, upload: DecodedUpload, original: StoredFile) -> Photo:
    photo = Photo(
        album=album,
        original=original,
        original_name=upload.name,
        format=upload.format.name,
        width=upload.width,
        height=upload.height,
        flaw=upload.flaw,
        document_sha256=upload.document_sha256,
    )
    if upload.film:
        photo.film_seconds = upload.film["seconds"]
        photo.original.film = Film(**upload.film)
    details.describe(photo, upload.description)
    return photo


def publish(album: Album) -> None:
    published_at = album.published_at or timezone.now()
    _change(album, visibility=Album.Visibility.PUBLIC, published_at=published_at)


def unpublish(album: Album) -> None:
    _change(album, visibility=Album.Visibility.PRIVATE, published_at=None)


# As people delete: it can be taken back for 30 days.
trash_album = deleting.trash_album
trash_photos = deleting.trash_photos
trash_colorization = deleting.trash_colorization

# For good: what was in the trash long enough, for staff, and with an account.
delete_album = deletion.delete_album
delete_colorization = deletion.delete_colorization
delete_colorizations = deletion.delete_colorizations
delete_person = deletion.delete_person
delete_photo = deletion.delete_photo
delete_photos = deletion.delete_photos


def set_favorite(photo: Photo, is_favorite: bool) -> None:
    """
    Raises:
        GoneError: the photo was deleted.
    """
    if not Photo.objects.kept().filter(pk=photo.pk).update(is_favorite=is_favorite):
        raise GoneError(_("The photo was deleted."))
    photo.is_favorite = is_favorite


def move_photos(photos: Sequence[Photo], album: Album) -> None:
    """Into another album of their owner; in a public one they are public."""
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        jobs.require(Album.objects.kept().filter(pk=album.pk))
        for batch in filestore.in_batches((photo.pk for photo in photos), PHOTOS_A_STATEMENT):
            Album.objects.filter(cover__in=batch).exclude(pk=album.pk).update(cover=None)
            elsewhere = Photo.objects.kept().filter(pk__in=batch).exclude(album=album)
            elsewhere.update(album=album, section=None, position=0)


def move_photos_to_new_album(photos: Sequence[Photo], title: str) -> Album:
    """Sent twice by a double click, it makes one album: the second finds the photos there."""
    owner_id = photos[0].album.owner_id
    with transaction.atomic():
        jobs.lock_owner(owner_id)
        here = Album.objects.kept().filter(photos__in=[photo.pk for photo in photos]).distinct()
        if here.count() == 1 and (same := here.filter(title=title).first()):
            return same
        album = create_album(User.objects.get(pk=owner_id), title)
        move_photos(photos, album)
    return album


def colorize_photo(  # noqa: PLR0913  (what is chosen for it)
    photo: Photo,
    variant: str,
    render_factor: int,
    *,
    goes_first: bool = False,
    part: colorizer.Part | None = None,
    guide: Guide = UNGUIDED,
    is_kept: bool = False,
) -> Colorization:
    """Queue a version, or find the one that would come out the same.

    Args:
        goes_first: before the owner's other photos that wait.
        part: of a film, which is tried.
        guide: hints and a reference.
        is_kept: it stands for the photo from when it is there.

    Raises:
        GoneError: the photo was deleted.
        and what `colorizer.services.enqueue` raises.
    """
    with transaction.atomic():
        jobs.lock_owner(photo.original.owner_id)
        jobs.require(Photo.objects.kept().filter(pk=photo.pk))
        version = colorizer.enqueue(
            photo.original,
            variant,
            render_factor,
            goes_first=goes_first,
            part=part,
            guide=guide,
        )
        if is_kept:
            colorizer.keep(version)
        return version


def color_photos(photos: Sequence[Photo], variant: str, render_factor: int) -> colorizer.Queued:
    """Queue a version of each of an owner's photos, as long as there is room.

    Raises:
        GoneError: all of them were deleted.
        ValidationError: as `colorize_photo`.
    """
    with transaction.atomic():
        jobs.lock_owner(photos[0].original.owner_id)
        there = Photo.objects.kept().filter(pk__in=[photo.pk for photo in photos])
        jobs.require(there)
        keys = set(there.values_list("pk", flat=True))
        sources = [photo.original for photo in photos if photo.pk in keys]
        return colorizer.enqueue_some(sources, variant, render_factor)
