"""Turn color photographs into training shards.

python -m colorizer.training prepare SOURCES... OUT [--side 224] [--validation 0.04] [--jobs N]
    [--licenses FILE [--leave-out-license NAME ... | --only-license NAME ...]]

Sources are folders (searched recursively), tar and zip files, and single pictures. Pictures that are
too small, nearly gray, of a single tint, broken, seen before, or of a license that is not wanted are
left out; a summary says how many.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType
from typing import Final, NoReturn

from tqdm import tqdm

from colorizer.training.prefetch import prefetched
from colorizer.training.preparing.duplicates import PictureHashes
from colorizer.training.preparing.licenses import (
    ANY_LICENSE,
    LicenseError,
    Licenses,
    read_licenses,
)
from colorizer.training.preparing.sources import Candidate, candidates
from colorizer.training.preparing.standardizing import (
    SMALLEST_SIDE,
    Photograph,
    Reason,
    Rejected,
    standardized,
)
from colorizer.training.preparing.writing import PrepareError, ShardFolder, finished_folder, summary

PREFETCHED_PER_JOB: Final = 8


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", type=Path, nargs="+", help="folders, tar or zip files, pictures")
    parser.add_argument("out", type=Path, help="folder for the shards, empty or not there yet")
    parser.add_argument("--side", type=_side, default=224, help="pixels of the shorter side")
    parser.add_argument("--validation", type=_share, default=0.04, help="share set aside, 0..1")
    parser.add_argument("--licenses", type=Path, metavar="FILE", help="lines: source, tab, license")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--leave-out-license", action="append", default=[], metavar="NAME", help="may be repeated"
    )
    which.add_argument(
        "--only-license", action="append", default=[], metavar="NAME", help="may be repeated"
    )
    parser.add_argument("--jobs", type=_jobs, default=os.cpu_count(), help="parallel processes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.write(
        prepare(
            arguments.sources,
            arguments.out,
            side=arguments.side,
            validation_share=arguments.validation,
            jobs=arguments.jobs,
            licenses=_licenses(arguments),
        )
    )


def _licenses(arguments: argparse.Namespace) -> Licenses:
    leave_out, only = arguments.leave_out_license, arguments.only_license
    if arguments.licenses:
        return read_licenses(arguments.licenses, leave_out=leave_out, only=only)
    if leave_out or only:
        raise LicenseError("Name the file that tells each source's license: --licenses FILE.")
    return ANY_LICENSE


def prepare(
    sources: list[Path],
    out: Path,
    *,
    side: int,
    validation_share: float,
    jobs: int,
    licenses: Licenses = ANY_LICENSE,
) -> str:
    """Write shards and manifest into `out`; returns the summary.

    Args:
        sources: folders, tar and zip files, pictures; of equal pictures the first is kept.
        out: an empty folder, or none.
        side: pixels of the shorter side, where a picture has as many.
        validation_share: 0..1.
        jobs: processes at a time; the result is the same with any number.
        licenses: of the sources, and those whose pictures are left out.

    Raises:
        PrepareError: `out` holds something, or no picture is left.
        LicenseError: a source has no license.
        ShardError: an archive is damaged.
        OSError: a source is missing, or there is no space or right to write.
    """
    left_out: list[Rejected] = []
    with finished_folder(out) as folder, TemporaryFile(dir=folder) as spool:
        shards = ShardFolder(folder, spool, validation_share)
        for outcome in _outcomes(sources, licenses, side, jobs):
            if isinstance(outcome, Photograph):
                shards.add(outcome)
            else:
                left_out.append(outcome)
        if not shards.entries:
            raise PrepareError(f"Nothing is left to train on.\n{summary([], left_out, licenses)}")
        shards.finish()
    return summary(shards.entries, left_out, licenses)


def _outcomes(
    sources: list[Path], licenses: Licenses, side: int, jobs: int
) -> Iterator[Photograph | Rejected]:
    """Every picture's: first those left out by license, then in the order of the sources.

    The first of equal pictures is the one kept.
    """
    names = [candidate.source for candidate in candidates(sources)]
    licenses.check(names)
    left_out = [name for name in names if not licenses.permits(name)]
    yield from (Rejected(name, Reason.LICENSE) for name in left_out)
    permitted = (one for one in candidates(sources) if licenses.permits(one.source))
    hashes = PictureHashes()
    for outcome in _standardized(permitted, len(names) - len(left_out), side, jobs):
        if isinstance(outcome, Photograph) and not hashes.add(outcome.hash):
            yield Rejected(outcome.source, Reason.DUPLICATE)
        else:
            yield outcome


def _standardized(
    permitted: Iterator[Candidate], total: int, side: int, jobs: int
) -> Iterator[Photograph | Rejected]:
    pictures = tqdm(permitted, "preparing", total, unit="picture")
    processes = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent
    )
    return prefetched(
        processes, partial(standardized, side=side), pictures, jobs * PREFETCHED_PER_JOB
    )


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """SIGTERM ends the run as Ctrl-C does: what is unfinished is removed on the way out."""
    sys.exit(128 + number)


def _side(text: str) -> int:
    side = int(text)
    if side < SMALLEST_SIDE:
        raise argparse.ArgumentTypeError(f"must be {SMALLEST_SIDE} or more")
    return side


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share < 1:
        raise argparse.ArgumentTypeError("must be at least 0 and below 1")
    return share


def _jobs(text: str) -> int:
    jobs = int(text)
    if jobs < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return jobs
