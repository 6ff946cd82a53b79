"""What the queue calls. A message is only a bell: which job is next, the database knows."""

from __future__ import annotations

from django.conf import settings

from colorizer import jobs
from colorizer.threads import share_cores


def run_next() -> None:
    share_cores(settings.Q_CLUSTER["workers"])
    from colorizer.runner import run  # noqa: PLC0415  (only workers may load the engine)

    if job := jobs.claim_next():
        run(job)


def recover_jobs() -> None:
    """Each minute (see the migrations): nothing is forgotten when a worker or a bell is lost."""
    jobs.requeue_expired()
    jobs.ring_missing_bells()
