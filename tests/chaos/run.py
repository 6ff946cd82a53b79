"""One run: jobs, workers, trouble until all jobs have ended, and the report."""

from __future__ import annotations

import argparse
import logging
import random
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command

from filestore import cleanup
from jobs import counters
from jobs.models import Job
from tests.chaos.history import CounterWatch
from tests.chaos.hosts import Killer, running_hosts
from tests.chaos.promises import outcomes, promises
from tests.chaos.scene import Scene, make_scene
from tests.chaos.trouble import Trouble

HOSTS = 2


def run(options: argparse.Namespace, folder: Path) -> bool:
    """Whether every promise was kept."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    scene = make_scene(options.jobs - options.archives, options.archives, options.users)
    watch = CounterWatch()
    poison = scene.poison.job
    with running_hosts(folder, HOSTS) as hosts:
        trouble = Trouble(hosts, poison, options.seed)
        killer = Killer(hosts, poison, options.seed)
        killer.start()
        wall = _make_trouble(options, scene, trouble, watch)
        killer.stop()
    swept = sum(cleanup.sweep(timedelta(0), timedelta(0)))
    _report(
        {
            "seconds until all had ended": round(wall),
            **outcomes(),
            **trouble.counts,
            "workers killed by the poison picture": killer.poison_kills,
            "workers killed in the middle of another job": killer.other_kills,
            "frozen clusters restarted": sum(host.restarts_of_frozen() for host in hosts),
            "files and folders removed by the clean-up": swept,
        }
    )
    return _report_promises(scene, watch)


def _make_trouble(
    options: argparse.Namespace, scene: Scene, trouble: Trouble, watch: CounterWatch
) -> float:
    """Until all jobs have ended, or patience has; returns how many seconds that took."""
    began = time.monotonic()
    is_cut_off = False
    while (passed := time.monotonic() - began) < options.patience_seconds and not _is_over(scene):
        time.sleep(random.expovariate(1))
        scene.request_next_archive()
        if passed < options.trouble_seconds:
            trouble.strike()
        if not is_cut_off and passed > options.trouble_seconds / 2:
            trouble.cut_off()
            is_cut_off = True
        watch.look()
        counters.merge()  # as supervisors do, which come to it too rarely for one run
    return passed


def _is_over(scene: Scene) -> bool:
    return not scene.albums and not Job.objects.open().exists()


def _report(figures: Mapping[str, object]) -> None:
    for name, value in figures.items():
        sys.stdout.write(f"{name:52} {value}\n")


def _report_promises(scene: Scene, watch: CounterWatch) -> bool:
    found = list(promises(scene, watch))
    for promise in found:
        mark = "kept" if promise.is_kept else f"BROKEN: expected {promise.expected}"
        sys.stdout.write(f"{promise.words:52} {promise.found!s:8} {mark}\n")
    return all(promise.is_kept for promise in found)
