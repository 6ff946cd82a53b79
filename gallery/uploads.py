"""Photos from files that come in parts: what becomes of an upload when all of it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import IO, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from colorizer import services as colorizer
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR
from colorizer.errors import UploadError
from colorizer.uploads import display_name
from filestore import services as filestore
from filestore import uploads
from filestore.models import StoredFile, Upload
from filestore.temporary import temporary_folder
from gallery import services
from gallery.models import Album, Photo, PhotoQuerySet
from gallery.quota import check_quota
from jobs import services as jobs
from jobs.errors import GoneError

CHECKSUM_MISMATCH: Final = 460
"""The status that tus has for it."""
NO_NAMES: Final = {".", ".."}


class UploadIncompleteError(Exception):
    """Some of the file is yet to come."""


def start(owner: User, length: int, metadata: dict[str, str]) -> Upload:
    """Begin an upload, whose whole length is reserved; UploadError tells why not."""
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        check_quota(owner, length)
        return uploads.begin(owner, length, metadata)


def receive(
    upload: Upload, offset: int, stream: IO[bytes], checksum: uploads.Checksum | None = None
) -> Upload:
    """Keep what comes, as far as it comes; the upload with its new offset.

    Raises:
        UploadChangedError: the upload ends at another byte, or is gone.
        ChecksumError: other bytes have come.
    """
    with temporary_folder() as folder, filestore.new_files() as files:
        part = folder / "part"
        if not uploads.write_part(stream, part, checksum, upload.length - offset):
            return upload
        file = files.add(
            upload.owner,
            StoredFile.Purpose.PART,
            part,
            suffix="",
            content_type="application/octet-stream",
        )
        with transaction.atomic():
            jobs.lock_owner(upload.owner_id)
            files.save()
            return uploads.add_part(upload, offset, file)


def add_upload(upload: Upload) -> tuple[PhotoQuerySet, bool]:
    """The photos of an upload, and whether they were made just now.

    However often it is asked for, and by however many at the same time, they are made once.

    Raises:
        UploadIncompleteError: some of it is yet to come.
        UploadError: the file is refused, now or before.
        TooManyJobsError: the owner has as many open jobs as one may have.
        GoneError: the upload or its album was deleted.
    """
    if upload.state == Upload.State.RECEIVING:
        raise UploadIncompleteError
    try:
        _make_photos(upload)
    except uploads.UploadChangedError:
        jobs.require(Upload.objects.filter(pk=upload.pk))
        upload.refresh_from_db()
        if upload.refusal:
            raise refusal_of(upload.refusal) from None
        if upload.state != Upload.State.USED:
            raise
        return photos_of(upload), False
    return photos_of(upload), True


def refusal_of(kept: dict[str, Any]) -> UploadError:
    """What `Upload.refusal` keeps."""
    return UploadError(**kept)


def photos_of(upload: Upload) -> PhotoQuerySet:
    """What became of it, in the order of its pages; without what was deleted meanwhile."""
    photos: PhotoQuerySet = Photo.objects.kept().filter(original__uploads=upload)
    return photos.order_by("created_at", "pk")


def _make_photos(upload: Upload) -> None:
    if upload.state != Upload.State.RECEIVED:
        raise uploads.UploadChangedError
    uploads.keep_on(upload)
    album = _album_of(upload)
    with (
        _remembering_refusals(upload),
        uploads.assembled(upload, _name_of(upload), _checksum_of(upload)) as file,
        services.new_photos(album, file, upload) as photos,
    ):
        if variant := upload.metadata.get("variant"):
            factor = int(upload.metadata.get("render_factor", DEFAULT_RENDER_FACTOR))
            for photo in photos:
                colorizer.enqueue(photo.original, variant, factor)
        uploads.use(upload, [photo.original for photo in photos])


@contextmanager
def _remembering_refusals(upload: Upload) -> Iterator[None]:
    """A file that can never be taken is deleted. What may pass does not count against it."""
    try:
        yield
    except uploads.ChecksumError as error:
        refusal = UploadError(
            "checksum_mismatch", "The file arrived damaged. Send it again.", CHECKSUM_MISMATCH
        )
        _refuse(upload, refusal)
        raise refusal from error
    except UploadError as error:
        if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            _refuse(upload, error)
        raise


def _refuse(upload: Upload, error: UploadError) -> None:
    with transaction.atomic():
        jobs.lock_owner(upload.owner_id)
        uploads.refuse(upload, vars(error))


def _album_of(upload: Upload) -> Album:
    key = upload.metadata.get("album")
    if not key:
        return services.default_album(upload.owner)
    albums = Album.objects.editable_by(upload.owner).select_related("owner")
    if (album := albums.filter(pk=key).first()) is None:
        raise GoneError(_("The album was deleted."))
    return album


def _name_of(upload: Upload) -> str:
    name = display_name(upload.metadata.get("filename", ""))
    return "photo" if name in NO_NAMES else name


def _checksum_of(upload: Upload) -> uploads.Checksum | None:
    digest = upload.metadata.get("sha256")
    return uploads.Checksum("sha256", bytes.fromhex(digest)) if digest else None


def cancel(upload: Upload) -> None:
    """Give an upload up. Photos that became of it stay."""
    with transaction.atomic():
        jobs.lock_owner(upload.owner_id)
        uploads.delete(Upload.objects.filter(pk=upload.pk))


def delete_expired() -> None:
    """Those that nobody went on with for a day, and what is remembered of the others."""
    for owner in Upload.objects.expired().order_by().values_list("owner", flat=True).distinct():
        with suppress(GoneError), transaction.atomic():
            jobs.lock_owner(owner)
            uploads.delete(Upload.objects.expired().filter(owner=owner))
