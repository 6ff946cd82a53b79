"""manage.py workers: all that runs jobs on this machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jobs.checks import WORKERS
from jobs.supervisor import Supervisor


class Command(BaseCommand):
    # The other checks load all pages, for which the web process has them.
    requires_system_checks = [WORKERS]
    help = (
        "Start the workers, as many as WORKERS, VIDEO_WORKERS and FILE_WORKERS say, and look after them "
        "until SIGTERM or Ctrl-C; then running jobs have DRAIN_SECONDS to end."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        Supervisor(settings.WORKERS).run()
