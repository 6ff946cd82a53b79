"""Too little memory: a smaller render factor is used and told, or the reason why nothing came."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image

from colorizer.engine.architectures.registry import ARCHITECTURES
from colorizer.engine.memory import (
    TooLittleMemoryError,
    available_bytes,
    largest_render_factor,
    out_of_memory_named,
)
from colorizer.engine.variants import MAX_RENDER_FACTOR
from tests import ROOT

CPU = torch.device("cpu")
COLORIZE = """
import resource, sys
from pathlib import Path
from colorizer.engine import Colorizer

colorizer = Colorizer.for_variant("stable")
colorizer.colorize_file(Path("gray.png"), Path("first.png"), 8)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
print(colorizer.colorize_file(Path("gray.png"), Path("second.png"), 40).render_factor)
"""


def test_torchs_own_words_are_understood() -> None:
    with pytest.raises(TooLittleMemoryError, match="too little memory"), out_of_memory_named():
        torch.empty(2**60, dtype=torch.uint8)


def test_other_errors_keep_their_names() -> None:
    with pytest.raises(RuntimeError, match="shape"), out_of_memory_named():
        torch.empty(3).view(2, 2)


def test_what_fits_grows_with_the_memory_and_is_more_for_the_small_network() -> None:
    assert available_bytes(CPU) > 2**28
    deep, compact = (
        largest_render_factor(ARCHITECTURES[name].bytes_per_pixel, CPU)
        for name in ("deoldify-deep", "compact")
    )
    assert 0 < deep <= compact <= MAX_RENDER_FACTOR


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space as Linux does")
@pytest.mark.slow
def test_a_smaller_render_factor_is_used_when_memory_runs_out(tmp_path: Path) -> None:
    Image.linear_gradient("L").save(tmp_path / "gray.png")
    finished = subprocess.run(
        [sys.executable, "-c", COLORIZE, str(80 * 2**20)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert 8 <= int(finished.stdout) < 40
    with Image.open(tmp_path / "second.png") as result:
        assert result.size == (256, 256)
