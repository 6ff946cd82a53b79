"""One run: requests by chance, one after the other, and what came of them."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable

from django.core.management import call_command

from tests.fuzz.drawing import Drawing, Drawn
from tests.fuzz.reach import UNREACHABLE, Reach
from tests.fuzz.scene import Scene, make_scene
from tests.fuzz.schema import send_cases
from tests.fuzz.site import Findings, Site

# Requests log out, suspend and delete: after so many, there is something to ask for again.
SCENE_LASTS = 100


def run(options: argparse.Namespace) -> bool:
    """Whether nothing was found."""
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    findings = Findings()
    stage = _Stage(Site(findings).send)
    missed = [] if options.only else walk(stage)
    if not options.only:
        send_cases(options.number // 2, options.seed, stage.scene, stage.send)
    drawing = Drawing(options.seed)
    first, last = (options.only, options.only + 1) if options.only else (1, options.number // 2 + 1)
    for number in range(first, last):
        stage.send(drawing.draw(number, stage.scene()), f"--seed {options.seed} --only {number}")
    _report(findings)
    return not findings.failures and not missed


def walk(stage: _Stage) -> list[str]:
    """Prints which operations do not succeed; returns those that should."""
    reach = Reach(make_scene())
    reach.walk(stage.send)
    unreached = reach.unreached()
    for name, statuses in unreached.items():
        print(f"{name}: never 2xx, but {statuses}", flush=True)  # noqa: T201
    for name, why in UNREACHABLE.items():
        print(f"{name}: not asked for, since it {why}")  # noqa: T201
    number = len(reach.statuses)
    print(f"{number - len(unreached)} of {number + len(UNREACHABLE)} operations have a 2xx")  # noqa: T201
    return list(unreached)


class _Stage:
    def __init__(self, send: Callable[[Drawn, str], int]) -> None:
        self._send = send
        self._sent = 0
        self._scene = make_scene()

    def scene(self) -> Scene:
        if self._sent % SCENE_LASTS == SCENE_LASTS - 1:
            self._scene = make_scene()
        return self._scene

    def send(self, drawn: Drawn, again: str = "drawn from the schema") -> int:
        self._sent += 1
        return self._send(drawn, again)


def _report(findings: Findings) -> None:
    statuses = ", ".join(f"{n} x {status}" for status, n in sorted(findings.statuses.items()))
    print(f"{sum(findings.statuses.values())} requests: {statuses}")  # noqa: T201
    print(f"slowest: {findings.slowest:.1f} s; failures: {findings.failures}")  # noqa: T201
