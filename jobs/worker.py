"""Runs a claimed job: to its end, or back into the queue when a failure may pass."""

from __future__ import annotations

import logging
import os

from django.utils.translation import gettext_noop

from jobs import kinds, transitions
from jobs.errors import (
    ErrorCode,
    JobFailedError,
    JobLostError,
    JobYieldedError,
    TransientJobError,
)
from jobs.lease import Lease
from jobs.log_context import bound
from jobs.models import Job

logger = logging.getLogger(__name__)


class NoResultError(Exception):
    """A handler came to its end and the job did not: a mistake in the handler."""


def run(job: Job) -> None:
    with bound(job=job.pk, user=job.owner_id):
        # tests.chaos finds in this line which process runs which job.
        logger.info("Job %s: attempt %s, process %s", job.pk, job.attempts_made, os.getpid())
        if not _run(job):
            # Whatever failed may be a consequence of that.
            logger.info("Job %s was cancelled, deleted, given to another or is done", job.pk)


def _run(job: Job) -> bool:
    """Whether its end was this worker's to write."""
    is_held = True
    try:
        _handle(job)
    except JobLostError:
        is_held = False
    except JobYieldedError:
        logger.info("Job %s lets others go first", job.pk)
        is_held = transitions.release(job)
    except TransientJobError as error:
        logger.warning("Job %s: %s", job.pk, error)
        is_held = transitions.retry_or_fail(
            job, error.code, error.text, pause=error.pause, **error.params
        )
    except JobFailedError as error:
        logger.warning("Job %s: %s", job.pk, error)
        is_held = transitions.fail(job, error.code, error.text, **error.params)
    except MemoryError:
        logger.exception("Job %s ran out of memory", job.pk)
        text = gettext_noop("The job needs more memory than there is. %(advice)s")
        is_held = transitions.fail(job, ErrorCode.OUT_OF_MEMORY, text, advice={"text": job.advice})
    except OSError:
        logger.exception("Job %s could not read or store a file", job.pk)
        text = gettext_noop("A file could not be read or stored. Try again later.")
        is_held = transitions.retry_or_fail(job, ErrorCode.STORAGE, text)
    except Exception:
        text = gettext_noop("Something went wrong on our side. Try again later.")
        is_held = transitions.retry_or_fail(job, ErrorCode.INTERNAL, text)
        # What it is about may have been deleted with it.
        level = logging.ERROR if is_held else logging.INFO
        logger.log(level, "Job %s failed", job.pk, exc_info=True)
    return is_held


def _handle(job: Job) -> None:
    kind = kinds.get(job.kind)
    with Lease(job) as lease:
        kind.run(lease)
    if not lease.has_succeeded:
        raise NoResultError(f"The handler of {kind.name} returned without lease.success()")
    logger.info("Job %s succeeded: %s", job.pk, kind.name)
