"""Sends requests that are drawn by chance; prints those that end badly, and exits with 1 when there are any."""

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
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--number", type=int, default=2000, help="of requests")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument(
        "--only", type=int, default=0, help="the request of this number from the URLconf"
    )
    return parser.parse_args()


def main(options: argparse.Namespace) -> bool:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        surroundings(Path(folder), options.database),
    ):
        os.environ.update(DJANGO_SETTINGS_MODULE="tests.fuzz.settings", LOG_LEVEL="ERROR")
        django.setup()
        from tests.fuzz.run import run  # noqa: PLC0415  (models come after the setup)

        try:
            return run(options)
        finally:
            django.db.connections.close_all()


if __name__ == "__main__":
    for signal_number in (*SIGNALS, signal.SIGINT):
        signal.signal(signal_number, stop)
    sys.exit(0 if main(arguments()) else 1)
