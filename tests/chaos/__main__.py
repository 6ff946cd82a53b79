"""Runs it: prints figures and promises, exits with 1 when one is broken.

When it is told to stop (SIGTERM, SIGHUP, Ctrl-C), it ends its workers and deletes its database first.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import django

from tests.chaos.surroundings import surroundings

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=200, help="beside the poison picture's")
    parser.add_argument(
        "--archives", type=int, default=55, help="so many of the jobs are zip files"
    )
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2, help="for photos, on each of two hosts")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["orm", "redis"], default="orm")
    parser.add_argument("--trouble-seconds", type=float, default=120)
    parser.add_argument("--patience-seconds", type=float, default=900)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def stop(number: int, frame: FrameType | None) -> None:
    """By an exception, so that everything is cleaned up; a second signal must not cut that short."""
    for each in (*SIGNALS, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def main(options: argparse.Namespace) -> bool:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        surroundings(Path(folder), options.database, options.broker, options.workers),
    ):
        django.setup()
        from tests.chaos.run import run  # noqa: PLC0415  (models come after the setup)

        try:
            return run(options, Path(folder))
        finally:
            django.db.connections.close_all()


if __name__ == "__main__":
    for signal_number in SIGNALS:
        signal.signal(signal_number, stop)
    sys.exit(0 if main(arguments()) else 1)
