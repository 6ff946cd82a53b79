"""What is promised for every kind of job: canceling, trying again, losing the lease, and an owner who goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.apps import apps
from pytest_django import Settings

from accounts.models import User
from colorizer import adjusting, film_segments, packs
from colorizer.engine.adjustments import Adjustments
from colorizer.engine.video import Segment
from colorizer.guiding import UNGUIDED
from colorizer.handler import choice_for, colorizer_of
from colorizer.models import Colorization, PicturePack
from colorizer.services import Part
from colorizer.tasks import HELP_FILM
from gallery import archives, downloads, services
from gallery.downloads import Wish
from gallery.models import Photo
from jobs import kinds, lease, transitions, worker
from jobs import services as jobs
from jobs.lease import Lease
from jobs.models import Attempt, Job
from tests.factories import lose_lease, make_colorization, make_photo, make_user, stored_files
from tests.file_server import running
from tests.film_files import film_bytes
from tests.webhooks.receiver import Receiver
from webhooks import deliveries
from webhooks import services as webhooks

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State
Outcome = Attempt.Outcome
FRAMES = 4
# What workers note of themselves and of the site stays whatever becomes of a job.
OF_THE_SITE = {"jobs.Counter", "colorizer.CurrentWeights", "filestore.DatabaseId"}


def film() -> Photo:
    return make_photo(content=film_bytes(FRAMES), name="film.mp4")


def colorize_film(part: Part | None = None) -> Job:
    return services.colorize_photo(film(), "video", 8, part=part).job


def help_film() -> Job:
    """Of a film that another worker is making."""
    made = Colorization.objects.select_related("job").get(job=claimed(colorize_film()))
    weights = colorizer_of(choice_for(made, UNGUIDED)).weights_sha256
    film_segments.prepare(made, [Segment(0, None, None, FRAMES)], weights, Lease(made.job))
    helper = jobs.enqueue(made.owner, HELP_FILM.name)
    made.helpers.add(helper)
    return helper


def adjust() -> Job:
    adjusted = adjusting.save(make_colorization(), Adjustments(tint=5)).adjusted
    assert adjusted
    return adjusted.job


def deliver(receiver: Receiver) -> Job:
    delivery = webhooks.ping(webhooks.create(make_user(), target_url=receiver.address()))
    deliveries.deliver()
    delivery.refresh_from_db()
    assert delivery.job
    return delivery.job


ASKED: dict[str, Callable[[Receiver], Job]] = {
    "colorize_photo": lambda _: services.colorize_photo(make_photo(), "stable", 8).job,
    "colorize_film": lambda _: colorize_film(),
    "try_film": lambda _: colorize_film(Part(0, 0.2)),
    "help_film": lambda _: help_film(),
    "adjust_photo": lambda _: adjust(),
    "picture_tiles": lambda _: packs.request(make_photo().original, PicturePack.Content.TILES).job,
    "style_previews": lambda _: (
        packs.request(make_photo().original, PicturePack.Content.STYLES).job
    ),
    "download": lambda _: downloads.request_download(make_colorization(), Wish("png")).job,
    "album_archive": lambda _: archives.request_archive(make_photo().album).job,
    "selection_archive": lambda _: archives.request_selection([make_photo()]).job,
    "export": lambda _: archives.request_export(make_photo().album.owner).job,
    "deliver_webhook": deliver,
}
"""How to ask for one of each kind, with the least work."""

of_every_kind = pytest.mark.parametrize("kind", ASKED)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    server = Receiver()
    with running(server):
        yield server


def claimed(job: Job) -> Job:
    """As a worker has it: a record of its own."""
    own = Job.objects.get(pk=job.pk)
    assert transitions.claim(own)
    return own


def rows() -> dict[str, list[Any]]:
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in OF_THE_SITE
    }


def outcomes(job: Job) -> list[str]:
    return list(job.attempts.order_by("number").values_list("outcome", flat=True))


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


@pytest.mark.slow
@of_every_kind
def test_cancelled_it_stops_and_tried_again_it_keeps_its_history(
    kind: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_EVERY_SECONDS", 0.1)
    job = ASKED[kind](receiver)
    assert job.kind == kind
    files = stored_files()
    assert jobs.cancel(job)
    assert (state_of(job), outcomes(job)) == (State.CANCELLED, [])
    assert jobs.retry(job)
    running_one = claimed(job)
    assert jobs.cancel(job)
    worker.run(running_one)
    assert (state_of(job), outcomes(job)) == (State.CANCELLED, [Outcome.CANCELLED])
    assert stored_files() == files
    assert jobs.retry(job)
    claimed(job)
    assert outcomes(job) == [Outcome.CANCELLED, ""]


@pytest.mark.slow
@of_every_kind
def test_a_worker_that_lost_its_lease_changes_nothing(kind: str, receiver: Receiver) -> None:
    before = rows()
    job = ASKED[kind](receiver)
    late = claimed(job)
    lose_lease(job)
    worker.run(claimed(job))
    assert state_of(job) == State.SUCCEEDED, job.error_message
    assert outcomes(job) == [Outcome.LOST, Outcome.SUCCEEDED]
    made, files = rows(), stored_files()
    worker.run(late)
    assert rows() == made
    assert stored_files() == files
    services.delete_person(job.owner)
    assert rows() == before
    assert stored_files() == []


@pytest.mark.slow
@of_every_kind
def test_an_owner_who_goes_takes_all_along_also_while_it_runs(
    kind: str, receiver: Receiver
) -> None:
    before = rows()
    job = ASKED[kind](receiver)
    running_one = claimed(job)
    services.delete_person(User.objects.get(pk=job.owner_id))
    worker.run(running_one)
    assert rows() == before
    assert stored_files() == []


def test_each_kind_is_in_the_table() -> None:
    # Tests have kinds of their own.
    names = {kind.name for kind in kinds.all_kinds() if not kind.name.startswith("test-")}
    assert set(ASKED) == names
