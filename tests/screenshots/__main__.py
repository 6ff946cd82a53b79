"""Takes a picture of every page, on a desktop and a phone, light and dark: python -m tests.screenshots FOLDER

Exits with 1 when a page is in error, is wider than its screen, or is not listed in tests/screenshots/pages.py.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.chaos.__main__ import SIGNALS, stop
from tests.chaos.surroundings import surroundings


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=["en", "zh-hans"], default="en")
    parser.add_argument("--only", default="", help="pages whose names have this in them")
    return parser.parse_args()


def main(options: argparse.Namespace) -> bool:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        surroundings(Path(folder), "sqlite"),
    ):
        # Playwright's loop runs in this thread, which makes Django fear for its connections.
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tests.fuzz.settings",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",
            LOG_LEVEL="ERROR",
        )
        django.setup()
        from tests.screenshots.run import run  # noqa: PLC0415  (models come after the setup)

        try:
            return run(options.folder, options.language, options.only)
        finally:
            django.db.connections.close_all()


if __name__ == "__main__":
    for signal_number in (*SIGNALS, signal.SIGINT):
        signal.signal(signal_number, stop)
    sys.exit(0 if main(arguments()) else 1)
