"""Runs it: prints a table, exits with 1 when a promise is broken."""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command

from tests.chaos.surroundings import surroundings


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["orm", "redis"], default="orm")
    parser.add_argument("--trouble-seconds", type=float, default=120)
    parser.add_argument("--patience-seconds", type=float, default=900)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main(options: argparse.Namespace, folder: Path) -> bool:
    from colorizer import orphans  # noqa: PLC0415  (Django is set up by now)
    from tests.chaos import promises, scene, trouble  # noqa: PLC0415

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    poison = scene.make_jobs(options.jobs, options.users)
    began = time.monotonic()
    hosts = [trouble.Host(folder / f"host-{number}.log") for number in (1, 2)]
    poisoning = trouble.Poison(poison, hosts)
    poisoning.start()
    troubles = trouble.Trouble(hosts, poison, options.seed)
    is_cut_off = False
    while (passed := time.monotonic() - began) < options.patience_seconds:
        if trouble.are_all_done():
            break
        time.sleep(random.expovariate(1))
        if passed < options.trouble_seconds:
            troubles.strike()
        if not is_cut_off and passed > options.trouble_seconds / 2:
            troubles.cut_off()
            is_cut_off = True
    poisoning.is_over.set()
    poisoning.join()
    wall = time.monotonic() - began
    for host in hosts:
        host.process.terminate()
    for host in hosts:
        host.process.wait()
    rows: list[tuple[str, object]] = [
        ("wall seconds", round(wall)),
        *promises.outcomes().items(),
        *sorted(troubles.counts.items()),
        ("workers killed by the poison picture", poisoning.kills),
        ("frozen clusters started anew", sum(host.restarts_of_frozen() for host in hosts)),
        ("orphan files swept", orphans.sweep(older_than=timedelta(0))),
    ]
    for name, value in rows:
        sys.stdout.write(f"{name:44} {value}\n")
    kept = True
    for promise in promises.promises(options.jobs, poison):
        mark = "kept" if promise.is_kept else f"BROKEN: wanted {promise.wanted}"
        sys.stdout.write(f"{promise.words:44} {promise.found!s:8} {mark}\n")
        kept = kept and promise.is_kept
    return kept


if __name__ == "__main__":
    chosen = arguments()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        surroundings(Path(scratch), chosen.database, chosen.broker),
    ):
        django.setup()
        is_kept = main(chosen, Path(scratch))
        django.db.connections.close_all()
    sys.exit(0 if is_kept else 1)
