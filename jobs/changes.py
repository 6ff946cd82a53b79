"""What changed of a person's jobs, from a place on: nothing is left out, however late it is committed.

A change gets its id when it is written and is seen once it is committed, so one may turn up behind another that
was read already. A cursor therefore says up to which id all is settled, and which later ones were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final, Self

from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from jobs import kinds
from jobs.models import Job, JobEvent

PAGE: Final = 200
MAX_READ: Final = 1000
"""What a cursor may name: who reads faster than changes settle waits for them."""
LONGEST_INSERT: Final = timedelta(seconds=5)
"""From the beginning of the statement that writes a change until it has its id."""
SEPARATOR: Final = "-"

# Whoever has written a change keeps this lock until the transaction ends. What they write is not older than
# their transaction.
OLDEST_WRITER: Final = """
    SELECT COALESCE(MIN(activity.xact_start), STATEMENT_TIMESTAMP())
    FROM pg_locks JOIN pg_stat_activity activity USING (pid)
    WHERE pg_locks.relation = %s::regclass AND pg_locks.mode = 'RowExclusiveLock'
        AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
"""


class CursorError(ValueError):
    """This was never given out as a cursor."""


@dataclass(frozen=True)
class Cursor:
    """
    Attributes:
        settled: no change up to this id can turn up any more.
        read: later ones that were read, in their order.
    """

    settled: int = 0
    read: Sequence[int] = ()

    def __str__(self) -> str:
        """Signed, so that each one that comes back was given out."""
        steps = (later - earlier for earlier, later in pairwise([self.settled, *self.read]))
        return _signer().sign(SEPARATOR.join(map(str, [self.settled, *steps])))

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Raises:
            CursorError: it is none.
        """
        try:
            numbers = _signer().unsign(text).split(SEPARATOR)
        except BadSignature as error:
            raise CursorError from error
        settled, *read = accumulate(map(int, numbers))
        return cls(settled, read)


@dataclass(frozen=True)
class Changes:
    """
    Attributes:
        events: those that were not read yet, the oldest first.
        has_more: whether there were more of them than a page.
    """

    events: Sequence[JobEvent]
    cursor: Cursor
    has_more: bool


def latest(owner: User) -> Cursor:
    """Where the changes of a person are now."""
    until = _settled_until()
    settled = _events(owner) if until is None else _events(owner).filter(created_at__lt=until)
    last = settled.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Cursor(last, list(_after(owner, Cursor(last)).values_list("pk", flat=True)[:MAX_READ]))


def since(owner: User, cursor: Cursor) -> Changes:
    # Asked for first: what is written meanwhile is not taken as settled.
    until = _settled_until()
    read = set(cursor.read)
    page = min(PAGE, MAX_READ - len(read))
    found = list(_after(owner, cursor)[: page + len(read) + 1])
    unread = [event for event in found if event.pk not in read]
    read.update(event.pk for event in unread[:page])
    rest = unread[page:]
    whole = [event for event in found if not rest or event.pk < rest[0].pk]
    return Changes(unread[:page], _advanced(cursor, read, whole, until), has_more=bool(rest))


def any_since(owner: User, cursor: Cursor) -> bool:
    """Costs one query, for whoever waits for a change."""
    return _after(owner, cursor).exclude(pk__in=cursor.read).exists()


def is_other_now(job: Job) -> bool:
    """Whether a job has another state, attempt or progress than when it was read, or is gone."""
    rows = Job.objects.filter(pk=job.pk).values_list("state", "progress", "attempts_made")
    return rows.first() != (job.state, job.progress, job.attempts_made)


def _advanced(
    cursor: Cursor, read: Iterable[int], whole: Iterable[JobEvent], until: datetime | None
) -> Cursor:
    """
    Args:
        whole: changes without a gap from the cursor on, all of which were read.
    """
    known = [event.pk for event in whole if _is_settled(event, until)]
    settled = max([cursor.settled, *known])
    return Cursor(settled, sorted(key for key in read if key > settled))


def _events(owner: User) -> QuerySet[JobEvent]:
    """Of jobs that somebody asked for."""
    return JobEvent.objects.filter(owner=owner).exclude(job__kind__in=kinds.in_background())


def _after(owner: User, cursor: Cursor) -> QuerySet[JobEvent]:
    return _events(owner).filter(pk__gt=cursor.settled).order_by("pk")


def _is_settled(event: JobEvent, until: datetime | None) -> bool:
    return until is None or event.created_at < until


def _settled_until() -> datetime | None:
    """No change with a smaller id than one from before this time is yet to be seen.

    None where that is so at any time: SQLite has one writer after the other.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER, [JobEvent._meta.db_table])  # noqa: SLF001  (Django's own)
        oldest: datetime = cursor.fetchone()[0]
    return oldest - LONGEST_INSERT


def _signer() -> Signer:
    return Signer(sep=".", salt="jobs.changes")
