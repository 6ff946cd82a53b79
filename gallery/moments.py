"""Times by the clock of the database, and those that clients send back as they were told them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User


def database_time() -> datetime:
    """Asked for once: in a condition, SQLite would compute it for each row."""
    return User.objects.order_by("pk").values_list(Now(), flat=True).first() or timezone.now()


def parse_moment(text: str) -> datetime | None:
    """A time with its zone, which exists in UTC, too: databases keep that. None for anything else."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (OverflowError, ValueError):
        return None
