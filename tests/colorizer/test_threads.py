"""Worker processes share the cores between them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from colorizer.engine.threads import VARIABLES, WAIT_POLICY, share_cores
from colorsite.environment import BASE_DIR
from tests.worker import worker_environment

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
SCRIPT = """
import os
from jobs import clusters, tasks
from jobs.log_context import CLUSTER_VARIABLE
cluster = clusters.register("photos", 1)
os.environ[CLUSTER_VARIABLE] = str(cluster.pk)
tasks.run_next()
clusters.remove(cluster)
import cv2
import torch
print(torch.get_num_threads(), os.environ["VIPS_CONCURRENCY"], cv2.getNumThreads())
"""


def threads_of_a_worker(folder: Path, **variables: str) -> list[int]:
    """Of torch, libvips and OpenCV, once the worker has run its first wake-up."""
    inherited = {**os.environ, **worker_environment(folder)}
    for name in VARIABLES:
        inherited.pop(name, None)
    response = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", SCRIPT],
        cwd=BASE_DIR,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert response.returncode == 0, response.stderr
    return [int(number) for number in response.stdout.split()]


@pytest.mark.parametrize("workers", [1, 2, 64])
def test_each_worker_has_its_share_of_the_cores(tmp_path: Path, workers: int) -> None:
    share = max(1, CORES // workers)
    assert threads_of_a_worker(tmp_path, WORKERS=str(workers)) == [share, share, share]


def test_numbers_that_are_set_stay(tmp_path: Path) -> None:
    variables = {"OMP_NUM_THREADS": "1", "VIPS_CONCURRENCY": "5", "OPENCV_FOR_THREADS_NUM": "2"}
    assert threads_of_a_worker(tmp_path, **variables) == [1, 5, 2]


def test_threads_that_wait_leave_the_cores_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WAIT_POLICY, raising=False)
    share_cores(1)
    assert os.environ[WAIT_POLICY] == "passive"
    monkeypatch.setenv(WAIT_POLICY, "active")
    share_cores(1)
    assert os.environ[WAIT_POLICY] == "active"
