"""How long responses are kept for their Idempotency-Key: apart from the API, which no worker has to load for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gallery.models import IdempotentRequest
from gallery.moments import database_time

KEPT_FOR: Final = timedelta(hours=24)


def delete_old() -> None:
    IdempotentRequest.objects.filter(created_at__lt=database_time() - KEPT_FOR).delete()
