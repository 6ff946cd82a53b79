"""Which of a photo's versions stands for it."""

from __future__ import annotations

from collections.abc import Iterable

from colorizer.models import Colorization


def shown_of(versions: Iterable[Colorization]) -> Colorization | None:
    """The newest while it is being made, else the one that was kept, else the newest."""
    newest_first = sorted(versions, key=lambda version: version.created_at, reverse=True)
    newest = next(iter(newest_first), None)
    if newest is None or not newest.job.is_finished:
        return newest
    return next((version for version in newest_first if version.is_kept), newest)
