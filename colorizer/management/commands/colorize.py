"""Colorize a picture or a folder of pictures from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from colorizer.engine.catalogue import bundled_weights
from colorizer.engine.colorizer import Colorizer, check_render_factor
from colorizer.engine.errors import ColorizerError
from colorizer.engine.pictures import SAVE_OPTIONS, check_destination
from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    VARIANTS,
)
from colorizer.engine.weights import load_weights

Job = tuple[Path, Path]


def is_picture_name(path: Path) -> bool:
    return path.suffix.lower() in SAVE_OPTIONS and not path.name.startswith(".")


def jobs_of_folder(source: Path, destination: Path) -> list[Job]:
    if destination.resolve() == source.resolve():
        raise CommandError(
            "SOURCE and DEST are the same folder. Name another DEST, so that no original is at risk."
        )
    if destination.exists() and not destination.is_dir():
        raise CommandError(f"{destination} is a file. Name a folder for the results.")
    names = sorted(
        path.name for path in source.iterdir() if path.is_file() and is_picture_name(path)
    )
    if not names:
        raise CommandError(
            f"{source} holds no pictures. Known suffixes: {', '.join(SAVE_OPTIONS)}."
        )
    return [(source / name, destination / name) for name in names]


def job_of_file(source: Path, destination: Path) -> Job:
    into_folder = destination.is_dir() or not destination.suffix
    target = destination / source.name if into_folder else destination
    if target.resolve() == source.resolve():
        raise CommandError("SOURCE and DEST are the same file. Name another DEST.")
    try:
        check_destination(target)
    except ColorizerError as error:
        raise CommandError(str(error)) from error
    return source, target


def jobs_of(source: Path, destination: Path) -> list[Job]:
    if source.is_dir():
        return jobs_of_folder(source, destination)
    if source.exists():
        return [job_of_file(source, destination)]
    raise CommandError(f"There is no file or folder {source}.")


class Command(BaseCommand):
    help = (
        "Colorize a picture or every picture of a folder. DEST gets the same names; "
        "what is already there is skipped, so that an interrupted run can be repeated."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a picture or a folder of pictures")
        parser.add_argument("dest", type=Path, help="a folder, or a file name for a single picture")
        parser.add_argument("--variant", choices=VARIANTS, default=DEFAULT_VARIANT)
        parser.add_argument(
            "--render-factor",
            type=int,
            default=DEFAULT_RENDER_FACTOR,
            help=f"{MIN_RENDER_FACTOR} to {MAX_RENDER_FACTOR}; 16 pixels of network input a unit "
            "(default: %(default)s)",
        )
        parser.add_argument(
            "--weights", type=Path, help="a weights file instead of the bundled one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_render_factor(options["render_factor"])
            colorizer = Colorizer(
                load_weights(options["weights"] or bundled_weights(options["variant"]))
            )
        except (ColorizerError, ValueError) as error:
            raise CommandError(str(error)) from error
        jobs = jobs_of(options["source"], options["dest"])
        waiting = [job for job in jobs if not job[1].exists()]
        failures = self.colorize_all(colorizer, waiting, options["render_factor"])
        done = len(waiting) - failures
        self.stdout.write(
            f"{done} colorized, {len(jobs) - len(waiting)} already done, {failures} failed"
        )
        if failures:
            raise SystemExit(1)

    def colorize_all(self, colorizer: Colorizer, jobs: list[Job], render_factor: int) -> int:
        """Returns the number of failures; each one is named with its reason."""
        failures = 0
        for source, target in tqdm(jobs, unit="picture", disable=None):
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                colorizer.colorize_file(source, target, render_factor)
            except (ColorizerError, OSError) as error:
                failures += 1
                self.stderr.write(f"{source}: {error}")
        return failures
