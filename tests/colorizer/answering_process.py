"""A program for `ProcessPool` that does as it is told, good or bad."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any


def answer(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def obey(request: dict[str, Any]) -> None:
    started = time.monotonic()
    time.sleep(request.get("sleep", 0))
    if "crash" in request:
        os.kill(os.getpid(), request["crash"])
    if request.get("stammer"):
        sys.stdout.write('{"pid": ')
        sys.stdout.flush()
        time.sleep(600)
    answer({"pid": os.getpid(), "started": started, "ended": time.monotonic()})


if __name__ == "__main__":
    answer({"ready": True})
    for line in sys.stdin:
        obey(json.loads(line))
