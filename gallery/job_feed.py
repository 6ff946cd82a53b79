"""What a client that follows all of a person's jobs is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from gallery import queries, work
from gallery.work import Row
from jobs import changes
from jobs.changes import Cursor
from jobs.models import JobEvent


@dataclass(frozen=True)
class Feed:
    """
    Attributes:
        jobs: each that changed, as it is now, in the order of their last changes.
    """

    changes: Sequence[JobEvent]
    jobs: Sequence[Row]
    cursor: Cursor
    has_more: bool


def beginning(owner: User) -> Feed:
    """Nothing but the cursor that leads to whatever changes from now on."""
    return Feed([], [], changes.latest(owner), has_more=False)


def since(owner: User, cursor: Cursor) -> Feed:
    found = changes.since(owner, cursor)
    last = {event.job_id: event.pk for event in found.events}
    jobs = queries.own_jobs(owner).filter(pk__in=last) if last else []
    rows = work.rows_of(owner, sorted(jobs, key=lambda job: last[job.pk]))
    return Feed(found.events, rows, found.cursor, found.has_more)
