"""Times that clients send back, as they were told them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime


def parse_moment(text: str) -> datetime | None:
    """A time with its zone, which exists in UTC, too: databases keep that. None for anything else."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (OverflowError, ValueError):
        return None
