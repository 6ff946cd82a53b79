"""manage.py qcluster: the workers of one queue, in the place of the command of django-q2. The supervisor starts it."""

from __future__ import annotations

import gc
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from jobs import broker, tasks


class Command(BaseCommand):
    help = "Start the workers of one queue. Use `manage.py workers`, which starts all of them and looks after them."

    def handle(self, *args: Any, **options: Any) -> None:
        gc.disable()  # what is imported stays: looking through it takes a tenth of the time
        # The frameworks of macOS do not survive a fork once they are loaded.
        if sys.platform == "linux":
            tasks.prepare()
        connections.close_all()
        # Each worker would soon copy what it shares, if it looked through that for garbage.
        gc.collect()
        gc.freeze()
        gc.enable()
        broker.fork_workers()
