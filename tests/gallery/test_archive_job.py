"""The job that makes zip files: what it leaves alone, and how it says that it cannot make one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from gallery import archives
from gallery.models import Album, Archive
from jobs import transitions, worker
from jobs.models import Job, Queue
from tests.factories import make_album, make_photo, stored_files
from tests.gallery import zips

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def album() -> Album:
    album = make_album(title="Family")
    make_photo(album, name="a.jpg")
    make_photo(album, name="b.jpg")
    return album


ASKED: dict[str, Callable[[Album], Archive]] = {
    "album": archives.request_archive,
    "selection": lambda album: archives.request_selection(list(album.photos.all())),
    "export": lambda album: archives.request_export(album.owner),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_worker_that_lost_its_lease_leaves_the_zip_file_of_another(
    album: Album, ask: Callable[[Album], Archive]
) -> None:
    archive = ask(album)
    late = transitions.claim_next(Queue.FILES)
    assert late
    Job.objects.update(lease_expires_at=Now() - timedelta(seconds=1))
    transitions.requeue_expired()
    zips.make(archive)
    names, files = zips.names(archive), stored_files()
    worker.run(late)
    assert zips.names(archive) == names
    assert stored_files() == files
    assert Job.objects.get().state == Job.State.SUCCEEDED
