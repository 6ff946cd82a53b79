"""The whole path on an S3 bucket: a real server, real worker processes, and what is left in the bucket.

The workers are started once for all: each test has pictures of its own sizes, since what was colorized
before is not colorized again.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.test import Client, override_settings
from PIL import Image
from pytest_django import Settings

from filestore.buckets import BucketStorage
from filestore.models import StoredFile
from filestore.storages import media_storage
from gallery import services
from jobs.models import Attempt, Job
from tests.factories import make_album, make_upload, make_user, picture_bytes
from tests.filestore.files import names_in_storage, sweep
from tests.s3 import KEYS, bucket_settings, new_bucket
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Job.State
ORIGINAL = picture_bytes(300, 200)
LARGE = 4000
"""Of a photo of so many pixels a side, the preview takes a while after the result is stored."""
HOUR = timedelta(hours=1)


class Site(NamedTuple):
    worker: Worker
    settings: dict[str, object]


@pytest.fixture(scope="module")
def site(
    s3_server: str, lasting_db: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One worker for photos and one for files."""
    folder = tmp_path_factory.mktemp("site")
    own = {**bucket_settings(s3_server, folder), "WEIGHTS_DIR": folder / "weights"}
    with pytest.MonkeyPatch.context() as patch, override_settings(**own):
        for name, value in KEYS.items():
            patch.setenv(name, value)
        new_bucket()
        with running_worker(folder, FILE_WORKERS="1") as worker:
            yield Site(worker, own)


@pytest.fixture(autouse=True)
def worker(site: Site, settings: Settings) -> Worker:
    for name, value in site.settings.items():
        setattr(settings, name, value)
    return site.worker


@pytest.fixture
def before(worker: Worker) -> set[str]:
    """What earlier tests have left in the bucket."""
    return names_in_storage()


@pytest.fixture
def client(client: Client) -> Client:
    """Somebody who is logged in."""
    client.force_login(make_user())
    return client


def finished(client: Client, accepted: Any) -> Any:
    """The record that a request was answered with, when its job has ended."""
    assert accepted.status_code == 202, accepted.content
    found: dict[str, Any] = accepted.json()

    def has_ended() -> bool:
        found.update(client.get(found["url"]).json())
        return found["state"] not in Job.OPEN_STATES

    wait_until(has_ended, f"the end of {found['url']}")
    assert found["state"] == State.SUCCEEDED, found
    return found


def in_ranges(client: Client, address: str, size: int) -> bytes:
    """A file, fetched as one whose download is interrupted after every so many bytes."""
    content: bytes = b""
    while True:
        wanted = f"bytes={len(content)}-{len(content) + size - 1}"
        response: Any = client.get(address, headers={"Range": wanted})
        assert response.status_code == 206
        content += response.getvalue()
        if len(content) == int(response["Content-Range"].rpartition("/")[2]):
            return content


def names_of_rows() -> set[str]:
    return set(StoredFile.objects.values_list("name", flat=True))


def test_from_upload_to_zip_file_all_is_in_the_bucket(client: Client, before: set[str]) -> None:
    form = {"image": make_upload(ORIGINAL), "variant": "stable", "render_factor": 8}
    colorization = finished(client, client.post("/api/v1/colorize/", form))
    photo = client.get(colorization["photo_url"]).json()
    archive = finished(client, client.post(f"{photo['album_url']}archive/"))
    result = in_ranges(client, colorization["image_url"], 1000)
    assert Image.open(io.BytesIO(result)).size == (300, 200)
    content = in_ranges(client, archive["file_url"], 2000)
    assert len(content) == archive["bytes"]
    with zipfile.ZipFile(io.BytesIO(content)) as album:
        assert album.testzip() is None
        found = {name: album.read(name) for name in album.namelist()}
    assert found == {"photo.jpg": ORIGINAL, "photo-stable.jpg": result}
    # Original, display size, two thumbnails; result, preview, two thumbnails; archive.
    assert len(names_in_storage() - before) == 9
    assert names_in_storage() == names_of_rows()


def killed_with_a_result(worker: Worker) -> tuple[Job, set[str]]:
    """The job whose worker was killed between storing its result and recording it; what was stored before it.

    Few hundredths of a second lie between: one of several photos will do.
    """
    for more in range(20):
        known = names_in_storage()
        photo = make_upload(picture_bytes(LARGE, LARGE + more))
        job = services.add_photo_and_colorize(make_album(), photo, "stable", 8).job
        wait_until(lambda: has_result(names_in_storage() - known), "a result", 0.01)  # noqa: B023
        if worker.kill_at_work(job):
            return job, known
    raise AssertionError("Each job was done before its worker could be killed.")


def has_result(names: set[str]) -> bool:
    return any("/result/" in name for name in names)


def test_what_a_killed_worker_stored_without_recording_it_is_swept(worker: Worker) -> None:
    job, before = killed_with_a_result(worker)
    wait_until(lambda: Job.objects.succeeded().filter(pk=job.pk).exists(), "another attempt")
    outcomes = [attempt.outcome for attempt in job.attempts.all()]
    assert outcomes == [Attempt.Outcome.LOST, Attempt.Outcome.SUCCEEDED]
    left = names_in_storage() - names_of_rows()
    assert left
    assert sweep(older_than=HOUR) == 0
    sweep(older_than=timedelta(0))
    assert names_in_storage() == names_of_rows()
    assert len(names_in_storage() - before) == 8


def test_a_photo_that_is_deleted_while_it_is_colored_leaves_nothing(before: set[str]) -> None:
    photo = make_upload(picture_bytes(LARGE + 1, LARGE))
    deleted = services.add_photo_and_colorize(make_album(), photo, "stable", 8)
    wait_until(
        lambda: Job.objects.filter(pk=deleted.job_id, state=State.RUNNING).exists(),
        "the start of the job",
        pause=0.01,
    )
    services.delete_photo(deleted.source.photo)
    # The only worker for photos takes it when it has done with the other.
    after = services.add_photo_and_colorize(make_album(), make_upload(), "stable", 8).job
    wait_until(lambda: Job.objects.succeeded().filter(pk=after.pk).exists(), "the next job")
    assert names_in_storage() == names_of_rows()
    assert len(names_in_storage() - before) == 8
    storage = media_storage()
    assert isinstance(storage, BucketStorage)
    assert not list(storage.temporary_location.glob("*"))
