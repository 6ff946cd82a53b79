"""What the queue calls. A message is only a bell: which job is next, the database knows."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from colorizer import clusters, jobs
from colorizer.models import Colorization, Queue
from colorizer.threads import share_cores


def run_next() -> None:
    run = _warm_runner()
    cluster = clusters.own()
    if cluster and cluster.is_draining:
        return
    queue = Queue(cluster.queue) if cluster else Queue.PHOTOS
    if job := jobs.claim_next(queue, cluster.pk if cluster else None):
        run(job)


def canary() -> None:
    """The first one comes when the cluster starts: who then brings a photo waits for no import."""
    _warm_runner()
    clusters.answer_canary()


def _warm_runner() -> Callable[[Colorization], None]:
    share_cores(settings.Q_CLUSTER["workers"])
    from colorizer.runner import run  # noqa: PLC0415  (only workers may load the engine)

    return run
