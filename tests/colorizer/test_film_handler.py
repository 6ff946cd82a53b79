"""Films from claim to end, with the real engine, without a queue: segments are kept, and nothing else is left."""

from __future__ import annotations

import errno
import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import av
import pytest
from django.utils import timezone
from pytest_django import Settings

from colorizer import film_handler, film_segments, services
from colorizer.engine import memory
from colorizer.engine.video import FilmOptions, Segment, colorize_segment
from colorizer.engine.video.description import SegmentReport
from colorizer.models import Colorization, FilmSegment
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import films
from gallery.models import Photo
from jobs import transitions, worker
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import Job, Queue
from jobs.services import cancel
from tests.colorizer.engine.video.films import Film, write
from tests.factories import damage, make_photo, stored_files
from tests.film_files import film_bytes

pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State
FRAMES = 24
FILES_OF_PHOTO = 4


# One frame a second, each a key frame: every six of them are a segment.
# Large enough for x264, whose SIMD code looks beyond the edges of smaller frames: their bits depend on what lies there.
@cache
def film_content() -> bytes:
    return film_bytes(FRAMES, 128, 96, rate=1, sound=True)


def claimed(photo: Photo | None = None) -> Job:
    photo = photo or make_photo(content=film_content(), name="film.mp4")
    services.enqueue(photo.original, "video", 8)
    job = transitions.claim_next(Queue.VIDEOS)
    assert job
    return job


def run(job: Job) -> Colorization:
    worker.run(job)
    return Colorization.objects.select_related("result").get(job=job)


def bytes_of(colorization: Colorization) -> bytes:
    assert colorization.result, colorization.job.error_message
    return filestore.open(colorization.result).read()


def is_clean(*, results: int = 0) -> bool:
    """A result has four files, too."""
    return (
        not FilmSegment.objects.exists()
        and len(stored_files()) == FILES_OF_PHOTO * (1 + results)
        and StoredFile.objects.count() == FILES_OF_PHOTO * (1 + results)
    )


class Stopped(BaseException):
    """As if the process ended here."""


def test_resumed_film_is_that_of_a_straight_run(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = make_photo(content=film_content(), name="film.mp4")
    straight = run(claimed(photo))
    assert (straight.frames, straight.frames_done) == (FRAMES, FRAMES)
    assert is_clean(results=1)
    expected = bytes_of(straight)
    with av.open(straight.result.name.path) as film:  # type: ignore[union-attr]
        assert sum(1 for _ in film.decode(video=0)) == FRAMES
        assert len(film.streams.audio) == 1
    services.delete(Colorization.objects.all())

    made: list[int] = []
    colorize = colorize_segment

    def counted(
        path: Path, segment: Segment, options: FilmOptions, *rest: object, **check: object
    ) -> SegmentReport:
        made.append(segment.index)
        if len(made) == 2:
            raise Stopped
        return colorize(path, segment, options, *rest, **check)  # type: ignore[arg-type]

    monkeypatch.setattr(film_handler, "colorize_segment", counted)
    job = claimed(photo)
    with pytest.raises(Stopped):
        film_handler.run(Lease(job))
    assert FilmSegment.objects.filter(is_made=True).count() == 1
    transitions.release(job)
    again = transitions.claim_next(Queue.VIDEOS)
    assert again
    resumed = run(again)
    assert resumed.job.state == State.SUCCEEDED, resumed.job.error_message
    # The first is not made again.
    assert made.count(made[0]) == 1
    assert bytes_of(resumed) == expected
    assert is_clean(results=1)


def test_what_became_of_the_sound_is_kept(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", Film(frames=3, sounds=["pcm_s16le"]))
    version = run(claimed(make_photo(content=source.read_bytes(), name="film.mkv")))
    assert version.notes == ["Sound was converted, since the container cannot hold it as it is."], (
        version.job.error_message
    )


def test_segments_of_another_release_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = claimed()
    made: list[int] = []

    def counted(path: Path, segment: Segment, *rest: object, **check: object) -> SegmentReport:
        made.append(segment.index)
        if len(made) == 2:
            raise Stopped
        return colorize_segment(path, segment, *rest, **check)  # type: ignore[arg-type]

    monkeypatch.setattr(film_handler, "colorize_segment", counted)
    with pytest.raises(Stopped):
        film_handler.run(Lease(job))
    monkeypatch.setattr(film_segments, "__version__", "9.9.9")
    transitions.release(job)
    again = transitions.claim_next(Queue.VIDEOS)
    assert again
    assert run(again).job.state == State.SUCCEEDED
    assert made.count(made[0]) == 2
    assert is_clean(results=1)


def test_version_says_the_smaller_render_factor_that_memory_forced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where the worker that joins the film has made none of such segments."""
    photo = make_photo(content=film_content(), name="film.mp4")
    services.enqueue(photo.original, "video", 9)
    job = transitions.claim_next(Queue.VIDEOS)
    assert job
    make_next = film_handler._Maker.make_next

    def crowded_once(maker: film_handler._Maker, *rest: object) -> bool:
        with monkeypatch.context() as crowded:
            if not FilmSegment.objects.filter(is_made=True).exists():
                (tmp_path / "memory.max").write_text("1")
                (tmp_path / "memory.current").write_text("1")
                crowded.setattr(memory, "CONTROL_GROUP", tmp_path)
            return make_next(maker, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(film_handler._Maker, "make_next", crowded_once)
    colorization = run(job)
    assert (colorization.render_factor, colorization.used_render_factor) == (9, 8)


@pytest.mark.parametrize("damaged", [[1], [*range(FRAMES)]])
def test_segments_in_which_nothing_can_be_decoded_are_left_out(
    damaged: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def colorize(path: Path, segment: Segment, *rest: object, **check: object) -> SegmentReport:
        if segment.index in damaged:
            return SegmentReport(0, 0)
        return colorize_segment(path, segment, *rest, **check)  # type: ignore[arg-type]

    monkeypatch.setattr(film_handler, "colorize_segment", colorize)
    colorization = run(claimed())
    if len(damaged) > 1:
        assert colorization.job.error_code == "unreadable_film"
        return
    assert colorization.job.state == State.SUCCEEDED
    with av.open(colorization.result.name.path) as film:  # type: ignore[union-attr]
        assert 0 < sum(1 for _ in film.decode(video=0)) < FRAMES
    assert is_clean(results=1)


def test_a_film_whose_packets_last_longer_than_is_taken(settings: Settings) -> None:
    job = claimed()
    settings.MAX_FILM_SECONDS = FRAMES - 2
    colorization = run(job)
    assert colorization.job.error_code == "unreadable_film"
    assert is_clean()


def test_cancelled_film_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keep = film_segments.keep

    def keep_and_cancel(*args: object) -> None:
        keep(*args)  # type: ignore[arg-type]
        cancel(Job.objects.get())

    monkeypatch.setattr(film_segments, "keep", keep_and_cancel)
    assert run(claimed()).job.state == State.CANCELLED
    assert is_clean()


def test_cancelled_film_does_not_pass_for_one_that_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    job = claimed()
    are_all_made = film_segments.are_all_made

    def cancel_and_look(film: Colorization) -> bool:
        cancel(job)
        return are_all_made(film)

    monkeypatch.setattr(film_segments, "are_all_made", cancel_and_look)
    with pytest.raises(JobLostError):
        film_handler.run(Lease(job))
    assert is_clean()


@pytest.mark.parametrize("step", ["plan_segments", "join_segments"])
def test_cancelled_in_any_step_it_ends_there(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(Lease):
        is_cancelled = False

        def check(self) -> None:
            if self.is_cancelled:
                raise JobLostError

    content = film_bytes(3, 128, 96)
    job = claimed(make_photo(content=content, name="film.mp4"))
    lease = Watched(job)
    real = getattr(film_handler, step)

    def cancelled(*args: object) -> object:
        cancel(job)
        lease.is_cancelled = True
        return real(*args)

    monkeypatch.setattr(film_handler, step, cancelled)
    with pytest.raises(JobLostError):
        film_handler.run(lease)
    assert is_clean()


def test_late_worker_keeps_no_segment() -> None:
    job = claimed()
    Job.objects.filter(pk=job.pk).update(lease_token=uuid4())
    with pytest.raises(JobLostError):
        film_handler.run(Lease(job))
    assert is_clean()


def test_damaged_film_fails_for_a_reason() -> None:
    photo = make_photo(content=film_content(), name="film.mp4")
    damage(photo.original)
    colorization = run(claimed(photo))
    assert colorization.job.state == State.FAILED
    assert colorization.job.error_code == "unreadable_film"
    assert is_clean()


@pytest.mark.parametrize("when", ["before", "after a segment", "in a segment"])
def test_full_disk_is_said_and_leaves_nothing(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times, since it may pass; with time to make room when work would be lost."""
    pauses: list[timedelta] = []
    if when == "before":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    elif when == "after a segment":

        def usage(_: Path) -> SimpleNamespace:
            return SimpleNamespace(
                free=0 if FilmSegment.objects.filter(is_made=True).exists() else 2**40
            )

        monkeypatch.setattr(shutil, "disk_usage", usage)
    else:

        def fail(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(film_handler, "colorize_segment", fail)
    job: Job | None = claimed()
    while job:
        colorization = run(job)
        if until := colorization.job.not_before:
            pauses.append(until - timezone.now())
            Job.objects.filter(pk=job.pk).update(not_before=None)
        job = transitions.claim_next(Queue.VIDEOS)
    assert colorization.job.state == State.FAILED
    assert colorization.job.error_code == "storage_failed"
    assert "no room" in colorization.job.error_message
    minutes = [round(pause / timedelta(minutes=1)) for pause in pauses]
    assert minutes == ([10, 10] if when == "after a segment" else [])
    assert is_clean()


def test_room_that_segments_take_already_is_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = claimed()
    film = job.colorization

    def usage(_: Path) -> SimpleNamespace:
        made = film_segments.bytes_made(film)
        return SimpleNamespace(free=film_handler.DISK_SHARES * film.source.bytes - made)

    monkeypatch.setattr(film_handler, "RESERVED_BYTES", 0)
    monkeypatch.setattr(shutil, "disk_usage", usage)
    keep = film_segments.keep

    def keep_and_stop(*args: object) -> None:
        keep(*args)  # type: ignore[arg-type]
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(film_segments, "keep", keep_and_stop)
        with pytest.raises(Stopped):
            film_handler.run(Lease(job))
    transitions.release(job)
    again = transitions.claim_next(Queue.VIDEOS)
    assert again
    assert run(again).job.state == State.SUCCEEDED


def test_trial_comes_between_the_segments_of_a_film() -> None:
    photo = make_photo(content=film_content(), name="film.mp4")
    whole = claimed(photo)
    trials = films.try_film(photo, 11.0, 8)
    worker.run(whole)
    whole.refresh_from_db()
    assert (whole.state, whole.attempts_made) == (State.QUEUED, 0)
    assert FilmSegment.objects.filter(is_made=True).count() == 1
    order = []
    while job := transitions.claim_next(Queue.VIDEOS):
        order.append(job.pk)
        assert run(job).job.state == State.SUCCEEDED
    assert order == [*(trial.job_id for trial in trials), whole.pk]
    trials[0].refresh_from_db()
    assert trials[0].frames == 5
    assert is_clean(results=4)
