"""What tests of zip files share: making them by the real handler, and looking into them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from filestore import services as filestore
from gallery.models import Archive
from jobs import transitions, worker
from jobs.models import Job, Queue


def make(archive: Archive) -> Archive:
    """In this process; the test must be `transaction=True`."""
    job = transitions.claim_next(Queue.FILES)
    assert job == archive.job
    worker.run(job)
    made = Archive.objects.select_related("job").get(pk=archive.pk)
    assert made.job.state == Job.State.SUCCEEDED, made.job.error_message
    return made


@contextmanager
def opened(archive: Archive, number: int = 1) -> Iterator[zipfile.ZipFile]:
    part = archive.parts.select_related("file").get(number=number)
    with filestore.open(part.file) as content, zipfile.ZipFile(content) as file:
        yield file


def names(archive: Archive) -> list[str]:
    """In the order in which they stand in the zip files."""
    found = []
    for part in archive.parts.all():
        with opened(archive, part.number) as file:
            assert file.testzip() is None
            found += file.namelist()
    return found
