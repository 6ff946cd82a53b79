"""Several workers on one film, without a queue: whoever is killed or cancelled, nothing is lost or made twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from colorizer import film_handler, film_segments, services
from colorizer.engine import Colorizer
from colorizer.engine.video import FilmOptions, colorize_film, colorize_segment
from colorizer.engine.video.description import Segment, SegmentReport
from colorizer.models import Colorization, FilmSegment
from colorizer.tasks import HELP_FILM
from gallery import closing
from gallery.models import Photo
from gallery.services import delete_person
from jobs import clusters, scheduling, transitions, worker
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import Job, Queue
from jobs.services import cancel, enqueue
from tests.colorizer.test_film_handler import (
    FRAMES,
    Stopped,
    bytes_of,
    claimed,
    film_content,
    is_clean,
    run,
)
from tests.factories import lose_lease, make_photo, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = [Segment(index, index, index + 1, 1) for index in range(4)]


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The film in color, as one process makes it."""
    source, target = (tmp_path_factory.mktemp("straight") / name for name in ("source", "film.mp4"))
    source.write_bytes(film_content())
    options = FilmOptions(variant="video", render_factor=8)
    colorize_film(source, target, options, Colorizer.for_variant("video"), lambda *_: None)
    return target.read_bytes()


@pytest.fixture
def photo() -> Photo:
    return make_photo(content=film_content(), name="film.mp4")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which segments are made, in their order."""
    made: list[int] = []

    def noted(path: object, segment: Segment, *rest: object, **more: object) -> SegmentReport:
        made.append(segment.index)
        return colorize_segment(path, segment, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(film_handler, "colorize_segment", noted)
    return made


def during_the_first_segment(act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there are two workers, who have nothing else to do."""
    clusters.register(Queue.VIDEOS, workers=2)
    colorize = vars(film_handler)["colorize_segment"]
    acts = [act]

    def acting(*args: object, **more: object) -> object:
        while acts:
            acts.pop()()
        return colorize(*args, **more)

    monkeypatch.setattr(film_handler, "colorize_segment", acting)


def claimed_helper() -> Job:
    helper = transitions.claim_next(Queue.VIDEOS)
    assert helper
    assert helper.kind == "help_film"
    return helper


def test_idle_workers_make_segments_too(
    photo: Photo, straight: bytes, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    during_the_first_segment(lambda: worker.run(claimed_helper()), monkeypatch)
    film = run(claimed(photo))
    assert bytes_of(film) == straight
    assert made == [1, 2, 3, 0]
    assert (film.frames, film.frames_done) == (FRAMES, FRAMES)
    assert Job.objects.get() == film.job
    assert is_clean(results=1)


def test_a_helper_that_dies_costs_its_segment_only(
    photo: Photo, straight: bytes, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        helper = claimed_helper()
        with monkeypatch.context() as patch, suppress(Stopped):
            patch.setattr(film_segments, "keep", stop)
            film_handler.run_helper(Lease(helper))
        lose_lease(helper)

    def stop(*_: object) -> None:
        raise Stopped

    during_the_first_segment(die, monkeypatch)
    assert bytes_of(run(claimed(photo))) == straight
    assert made == [1, 0, 1, 2, 3]
    assert is_clean(results=1)


def test_after_a_helper_that_failed_there_are_no_more(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here for it has another release than the film's own job."""
    clusters.register(Queue.VIDEOS, workers=3)
    job = claimed(photo)
    film, lease = job.colorization, Lease(job)
    film_segments.prepare(film, PLAN, "0" * 64, lease)
    film_segments.ask_for_help(film, lease)
    helpers = film.helpers.all()
    assert helpers.count() == 2
    with monkeypatch.context() as patch:
        patch.setattr(film_segments, "__version__", "9.9.9")
        worker.run(claimed_helper())
    assert sorted(helper.state for helper in helpers.all()) == ["failed", "queued"]
    film_segments.ask_for_help(film, lease)
    assert helpers.count() == 2


def test_a_helper_goes_on_when_the_job_of_the_film_is_lost(
    photo: Photo, straight: bytes, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = claimed(photo)

    def lose() -> None:
        helper = claimed_helper()
        transitions.release(job)
        worker.run(helper)

    during_the_first_segment(lose, monkeypatch)
    with pytest.raises(JobLostError):
        film_handler.run(Lease(job))
    # What was being made was nobody's any more. After it, the helper left for the job that waited.
    assert made == [0, 0]
    assert FilmSegment.objects.filter(is_made=True).count() == 1
    again = transitions.claim_next(Queue.VIDEOS)
    assert again == job
    assert bytes_of(run(again)) == straight
    assert is_clean(results=1)


def test_a_cancelled_film_ends_its_helpers(
    photo: Photo, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = claimed(photo)

    def cancel_while_it_helps() -> None:
        helper = claimed_helper()
        during_the_first_segment(lambda: cancelled(helper), monkeypatch)
        worker.run(helper)

    def cancelled(helper: Job) -> None:
        assert cancel(job)
        assert not transitions.is_held(helper)

    during_the_first_segment(cancel_while_it_helps, monkeypatch)
    assert run(job).job.state == Job.State.CANCELLED
    assert Job.objects.get() == job
    assert is_clean()


def test_a_closed_account_ends_its_films_with_their_helpers(
    photo: Photo, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transitions, "BATCH", 1)

    def close() -> None:
        claimed_helper()
        assert closing.close(job.owner)

    during_the_first_segment(close, monkeypatch)
    job = claimed(photo)
    assert run(job).job.state == Job.State.CANCELLED
    assert Job.objects.get() == job
    assert is_clean()


def test_only_workers_who_have_nothing_to_do_help(photo: Photo) -> None:
    clusters.register(Queue.VIDEOS, workers=3)
    job = claimed(photo)
    film, lease = job.colorization, Lease(job)
    film_segments.prepare(film, PLAN, "0" * 64, lease)
    helpers = Job.objects.filter(kind="help_film")
    other = make_photo(photo.album, film_content(), "other.mp4")
    services.enqueue(other.original, "video", 8)
    for _ in range(2):
        film_segments.ask_for_help(film, lease)
        assert helpers.count() == 1
    assert cancel(job)
    assert not helpers.exists()
    assert not FilmSegment.objects.exists()


def test_a_film_whose_owner_is_deleted_while_it_asks_for_help_is_lost(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def idle_workers(_: str) -> int:
        delete_person(job.owner)
        return 2

    job = claimed(photo)
    film = Colorization.objects.select_related("owner").get(job=job)
    lease = Lease(job)
    film_segments.prepare(film, PLAN, "0" * 64, lease)
    monkeypatch.setattr(scheduling, "idle_workers", idle_workers)
    with pytest.raises(JobLostError):
        film_segments.ask_for_help(film, lease)


def test_a_helper_without_a_film_is_done() -> None:
    enqueue(make_user(), HELP_FILM.name)
    helper = claimed_helper()
    worker.run(helper)
    helper.refresh_from_db()
    assert helper.state == Job.State.SUCCEEDED


def test_what_another_release_or_other_weights_would_make_is_not_claimed(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = claimed(photo)
    film, lease = job.colorization, Lease(job)
    film_segments.prepare(film, [Segment(0, None, None, 24)], "0" * 64, lease)
    assert film_segments.claim(film, "1" * 64, lease) is None
    with monkeypatch.context() as patch:
        patch.setattr(film_segments, "__version__", "9.9.9")
        assert film_segments.claim(film, "0" * 64, lease) is None
    assert film_segments.claim(film, "0" * 64, lease)
    assert film_segments.claim(film, "0" * 64, lease) is None
