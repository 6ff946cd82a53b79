"""Colorize a picture, a film or a folder of them from the command line."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from colorizer.batch.bars import Bars
from colorizer.batch.guiding import check_guided, reference_of
from colorizer.batch.interruption import SIGNALED, Interruption
from colorizer.batch.names import one_line
from colorizer.batch.plan import Plan, Task, check_folders, plan_run
from colorizer.batch.report import Run, check_report, report, summary_of, write_report
from colorizer.batch.workers import Recipe, Result, colorize_all
from colorizer.engine import ColorizerError, SaveOptions
from colorizer.engine.files import remove_abandoned
from colorizer.engine.hints import read_hints
from colorizer.engine.variants import (
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    VARIANTS,
)
from colorizer.engine.video import DEFAULT_QUALITY, DEFAULT_SMOOTHING, FilmOptions
from colorizer.weights_store.choice import weights_for


def suffix(name: str) -> str:
    return f".{name.lower().removeprefix('.')}"


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if text.isdecimal() and lowest <= int(text) <= highest:
            return int(text)
        raise ArgumentTypeError(f"must be {lowest} to {highest}, not {text}")

    return parse


def number(lowest: float, highest: float = inf) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = nan
        if lowest <= value <= highest and isfinite(value):
            return value
        limit = f"{lowest} to {highest}" if isfinite(highest) else f"at least {lowest}"
        raise ArgumentTypeError(f"must be {limit}, not {text}")

    return parse


class Command(BaseCommand):
    help = (
        "Colorize a picture, a film or all of a folder. DEST gets the same names (films end in .mp4 "
        "or .webm); "
        "what is already there is skipped, so that an interrupted run can be repeated."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a picture, a film or a folder of them")
        parser.add_argument(
            "dest", type=Path, help="a folder, or a file name for a single picture or film"
        )
        parser.add_argument("--variant", choices=VARIANTS, default=DEFAULT_VARIANT)
        parser.add_argument(
            "--render-factor",
            type=whole_number(MIN_RENDER_FACTOR, MAX_RENDER_FACTOR),
            metavar="N",
            help=f"{MIN_RENDER_FACTOR} to {MAX_RENDER_FACTOR}; 16 pixels of network input a unit "
            "(default: the network's own)",
        )
        parser.add_argument(
            "--weights",
            type=Path,
            metavar="FILE",
            help="a weights file instead of the variant's: .safetensors, or DeOldify's .pth",
        )
        parser.add_argument(
            "--hints",
            type=Path,
            metavar="FILE",
            help="colors at places of a single picture or film, as JSON: see docs/colorize.md",
        )
        parser.add_argument(
            "--reference",
            type=Path,
            metavar="FILE",
            help="a photo whose colors pictures and films get",
        )
        parser.add_argument(
            "--reference-seconds",
            type=number(0),
            metavar="SECONDS",
            help="only the scene at this moment of a single film gets the colors of the reference",
        )
        self.add_run_arguments(parser)
        self.add_result_arguments(parser)
        self.add_film_arguments(parser)

    def add_run_arguments(self, parser: ArgumentParser) -> None:
        run = parser.add_argument_group("the run")
        run.add_argument("--recursive", action="store_true", help="take folders inside, too")
        run.add_argument(
            "--jobs",
            type=whole_number(1, 256),
            default=1,
            metavar="N",
            help="processes at work at the same time (default: 1); each needs its own memory",
        )
        run.add_argument(
            "--report", type=Path, metavar="FILE", help="write what became of every picture as JSON"
        )

    def add_result_arguments(self, parser: ArgumentParser) -> None:
        result = parser.add_argument_group("the results")
        result.add_argument("--format", type=suffix, metavar="SUFFIX", help="such as png or webp")
        result.add_argument(
            "--quality",
            type=whole_number(1, 100),
            metavar="N",
            help="of lossy formats and films, 1 to 100 "
            f"(default: {SaveOptions().quality}, of films {DEFAULT_QUALITY})",
        )
        result.add_argument(
            "--bits", type=int, choices=(8, 16), help="a channel (default: as the picture has)"
        )
        result.add_argument("--mark", action="store_true", help="draw a small mark in the corner")
        result.add_argument(
            "--keep-metadata",
            action="store_true",
            help="carry the picture's own metadata, which may tell of persons and places",
        )

    def add_film_arguments(self, parser: ArgumentParser) -> None:
        film = parser.add_argument_group("films")
        film.add_argument(
            "--start",
            type=number(0),
            default=0.0,
            metavar="SECONDS",
            help="leave out what is before",
        )
        film.add_argument(
            "--seconds", type=number(0.001), metavar="SECONDS", help="colorize so much of each film"
        )
        film.add_argument(
            "--smoothing",
            type=number(0, 1),
            default=DEFAULT_SMOOTHING,
            metavar="S",
            help="0 colors each frame on its own, 1 holds colors longest (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recipe = recipe_of(options)
            plan = self.planned(options, recipe)
            with Interruption() as interruption:
                run = self.run_as_planned(plan, recipe, options["jobs"], interruption)
                if options["report"]:
                    write_report(options["report"], report(run))
        except ColorizerError as error:
            raise CommandError(one_line(str(error))) from error
        except KeyboardInterrupt:
            self.tell("Interrupted before any work was done.")
            raise SystemExit(SIGNALED + signal.SIGINT) from None
        self.tell_how_it_ended(run)
        if run.not_done:
            raise SystemExit(interruption.exit_status)
        if not run.is_complete:
            raise SystemExit(1)

    def planned(self, options: dict[str, Any], recipe: Recipe) -> Plan:
        plan = plan_run(
            options["source"],
            options["dest"],
            recipe.options,
            recursive=options["recursive"],
            suffix=options["format"],
        )
        check_guided(plan.tasks, recipe)
        check_folders(plan.waiting)
        if options["report"]:
            read = [options[name] for name in ("weights", "hints", "reference") if options[name]]
            check_report(options["report"], plan, read)
        for one in plan.found.left_alone:
            self.tell(f"{one.path}: left alone, since {one.reason}")
        return plan

    def run_as_planned(
        self, plan: Plan, recipe: Recipe, jobs: int, interruption: Interruption
    ) -> Run:
        for folder in {task.target.parent for task in plan.waiting}:
            remove_abandoned(folder)
        started_at, begun = datetime.now(UTC), time.perf_counter()
        results = self.colorize(plan.waiting, recipe, jobs, interruption)
        return Run(
            plan=plan,
            recipe=recipe,
            jobs=jobs,
            started_at=started_at,
            seconds=time.perf_counter() - begun,
            results=results,
        )

    def colorize(
        self, tasks: list[Task], recipe: Recipe, jobs: int, interruption: Interruption
    ) -> list[Result]:
        """Results so far when it is interrupted; each failure and flaw is told as it comes."""
        results = []
        with (
            closing(colorize_all(tasks, recipe, jobs, interruption)) as running,
            closing(Bars(len(tasks))) as bars,
        ):
            for news in running:
                bars.show(news)
                if isinstance(news, Result):
                    results.append(news)
                    for remark in remarks_on(news):
                        with tqdm.external_write_mode():
                            self.tell(f"{news.task.source}: {remark}")
        return results

    def tell(self, line: str) -> None:
        """On stderr. Names of files may hold anything: none shall control the terminal."""
        with suppress(OSError):  # a terminal that was closed does not end the run
            self.stderr.write(one_line(line))

    def tell_how_it_ended(self, run: Run) -> None:
        with suppress(OSError):
            self.stdout.write(
                f"{run.colorized} colorized, {len(run.plan.finished)} already done, "
                f"{run.failed} failed"
            )
        if run.plan.found.skipped_folders:
            self.tell(summary_of(run.plan.found.skipped_folders, "folder"))
        if run.plan.found.skipped_files:
            self.tell(summary_of(run.plan.found.skipped_files, "file"))
        if run.not_done:
            self.tell(
                f"Interrupted with {run.not_done} not done. The same command goes on from here."
            )


def remarks_on(result: Result) -> list[str]:
    """What is told of it on stderr."""
    return [remark for remark in (result.error, result.flaw, *result.notes) if remark]


def recipe_of(options: dict[str, Any]) -> Recipe:
    return Recipe(
        weights=options["weights"] or weights_for(options["variant"]),
        variant=None if options["weights"] else options["variant"],
        render_factor=options["render_factor"],
        options=SaveOptions(
            quality=options["quality"] or SaveOptions().quality,
            bits=options["bits"],
            corner_mark=options["mark"],
            keep_metadata=options["keep_metadata"],
        ),
        film=FilmOptions(
            variant=options["variant"],
            render_factor=options["render_factor"],
            smoothing=options["smoothing"],
            start=options["start"],
            seconds=options["seconds"],
            quality=options["quality"] or DEFAULT_QUALITY,
        ),
        hints=read_hints(options["hints"]) if options["hints"] else (),
        reference=reference_of(options["reference"]) if options["reference"] else None,
        reference_seconds=options["reference_seconds"],
    )
