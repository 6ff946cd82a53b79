"""Why a job ends without a result, and why one is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import ngettext


class ErrorCode(models.TextChoices):
    """What can happen to a job of any kind; each kind may add codes of its own."""

    OUT_OF_MEMORY = "out_of_memory", "There was not enough memory"
    STORAGE = "storage_failed", "A file could not be read or stored"
    WORKER_LOST = "worker_lost", "The worker died while it ran the job"
    INTERNAL = "internal_error", "Something unexpected went wrong"


class GoneError(Exception):
    """What a request is about was deleted while the request was under way."""


class JobLostError(Exception):
    """The job was cancelled, deleted or given to another worker: there is no use in going on."""


class JobYieldedError(Exception):
    """A handler raises it to let others go first: the job waits again, and goes on later. No attempt is lost."""


class JobFailedError(Exception):
    """A handler raises it for what another attempt would not change.

    Args:
        code: for programs, at most 40 characters.
        text: what a person reads, the cause and the remedy; in English, since it is kept.
        params: what takes the places of its named placeholders, see `jobs.texts`.
    """

    def __init__(self, code: str, text: str, **params: Any) -> None:
        self.code = code
        self.text = text
        self.params = params
        super().__init__(text % params if params else text)


class TransientJobError(JobFailedError):
    """A handler raises it for what may pass: the job is tried again while attempts remain.

    Attributes:
        pause: until then; None for the usual one.
    """

    pause: timedelta | None = None


class TooManyJobsError(Exception):
    """The owner has as many open jobs as one may have.

    Attributes:
        code, message: for programs and for people.
        retry_after: seconds until one of the open jobs has probably ended.
    """

    code: Final = "too_many_jobs"

    def __init__(self, limit: int, retry_after: int) -> None:
        self.limit = limit
        self.retry_after = retry_after
        self.message = ngettext(
            "You have %(number)d job waiting or running, which is the most at a time. "
            "Try again when some are done, or cancel some.",
            "You have %(number)d jobs waiting or running, which is the most at a time. "
            "Try again when some are done, or cancel some.",
            limit,
        ) % {"number": limit}
        super().__init__(self.message)
