"""Whether all that came out is there, whole, and once."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from colorizer.models import Colorization
from filestore import ownership
from filestore.models import StoredFile
from gallery.file_names import original_name, result_name
from gallery.models import Archive, Photo
from jobs.models import Attempt, Job

State = Job.State
Purpose = StoredFile.Purpose
LONGEST_COMMIT = timedelta(seconds=15)
"""A worker may be stopped between the time that its transaction has and its end."""


def incomplete_colorizations() -> list[str]:
    """Those that succeeded have a result with preview and thumbnail, the others have none."""
    rows = Colorization.objects.select_related("result").prefetch_related("result__derivatives")
    return [str(row.pk) for row in rows if _purposes(row) != _wanted(row)]


def _purposes(colorization: Colorization) -> list[str]:
    if (result := colorization.result) is None:
        return []
    return sorted(file.purpose for file in (result, *result.derivatives.all()))


def _wanted(colorization: Colorization) -> list[str]:
    if colorization.job.state != State.SUCCEEDED:
        return []
    return [Purpose.PREVIEW, Purpose.RESULT, Purpose.SMALL, Purpose.THUMBNAIL]


def doubled_results() -> int:
    """Files of results beyond one for each job that succeeded."""
    made = StoredFile.objects.filter(purpose=Purpose.RESULT).count()
    zipped = Archive.objects.exclude(expires_at=None).count()
    return made + zipped - Job.objects.succeeded().count()


def incomplete_archives() -> list[str]:
    """Those that succeeded are whole zip files of what the album had, the others have no file."""
    return [
        f"{archive.pk}: {fault}"
        for archive in Archive.objects.select_related("job")
        for fault in _faults(archive)
    ]


def _faults(archive: Archive) -> Iterator[str]:
    files = [part.file for part in archive.parts.select_related("file")]
    succeeded = archive.job.state == State.SUCCEEDED
    if len(files) != succeeded or (archive.expires_at is not None) != succeeded:
        yield f"{archive.job.state} with {len(files)} files, until {archive.expires_at}"
    elif files and not zipfile.is_zipfile(files[0].name.path):
        yield "it is no zip file"
    elif files:
        with zipfile.ZipFile(files[0].name.path) as content:
            yield from _faults_of_content(archive, content)


def _faults_of_content(archive: Archive, content: zipfile.ZipFile) -> Iterator[str]:
    if damaged := content.testzip():
        yield f"{damaged} is damaged"
        return
    attempt = archive.job.attempts.get(outcome=Attempt.Outcome.SUCCEEDED)
    assert attempt.finished_at is not None
    least = _entries(archive, Q(job__finished_at__lt=attempt.started_at - LONGEST_COMMIT))
    most = _entries(archive, Q(job__finished_at__lte=attempt.finished_at))
    found = {name: _sha256(content.read(name)) for name in content.namelist()}
    if not least.items() <= found.items() <= most.items():
        yield f"{sorted(found)} for at least {sorted(least)} and at most {sorted(most)}"
    if len(content.namelist()) != len(found):
        yield "it has two entries of one name"


def _entries(archive: Archive, finished: Q) -> dict[str, str]:
    """Names and checksums of the originals, and of the results that were finished then."""
    photos = Photo.objects.filter(album=archive.album_id).select_related("original")
    return {name: sha256 for photo in photos for name, sha256 in _entries_of(photo, finished)}


def _entries_of(photo: Photo, finished: Q) -> Iterator[tuple[str, str]]:
    yield original_name(photo), photo.original.sha256
    versions = photo.colorizations.succeeded().filter(finished).select_related("result")
    for version in versions:
        if version.result:
            yield result_name(photo, version), version.result.sha256


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def rows_without_use() -> int:
    """Files and jobs that belong to nothing that a person could see."""
    uses = {
        Purpose.ORIGINAL: Q(photo=None),
        Purpose.RESULT: Q(colorization_of_result=None, adjustment_of_unadjusted=None),
        Purpose.ARCHIVE: Q(archive_part=None),
        Purpose.DOWNLOAD: Q(download=None),
    }
    unused = sum(
        StoredFile.objects.filter(is_unused, purpose=purpose).count()
        for purpose, is_unused in uses.items()
    )
    return (
        unused
        + Job.objects.filter(
            colorization=None, adjustment=None, archive=None, download=None
        ).count()
    )


def damaged_files() -> list[str]:
    """Files that are not there, or are not what their rows say."""
    return [str(file.name) for file in StoredFile.objects.all() if not _is_whole(file)]


def _is_whole(file: StoredFile) -> bool:
    path = Path(file.name.path)
    return path.is_file() and _sha256(path.read_bytes()) == file.sha256


def files_without_rows() -> int:
    """In the media folder, whatever they are: also what is in temporary folders."""
    kept = {ownership.NAME, *StoredFile.objects.values_list("name", flat=True)}
    media = Path(settings.MEDIA_ROOT)
    files = (path for path in media.rglob("*") if path.is_file())
    return sum(path.relative_to(media).as_posix() not in kept for path in files)
