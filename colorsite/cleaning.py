"""What killed processes left behind, and when it counts as left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings

from filestore import cleanup

LEFT_BEHIND_AFTER: Final = timedelta(hours=1)
"""Longer than any job may take from storing a file to recording it."""


def sweep() -> Iterator[int]:
    return cleanup.sweep(older_than=LEFT_BEHIND_AFTER, unfinished_for=_unfinished_for())


def _unfinished_for() -> timedelta:
    """Workers may be at a film for a day."""
    return timedelta(seconds=max(settings.JOB_TIMEOUTS.values())) + LEFT_BEHIND_AFTER
