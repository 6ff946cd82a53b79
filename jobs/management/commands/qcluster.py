"""django-q2's, with what its workers need loaded once: they are forked from its process."""

from __future__ import annotations

import gc
import sys
from typing import Any

from django.db import connections
from django_q.management.commands import qcluster

from jobs import tasks


class Command(qcluster.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # The frameworks of macOS do not survive a fork once they are loaded.
        if sys.platform == "linux":
            tasks.prepare()
        connections.close_all()
        # Each worker would soon copy what it shares, if it looked through that for garbage.
        gc.collect()
        gc.freeze()
        super().handle(*args, **options)
