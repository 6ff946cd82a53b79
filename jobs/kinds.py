"""The kinds of jobs. An app registers its own when it is ready: jobs knows none by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from jobs.lease import Lease
from jobs.models import Queue

GENERAL_ADVICE: Final = gettext_noop("Try again later.")


class UnknownKindError(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no kind of job named {name}: its app registers it in AppConfig.ready()."
        )


@dataclass(frozen=True)
class JobKind:
    """How jobs of one kind are done, and what people read about them.

    Attributes:
        name: at most 40 characters; it is kept in the records.
        label: what a person reads, such as "Colorize a photo".
        run: does the work and ends in `with lease.success():`. It raises JobFailedError or
            TransientJobError; what else it raises is mapped by `jobs.worker`.
        preload: is called once before the workers of the queue are forked (on Linux; elsewhere in each of them), for
            imports that take long. It starts no thread and opens no file that they would then share.
        advice: what a person may do when a worker or its memory is not enough for the job. It is
            kept with the jobs: in English, and marked by `gettext_noop`.
        is_background: nobody asked for them: they are not among what a person sees as their work, and count
            neither in how much of it may be open nor in how long it takes.
        is_helper: they do a part of another job, and go with it. They begin when nothing else waits in their
            queue, and nobody makes room for them.
    """

    name: str
    label: Promise | str
    queue: Queue
    run: Callable[[Lease], None]
    preload: Callable[[], None] | None = None
    advice: str = GENERAL_ADVICE
    is_background: bool = False
    is_helper: bool = False


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There are two kinds of jobs named {kind.name}: rename one.")


def get(name: str) -> JobKind:
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKindError(name) from None


def all_kinds() -> Collection[JobKind]:
    return _kinds.values()


def in_background() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.is_background]


def helpers() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.is_helper]


def label_of(name: str) -> str:
    """Also of one that only another release knows, while a site is updated."""
    return str(_kinds[name].label) if name in _kinds else name


def advice_for(name: str) -> str:
    """As with `label_of`."""
    return _kinds[name].advice if name in _kinds else GENERAL_ADVICE
