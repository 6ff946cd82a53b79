"""What must hold when the trouble is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django_q.models import OrmQ

from colorizer import orphans
from colorizer.models import MAX_ATTEMPTS, Colorization, WorkerCluster

State = Colorization.State
FOLDERS = tuple(orphans.FOLDERS.values())


@dataclass(frozen=True)
class Promise:
    words: str
    found: object
    wanted: object

    @property
    def is_kept(self) -> bool:
        return self.found == self.wanted


def promises(number_of_jobs: int, poison: Colorization) -> Iterator[Promise]:
    poison.refresh_from_db()
    succeeded = Colorization.objects.filter(state=State.SUCCEEDED)
    files = [path for folder in FOLDERS for path in (media() / folder).glob("*")]
    yield Promise("jobs that never ended", Colorization.objects.open().count(), 0)
    yield Promise("jobs lost", number_of_jobs + 1 - Colorization.objects.count(), 0)
    yield Promise("files of results, after the sweep", len(files), len(FOLDERS) * succeeded.count())
    yield Promise("files that records name and are not there", missing_files(), 0)
    yield Promise("poison picture", (poison.state, poison.error_code), ("failed", "worker_lost"))
    yield Promise("attempts at the poison picture", poison.attempt, MAX_ATTEMPTS)
    yield Promise("records of clusters left", WorkerCluster.objects.count(), 0)
    yield Promise("messages left", OrmQ.objects.count(), 0)


def missing_files() -> int:
    succeeded = Colorization.objects.filter(state=State.SUCCEEDED)
    names = (name for row in succeeded.values_list(*orphans.FOLDERS) for name in row)
    return sum(not (media() / name).is_file() for name in names)


def media() -> Path:
    return Path(settings.MEDIA_ROOT)


def outcomes() -> dict[str, int]:
    rows = Colorization.objects.order_by().values_list("state", "error_code")
    return {
        " ".join(filter(None, (state, code))): number
        for state, code, number in rows.annotate(Count("pk"))
    }
