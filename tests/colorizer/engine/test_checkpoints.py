"""Foreign .pth files: what is read, what is refused and why, and that nothing in one is executed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from torch import Tensor

from colorizer.engine.architectures.deoldify import DEOLDIFY_DEEP
from colorizer.engine.errors import WeightsError
from colorizer.engine.weights import load_weights

State = dict[str, Tensor]


@pytest.fixture(scope="module")
def state(artistic_pth: Path) -> State:
    content: dict[str, State] = torch.load(artistic_pth, weights_only=True, mmap=True)
    return content["model"]


class Hostile:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (self.command,)


def saved(folder: Path, content: object, **options: bool) -> Path:
    path = folder / "foreign.pth"
    torch.save(content, path, **options)
    return path


@pytest.mark.slow
def test_a_bare_state_dict_in_the_old_format_is_read(tmp_path: Path, state: State) -> None:
    path = saved(tmp_path, state, _use_new_zipfile_serialization=False)
    assert load_weights(path).architecture is DEOLDIFY_DEEP


@pytest.mark.slow
def test_the_optimizers_state_beside_it_is_left_out(tmp_path: Path, state: State) -> None:
    path = saved(tmp_path, {"model": state, "opt": {"state": {}, "param_groups": []}})
    assert load_weights(path).architecture is DEOLDIFY_DEEP


@pytest.mark.slow
def test_keys_that_do_not_fit_are_named(tmp_path: Path, state: State) -> None:
    changed = {**state, "layers.99.weight": torch.zeros(1), "layers.11.0.bias": torch.zeros(4)}
    del changed["layers.1.bias"]
    with pytest.raises(WeightsError) as refused:
        load_weights(saved(tmp_path, {"model": changed}))
    assert "1 missing: layers.1.bias" in str(refused.value)
    assert "1 unknown: layers.99.weight" in str(refused.value)
    assert "1 of another shape or type: layers.11.0.bias" in str(refused.value)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    path = saved(tmp_path, {"model": Hostile(f"touch {mark}")})
    with pytest.raises(WeightsError, match="nothing was loaded"):
        load_weights(path)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"hello\n", b"PK\x03\x04" + bytes(64), b"\x80\x02}q."])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.pth"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"damaged\.pth"):
        load_weights(path)


@pytest.mark.slow
def test_a_truncated_file_is_refused(tmp_path: Path, artistic_pth: Path) -> None:
    path = tmp_path / "half.pth"
    path.write_bytes(artistic_pth.read_bytes()[:1_000_000])
    with pytest.raises(WeightsError, match=r"half\.pth"):
        load_weights(path)


@pytest.mark.parametrize("content", [{"weight": torch.zeros(1)}, {1: torch.zeros(1)}, [1, 2]])
def test_what_is_no_generator_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(WeightsError, match="does not hold"):
        load_weights(saved(tmp_path, content))
