"""How long a run of manage.py colorize takes to start: python -m benchmarks.plan [FILES...]

From the command's entry, with everything imported, to the first picture given to a worker. The files
are empty, since names are all that is looked at until then: a hundred in a folder, ten folders in a
folder. "1 left" is the run that goes on after an interruption, with all results there but one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import django
from django.core.management import call_command

FILES_OF_A_FOLDER = 100
FOLDERS_OF_A_FOLDER = 10
COMMAND = "colorizer.management.commands.colorize"


def write_tree(root: Path, files: int) -> None:
    for number in range(0, files, FILES_OF_A_FOLDER):
        folder = root / _folder_name(number // FILES_OF_A_FOLDER)
        folder.mkdir(parents=True)
        for name in range(number, min(number + FILES_OF_A_FOLDER, files)):
            (folder / f"{name:06}.jpg").touch()


def _folder_name(number: int) -> str:
    return f"{number // FOLDERS_OF_A_FOLDER:04}/{number % FOLDERS_OF_A_FOLDER}"


def seconds_to_start(source: Path, destination: Path) -> float:
    """The whole command, with a stopwatch where the workers would be."""
    begun = time.perf_counter()
    started: list[float] = []

    def nobody(*_: object) -> Iterator[object]:
        started.append(time.perf_counter() - begun)
        yield from ()

    with (
        patch(f"{COMMAND}.colorize_all", nobody),
        Path(os.devnull).open("w") as null,
        suppress(SystemExit),  # not all was done
    ):
        call_command("colorize", source, destination, recursive=True, stdout=null, stderr=null)
    return started[0]


def write_row(files: int) -> None:
    with TemporaryDirectory() as folder:
        source, destination = Path(folder, "source"), Path(folder, "destination")
        write_tree(source, files)
        fresh = seconds_to_start(source, destination)
        write_tree(destination, files)
        next(destination.rglob("000000.jpg")).unlink()
        again = seconds_to_start(source, destination)
    sys.stdout.write(f"{files:10,}{fresh:16.2f}{again:16.2f}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="*", default=[10_000, 100_000])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "colorsite.settings")
    django.setup()
    sys.stdout.write(f"{'files':>10}{'nothing done':>16}{'1 left':>16}\n")
    for files in parser.parse_args().files:
        write_row(files)


if __name__ == "__main__":
    main()
