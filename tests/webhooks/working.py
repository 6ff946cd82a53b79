"""What workers and supervisors do, one step at a time."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from jobs import transitions, worker
from jobs.models import Queue
from webhooks import deliveries
from webhooks.models import Delivery


def work() -> int:
    """Send all that is due now; returns how many tries that took."""
    tries = 0
    deliveries.deliver()
    while job := transitions.claim_next(Queue.FILES):
        worker.run(job)
        tries += 1
        deliveries.deliver()
    return tries


def pass_time(time: timedelta) -> None:
    """For what waits to be sent."""
    Delivery.objects.pending().update(next_attempt_at=F("next_attempt_at") - time)
