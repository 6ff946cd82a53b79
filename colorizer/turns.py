"""Whose turn it is: priority, then the owner with the fewest running, then who waited longest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Now

from colorizer.models import Colorization

OWNER = "photo__album__owner"
# One worker alone has nobody running when it looks: it then takes turns by who was served last.
SERVED_LATELY = timedelta(hours=1)


def next_job(queue: str) -> Colorization | None:
    turn = _turns(queue).first()
    if turn is None:
        return None
    jobs = Colorization.objects.filter(
        queue=queue,
        state=Colorization.State.QUEUED,
        priority=turn["highest"],
        **{OWNER: turn["owner"]},
    )
    return jobs.order_by("queued_at", "pk").first()


def _turns(queue: str) -> Any:
    """A row for each owner with waiting jobs, who is next first."""
    waiting = Q(state=Colorization.State.QUEUED)
    running = Q(state=Colorization.State.RUNNING)
    lately = Q(started_at__gte=Now() - SERVED_LATELY)
    return (
        Colorization.objects.filter(waiting | running | lately, queue=queue)
        .order_by()
        .values(owner=F(OWNER))
        .annotate(
            highest=Max("priority", filter=waiting),
            number_running=Count("pk", filter=running),
            last_served=Max("started_at"),
            oldest=Min("queued_at", filter=waiting),
        )
        .exclude(oldest=None)
        .order_by("-highest", "number_running", F("last_served").asc(nulls_first=True), "oldest")
    )
