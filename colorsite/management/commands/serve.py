"""manage.py serve: the web server."""

from __future__ import annotations

import logging
import signal
import tempfile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from colorsite.cleaning import start_removing_leftovers
from colorsite.environment import load_environment
from colorsite.listening import check_can_listen

logger = logging.getLogger("tintype")


class Command(BaseCommand):
    help = "Serve the site on HOST and PORT until SIGTERM or Ctrl-C; then requests under way have ten seconds to end."

    def handle(self, *args: Any, **options: Any) -> None:
        from colorsite.web_server.server import WebServer  # noqa: PLC0415
        from colorsite.wsgi import application  # noqa: PLC0415

        environment = load_environment()
        check_can_listen(environment.HOST, environment.PORT)
        # Bodies wait here until they are whole: the usual folder may be in memory.
        tempfile.tempdir = str(settings.FILE_UPLOAD_TEMP_DIR)
        server = WebServer(application, environment.HOST, environment.PORT, environment.WEB_THREADS)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        start_removing_leftovers()
        logger.info("Tintype is ready: open %s", settings.SITE_URL)
        server.run()
