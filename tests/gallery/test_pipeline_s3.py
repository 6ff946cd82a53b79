"""The whole path on an S3 bucket: a real server, a real worker process, and what is left in the bucket."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from filestore.cleanup import sweep
from filestore.models import StoredFile
from filestore.storages import BucketStorage
from gallery import services
from jobs.models import Attempt, Job
from tests.factories import make_album, make_upload, make_user, picture_bytes
from tests.filestore.files import names_in_storage
from tests.worker import running_worker, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("s3_storage"),
]

State = Job.State
ORIGINAL = picture_bytes(300, 200)
LARGE = picture_bytes(4000, 4000)  # its preview takes a while, after its result is stored
HOUR = timedelta(hours=1)


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


def test_from_upload_to_zip_file_all_is_in_the_bucket(client: Client, tmp_path: Path) -> None:
    with running_worker(tmp_path, FILE_WORKERS="1"):
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
    # Original, display size, thumbnail; result, preview, thumbnail; archive.
    assert len(names_in_storage()) == 7
    assert names_in_storage() == names_of_rows()


def test_what_a_killed_worker_stored_without_recording_it_is_swept(tmp_path: Path) -> None:
    with running_worker(tmp_path, FILE_WORKERS="0") as worker:
        job = services.add_photo_and_colorize(make_album(), make_upload(LARGE), "stable", 8).job
        wait_until(
            lambda: any("/result/" in name for name in names_in_storage()), "a result", pause=0.01
        )
        worker.kill_at_work(job)
        wait_until(lambda: Job.objects.succeeded().filter(pk=job.pk).exists(), "another attempt")
    outcomes = [attempt.outcome for attempt in job.attempts.all()]
    assert outcomes == [Attempt.Outcome.LOST, Attempt.Outcome.SUCCEEDED]
    left = names_in_storage() - names_of_rows()
    assert left
    assert sweep(older_than=HOUR) == 0
    sweep(older_than=timedelta(0))
    assert names_in_storage() == names_of_rows()
    assert len(names_in_storage()) == 6


def test_a_photo_that_is_deleted_while_it_is_colored_leaves_nothing(
    tmp_path: Path, s3_storage: BucketStorage
) -> None:
    with running_worker(tmp_path, FILE_WORKERS="0"):
        deleted = services.add_photo_and_colorize(make_album(), make_upload(LARGE), "stable", 8)
        wait_until(
            lambda: Job.objects.filter(pk=deleted.job_id, state=State.RUNNING).exists(),
            "the start of the job",
            pause=0.01,
        )
        services.delete_photo(deleted.source.photo)
        # The only worker takes it when it has done with the other.
        after = services.add_photo_and_colorize(make_album(), make_upload(), "stable", 8).job
        wait_until(lambda: Job.objects.succeeded().filter(pk=after.pk).exists(), "the next job")
    assert names_in_storage() == names_of_rows()
    assert len(names_in_storage()) == 6
    assert not list(s3_storage.temporary_location.glob("*"))
