"""What the broker calls in a worker. A message only wakes it: which job is next, the database knows."""

from __future__ import annotations

from functools import cache

from jobs import clusters, kinds, transitions, worker
from jobs.models import Queue


def run_next() -> None:
    cluster = clusters.own()
    if cluster is None or cluster.is_draining:
        return  # taken for abandoned: its supervisor will send another message
    queue = Queue(cluster.queue)
    _prepare(queue)
    if job := transitions.claim_next(queue, cluster.pk):
        worker.run(job)


def answer_probe() -> None:
    """The first probe comes when the cluster starts: who then queues a job waits for no import."""
    prepare()
    clusters.answer_probe()


def prepare() -> None:
    """Load what the workers of this cluster need, if it is not loaded yet."""
    if cluster := clusters.own():
        _prepare(Queue(cluster.queue))


@cache
def _prepare(queue: Queue) -> None:
    """Once in each process; a worker that is forked after it has it from there."""
    for kind in kinds.all_kinds():
        if kind.queue == queue and kind.preload:
            kind.preload()
