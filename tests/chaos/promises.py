"""What must be true when the trouble is over."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db.models import Count
from django_q.models import OrmQ

from jobs.models import MAX_ATTEMPTS, Attempt, Job, WorkerCluster
from tests.chaos import history, results
from tests.chaos.history import CounterWatch
from tests.chaos.scene import Scene


@dataclass(frozen=True)
class Promise:
    words: str
    found: object
    expected: object = 0

    @property
    def is_kept(self) -> bool:
        return self.found == self.expected


def promises(scene: Scene, watch: CounterWatch) -> Iterator[Promise]:
    jobs = set(Job.objects.values_list("pk", flat=True))
    yield Promise("albums that nobody asked to zip", len(scene.albums))
    yield Promise("jobs that never ended", Job.objects.open().count())
    yield Promise("jobs lost", len(scene.jobs - jobs))
    yield Promise("jobs that nobody asked for", len(jobs - scene.jobs))
    yield Promise("doubled results", results.doubled_results())
    yield _none("incomplete colorizations", results.incomplete_colorizations())
    yield _none("incomplete archives", results.incomplete_archives())
    yield _none("files missing or damaged", results.damaged_files())
    yield Promise("files without a row, after the clean-up", results.files_without_rows())
    yield Promise("rows that belong to nothing", results.rows_without_use())
    yield _none("illegal histories", history.illegal_histories())
    yield _none("counters that fell", watch.falls)
    yield _none("counters that differ from the histories", history.wrong_counters())
    yield from _promises_of_poison(scene)
    yield Promise("records of clusters left", WorkerCluster.objects.count())
    yield Promise("messages left", messages())


def _promises_of_poison(scene: Scene) -> Iterator[Promise]:
    job = Job.objects.get(pk=scene.poison.job_id)
    lost = [Attempt.Outcome.LOST] * MAX_ATTEMPTS
    yield Promise("poison picture", f"{job.state} {job.error_code}", "failed worker_lost")
    yield Promise("attempts at it", list(job.attempts.values_list("outcome", flat=True)), lost)


def _none(words: str, faults: list[str]) -> Promise:
    for fault in faults:
        sys.stderr.write(f"{words}: {fault}\n")
    return Promise(words, len(faults))


def messages() -> int:
    in_database: int = OrmQ.objects.count()
    return in_database + _messages_in_redis()


def _messages_in_redis() -> int:
    if not (url := settings.Q_CLUSTER.get("redis")):
        return 0
    server = redis.from_url(url)
    return sum(int(server.llen(key)) for key in server.scan_iter(_type="list"))


def outcomes() -> dict[str, int]:
    """How jobs and attempts ended, by kind."""
    jobs = Job.objects.order_by().values_list("kind", "state", "error_code").annotate(Count("pk"))
    attempts = Attempt.objects.order_by().values_list("job__kind", "outcome", "error_code")
    return {
        **{" ".join(filter(None, names)): number for *names, number in jobs},
        **{
            " ".join(filter(None, (*names, "attempts"))): number
            for *names, number in attempts.annotate(Count("pk"))
        },
    }
