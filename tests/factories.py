"""Records for tests: real rows with real files, by the services that the site uses."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models.functions import Now
from PIL import Image

from accounts.models import User
from colorizer import guiding, packs
from colorizer.engine.hints import Hint
from colorizer.engine.video.containers import RESULT_FORMAT
from colorizer.errors import ErrorCode
from colorizer.guiding import Guide
from colorizer.models import Colorization, Film, PicturePack
from colorizer.tasks import COLORIZE, COLORIZE_FILM
from filestore import ownership
from filestore import services as filestore
from filestore.models import StoredFile, Upload
from gallery import archives, downloads, services, uploads
from gallery.downloads import Wish
from gallery.models import Album, Archive, ArchivePart, Download, Photo
from jobs import counters, endings, transitions
from jobs import services as jobs
from jobs.errors import ErrorCode as JobErrorCode
from jobs.kinds import JobKind
from jobs.models import Job
from tests.bulk import succeeded_job

PASSWORD = "a long enough password"
State = Job.State


def make_user(email: str = "", **fields: Any) -> User:
    return User.objects.create_user(email or f"{uuid.uuid4().hex}@example.org", PASSWORD, **fields)


def make_staff(email: str = "") -> User:
    return make_user(email, is_staff=True, is_superuser=True)


def make_album(owner: User | None = None, title: str = "Family", *, public: bool = False) -> Album:
    album = services.create_album(owner or make_user(), title)
    if public:
        services.publish(album)
    return album


def picture_bytes(width: int = 64, height: int = 48, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    """A gray gradient, as a file."""
    content = BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(content, format, **options)
    return content.getvalue()


def make_upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if content is None else content)


def make_photo(
    album: Album | None = None, content: bytes | None = None, name: str = "photo.jpg"
) -> Photo:
    return services.add_photo(album or make_album(), make_upload(content, name))


def begin_upload(
    owner: User | None = None, content: bytes = b"", length: int = 0, **metadata: str
) -> Upload:
    """One of which so much has come: all of it, unless it is longer."""
    upload = uploads.start(owner or make_user(), length or len(content), metadata)
    return uploads.receive(upload, 0, BytesIO(content))


def make_colorization(
    photo: Photo | None = None,
    state: Job.State = State.SUCCEEDED,
    variant: str = "stable",
    render_factor: int = 20,
) -> Colorization:
    """One in the state asked for. A result is a plain picture: the engine is not run."""
    source = (photo or make_photo()).original
    colorization = Colorization(
        owner=source.owner, source=source, variant=variant, render_factor=render_factor
    )
    kind = COLORIZE_FILM if Film.objects.filter(source=source).exists() else COLORIZE
    if state == State.SUCCEEDED:
        colorization.job = make_succeeded_job(source.owner, kind)
        colorization.save(force_insert=True)
        store_result(colorization)
        endings.tell([colorization.job], State.SUCCEEDED, "")
    else:
        with transaction.atomic():
            colorization.job = jobs.enqueue(source.owner, kind.name)
            colorization.save(force_insert=True)
        bring_to(colorization.job, state)
    return Colorization.objects.get(pk=colorization.pk)


def make_succeeded_job(owner: User, kind: JobKind) -> Job:
    """What the transitions leave, in a fourth of their queries: most tests begin with a version in color."""
    job = succeeded_job(owner, kind)
    jobs.save_copies([job])
    job.events.filter(state=State.SUCCEEDED).update(awaits_notice=True)
    labels = {"kind": kind.name, "queue": kind.queue}
    counters.add("jobs_ended", **labels, state=State.SUCCEEDED, error_code="")
    counters.observe("job_seconds", 0.05, **labels)
    return job


def make_guided(
    colorization: Colorization,
    hints: Sequence[Hint] = (),
    reference: bytes = b"",
    reference_seconds: float | None = None,
) -> Colorization:
    """As if it had been asked for with these."""
    guide = Guide(tuple(hints), reference, reference_seconds)
    guiding.record_of(colorization, guide).save(force_insert=True)
    return Colorization.objects.get(pk=colorization.pk)


def lose_lease(job: Job) -> None:
    """Its worker is given up, whether it lives or not, and another may take the job."""
    Job.objects.filter(pk=job.pk).update(lease_expires_at=Now() - timedelta(seconds=1))
    transitions.requeue_expired()


def bring_to(job: Job, state: Job.State, record: Callable[[], None] = lambda: None) -> None:
    """By the site's own transitions; `record` writes what belongs to a success."""
    if state == State.CANCELLED:
        jobs.cancel(job)
    elif state != State.QUEUED:
        _run(job, state, record)
    job.refresh_from_db()


def _run(job: Job, state: Job.State, record: Callable[[], None]) -> None:
    assert transitions.claim(job)
    if state == State.RUNNING:
        transitions.renew(job, 40)
    elif state == State.FAILED:
        of_photo = job.kind == "colorize_photo"
        code = ErrorCode.UNREADABLE if of_photo else JobErrorCode.STORAGE
        transitions.fail(job, code, "The picture is damaged.")
    else:
        with transaction.atomic():
            transitions.succeed(job)
            record()


def store_result(colorization: Colorization) -> None:
    photo = Photo.objects.get(original=colorization.source)
    content = picture_bytes(photo.width, photo.height)
    with filestore.new_files() as files:
        result = _add(files, colorization, StoredFile.Purpose.RESULT, content)
        if photo.is_film:
            result.content_type = RESULT_FORMAT.content_type
        for purpose in ("PREVIEW", "THUMBNAIL", "SMALL"):
            _add(files, colorization, StoredFile.Purpose[purpose], content, derived_from=result)
        files.save()
    Colorization.objects.filter(pk=colorization.pk).update(
        result=result,
        weights_name=f"compact-{colorization.variant}",
        weights_sha256="0" * 64,
        used_render_factor=colorization.render_factor,
    )


def _add(
    files: filestore.NewFiles,
    colorization: Colorization,
    purpose: StoredFile.Purpose,
    content: bytes,
    derived_from: StoredFile | None = None,
) -> StoredFile:
    return files.add(
        colorization.source.owner,
        purpose,
        content,
        suffix=".jpg",
        content_type="image/jpeg",
        derived_from=derived_from,
    )


def make_pack(picture: StoredFile, content: str, names: Sequence[str]) -> PicturePack:
    """One that is ready, with the same picture by each name."""
    pack = packs.request(picture, PicturePack.Content(content))
    bring_to(pack.job, State.SUCCEEDED, lambda: store_pack(pack, names))
    return PicturePack.objects.get(pk=pack.pk)


def store_pack(pack: PicturePack, names: Sequence[str]) -> None:
    content = picture_bytes()
    with filestore.new_files() as files:
        file = files.add(
            pack.picture.owner,
            StoredFile.Purpose.PACK,
            content,
            suffix=".zip",
            content_type="application/zip",
        )
        files.save()
    members = {name: [0, len(content)] for name in names}
    PicturePack.objects.filter(pk=pack.pk).update(file=file, members=members)


def make_archive(album: Album | None = None, state: Job.State = State.SUCCEEDED) -> Archive:
    """One in the state asked for. The file is an empty zip: the album is not read, but gets a photo if it has none."""
    album = album or make_album()
    if not album.photos.exists():
        make_photo(album)
    archive = archives.request_archive(album)
    bring_to(archive.job, state, lambda: store_archive(archive))
    return Archive.objects.get(pk=archive.pk)


def store_archive(archive: Archive) -> None:
    with filestore.new_files() as files:
        file = files.add(
            archive.owner,
            StoredFile.Purpose.ARCHIVE,
            b"PK\x05\x06" + bytes(18),
            suffix=".zip",
            content_type="application/zip",
        )
        files.save()
    ArchivePart.objects.create(archive=archive, number=1, file=file)
    Archive.objects.filter(pk=archive.pk).update(expires_at=Now() + archives.KEPT_FOR)


def make_download(
    colorization: Colorization | None = None, state: Job.State = State.SUCCEEDED
) -> Download:
    """The file is a plain picture."""
    download = downloads.request_download(colorization or make_colorization(), Wish("png"))
    bring_to(download.job, state, lambda: store_download(download))
    return Download.objects.get(pk=download.pk)


def store_download(download: Download) -> None:
    with filestore.new_files() as files:
        content = picture_bytes(format="PNG")
        purpose = StoredFile.Purpose.DOWNLOAD
        file = files.add(download.owner, purpose, content, suffix=".png", content_type="image/png")
        files.save()
    made = Download.objects.filter(pk=download.pk)
    made.update(file=file, expires_at=Now() + downloads.KEPT_FOR)


def photo_of(colorization: Colorization) -> Photo:
    return Photo.objects.select_related("album__owner", "original").get(
        original=colorization.source_id
    )


def damage(file: StoredFile) -> None:
    """As a disk would: the file is as long as before, and what is in it is not."""
    path = Path(file.name.path)
    path.write_bytes(path.read_bytes()[:500].ljust(file.bytes, b"\0"))


def stored_files() -> list[Path]:
    """All that is kept in the media folder, whatever it is, but the ID of the database."""
    paths = Path(settings.MEDIA_ROOT).rglob("*")
    return sorted(path for path in paths if path.is_file() and path.name != ownership.NAME)
