"""Taking a version along: every form is what it says it is, kept for a day, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from colorizer import adjusting
from colorizer import services as colorizer
from colorizer.engine.adjustments import Adjustments
from colorizer.engine.imageio.provenance import DIGITAL_SOURCE_TYPE
from colorizer.engine.imageio.reading import read_picture
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import downloads, services
from gallery.downloads import Wish, request_download
from gallery.errors import ErrorCode
from gallery.models import Download
from gallery.trash.deleting import trash_colorization
from jobs import transitions, worker
from jobs.errors import TooManyJobsError
from jobs.models import Job, Queue
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_colorization, make_photo, make_user, photo_of, picture_bytes

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(client: Client) -> Colorization:
    made = make_colorization(make_photo(content=picture_bytes(300, 201), name="Lake.jpg"))
    client.force_login(made.owner)
    return made


def work() -> None:
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)


def ask(client: Client, version: Colorization, **wish: Any) -> Any:
    place = reverse("gallery:colorization-downloads", args=[version.pk])
    return client.post(place, {"side": 0, **wish})


def taken(client: Client, version: Colorization, **wish: Any) -> tuple[str, bytes]:
    """By the pages: asked for, made, fetched; the file's name and content."""
    page = ask(client, version, **wish)
    assert (
        b"In queue. The download starts when it is ready." in client.get(page["Location"]).content
    )
    work()
    state = client.get(page["Location"], {"part": "state"}, headers={"HX-Request": "true"})
    assert b"data-start" in state.content, state.content
    file = client.get(f"{page['Location']}file/")
    name = file["Content-Disposition"].partition('filename="')[2].rstrip('"')
    return name, b"".join(file.streaming_content)  # type: ignore[attr-defined]


def says_what_it_is(content: bytes, path: Path) -> bool:
    path.write_bytes(content)
    return DIGITAL_SOURCE_TYPE.encode() in (read_picture(path).metadata.xmp or b"")


def test_every_format_and_size_is_what_it_says(
    client: Client, version: Colorization, tmp_path: Path
) -> None:
    usage = filestore.usage_of(version.owner)
    expected = {"jpeg": "jpg", "png": "png", "tiff": "tif", "webp": "webp"}
    for form, suffix in expected.items():
        name, content = taken(client, version, form=form)
        assert name == f"Lake-stable.{suffix}"
        with Image.open(BytesIO(content)) as picture:
            assert (picture.format or "").lower() == form
            assert picture.size == (300, 201)
        assert says_what_it_is(content, tmp_path / f"file.{suffix}")
    # Smaller than the smallest size: it stays as it is. The mark is in the corner, and nowhere else.
    name, marked = taken(client, version, form="png", side=640, has_mark="on")
    plain = Image.open(BytesIO(taken(client, version, form="png", side=640)[1]))
    assert name == "Lake-stable-640.png"
    rows, columns = np.nonzero((np.asarray(Image.open(BytesIO(marked))) != plain).any(axis=2))
    assert rows.min() > 201 * 0.8
    assert columns.min() > 300 * 0.8
    assert filestore.usage_of(version.owner) == usage, "a full account can still be taken along"


def test_before_and_after_come_in_one_picture_and_as_a_film(
    client: Client, version: Colorization, tmp_path: Path
) -> None:
    name, content = taken(client, version, form="joined")
    assert name == "Lake-stable-before-after.jpg"
    with Image.open(BytesIO(content)) as picture:
        assert picture.size == (300, 2 * 201 + 4)
    assert says_what_it_is(content, tmp_path / "joined.jpg")
    name, content = taken(client, version, form="clip", side=1080)
    assert name == "Lake-stable-before-after-1080.mp4"
    with av.open(BytesIO(content), "r") as film:
        assert film.duration
        assert abs(film.duration / 1e6 - 3) < 0.1
        assert "plausible" in film.metadata["comment"]
        frames = list(film.decode(video=0))
    assert (len(frames), frames[0].width, frames[0].height) == (90, 300, 200)
    divider: Any = frames[45].to_ndarray(format="rgb24")[:, 148:150]
    assert (divider > 200).mean() > 0.4

    # With the mark: in the lower right corner, from the first frame to the last.
    with av.open(BytesIO(taken(client, version, form="clip", has_mark="on")[1]), "r") as film:
        marked = list(film.decode(video=0))
    for number in (0, 89):
        plain, other = (
            each[number].to_ndarray(format="gray").astype(int) for each in (frames, marked)
        )
        rows, columns = np.nonzero(np.abs(plain - other) > 60)
        assert rows.min() > 200 * 0.8
        assert columns.min() > 300 * 0.8


def test_before_and_after_are_joined_in_full_size_where_pages_show_less(client: Client) -> None:
    version = make_colorization(make_photo(content=picture_bytes(2200, 120)))
    client.force_login(version.owner)
    sizes = {}
    for side in (0, 2048):
        with Image.open(BytesIO(taken(client, version, form="joined", side=side)[1])) as picture:
            sizes[side] = picture.size
    assert sizes == {0: (2200, 2 * 120 + 26), 2048: (2048, 2 * 112 + 25)}


def test_asked_for_again_it_is_the_same_until_the_version_changes(
    version: Colorization, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MAX_DOWNLOADS", 3)
    wish = Wish("png")
    first = request_download(version, wish)
    assert request_download(version, wish) == first
    work()
    assert request_download(version, wish) == first
    assert request_download(version, Wish("png", 1080)) != first
    work()
    adjusting.save(version, Adjustments(warmth=50))
    work()
    changed = request_download(version, wish)
    assert changed not in (None, first)
    settings.MAX_OPEN_JOBS = 1
    with pytest.raises(TooManyJobsError):
        request_download(version, Wish("tiff"))
    work()
    for _ in range(2):
        Download.objects.filter(pk=changed.pk).update(of_result=version.pk)
        changed = request_download(version, wish)
        work()
    assert Download.objects.count() == 3, "the oldest has made room"


def test_they_end_and_take_their_files_along(client: Client, version: Colorization) -> None:
    made = request_download(version, Wish("jpeg"))
    work()
    place = reverse("gallery:download", args=[made.pk])
    assert client.get(place).status_code == 200
    other = Client()
    other.force_login(make_user(is_staff=True))
    assert other.get(place).status_code == 404
    assert other.get(f"{place}file/").status_code == 404
    trash_colorization(version)
    assert client.get(f"{place}file/").status_code == 404
    colorizer.delete(Colorization.objects.filter(pk=version.pk))
    assert client.get(place).status_code == 404
    downloads.delete_expired()
    assert not Download.objects.exists()
    assert not StoredFile.objects.filter(purpose="download").exists()
    assert not Job.objects.filter(kind="download").exists()
    again = make_colorization(make_photo())
    made = request_download(again, Wish("jpeg"))
    work()
    Download.objects.update(expires_at=Now())
    downloads.delete_expired()
    assert not StoredFile.objects.filter(purpose="download").exists()


@pytest.mark.parametrize(
    "delete",
    [
        pytest.param(services.delete_colorization, id="version"),
        pytest.param(lambda version: services.delete_photo(photo_of(version)), id="photo"),
        pytest.param(lambda version: services.delete_album(photo_of(version).album), id="album"),
    ],
)
def test_what_waits_goes_with_its_version(
    version: Colorization, delete: Callable[[Colorization], None]
) -> None:
    request_download(version, Wish("png"))
    delete(version)
    assert not Download.objects.exists()
    assert not Job.objects.exists()


def test_one_whose_version_is_gone_all_the_same_says_so(version: Colorization) -> None:
    made = request_download(version, Wish("png"))
    colorizer.delete(Colorization.objects.filter(pk=version.pk))
    work()
    made.job.refresh_from_db()
    assert (made.job.state, made.job.error_code) == (Job.State.FAILED, ErrorCode.GONE)
    assert made.job.error_text == "The version was deleted: there is nothing to download."
    assert made.job.attempts.count() == 1


def test_wrong_wishes_have_their_words(
    client: Client, version: Colorization, settings: Settings
) -> None:
    assert ask(client, version, form="gif").status_code == 400
    assert ask(client, version, form="png", side=7).status_code == 400
    settings.MAX_OPEN_JOBS = 1
    adjusting.save(version, Adjustments(warmth=1))
    refused = client.post(
        reverse("gallery:colorization-downloads", args=[version.pk]),
        {"form": "png", "side": 0},
        follow=True,
    )
    assert [message.level_tag for message in refused.context["messages"]] == ["error"]
    assert not Download.objects.exists()


def test_an_app_takes_the_same_way(version: Colorization) -> None:
    app = client_of(version.owner)
    place = address("colorization-downloads", version)
    assert set(invalid_fields(app.post(place, {"form": "gif", "side": 3}))) == {"form", "side"}
    queued = app.post(place, {"form": "webp", "side": 640})
    assert queued.status_code == 202
    body = queued.json()
    assert body["file_url"] is None
    assert_problem(app.get(f"{body['url']}file/"), 409, "not_succeeded")
    assert app.get(body["job_url"]).json()["subject"] == {"type": "download", "url": body["url"]}
    work()
    made = app.get(body["url"]).json()
    file = app.get(made["file_url"])
    assert (file.status_code, file["Content-Type"]) == (200, "image/webp")
    assert made["bytes"] == int(file["Content-Length"])
    assert app.delete(made["url"]).status_code == 204
    assert app.get(made["url"]).status_code == 404
    running = make_colorization(make_photo(), Job.State.RUNNING)
    response = client_of(running.owner).post(
        address("colorization-downloads", running), {"form": "png"}
    )
    assert_problem(response, 409, "not_succeeded")


def test_one_that_was_made_after_adjusting_is_not_given_for_the_version_before_it(
    version: Colorization,
) -> None:
    wish = Wish("png")
    adjusting.save(version, Adjustments(warmth=50))
    early = request_download(version, wish)
    work()
    work()
    assert request_download(version, wish) == early
    adjusting.save(version, Adjustments())
    assert request_download(version, wish) != early
