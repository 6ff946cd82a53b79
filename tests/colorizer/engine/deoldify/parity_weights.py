"""Weight files in the layout of DeOldify's generators, with known, made-up values.

    python -m tests.colorizer.engine.deoldify.parity_weights artistic OUT.pth
    python -m tests.colorizer.engine.deoldify.parity_weights wide OUT.pth

Every tensor listed in <name>.keys.tsv is either taken from calibrated_<name>.npz or drawn from a
stream seeded by its key alone. The file holds {'model': state_dict}; the SHA-256 over all keys and
values is held against the known one.

The values are the same bits on every machine: streams use only the raw words of PCG64, whose order
NumPy promises to keep; float32 values come from single, elementwise operations; and the vectors of
the power iteration are rounded to a grid far coarser than float64 summation error.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tests.colorizer.engine.deoldify.kit import FOLDER, checkpoint_keys

SHA256 = {
    "artistic": "96f8a708479555b0857df6d5bf7ed33d44f10bc7c3237eb8ffcc789a9bcaea7f",
    "wide": "d5cf3dde331b9da1ef49a010c38f49f62afb1791db803da1262dd24d7d7d67ab",
}
CONV_VARIANCE = 1.7  # times 1 / fan-in
POWER_STEPS = 2  # few, so that u and v are not converged
POWER_GRID = 2.0**20  # u and v are multiples of 1 / POWER_GRID
ATTENTION_GAMMA = 0.7
PART_WORDS = 2**16


def raw_words(key: str, count: int) -> Iterator[NDArray[np.uint64]]:
    """`count` words of the stream that belongs to `key`, in parts that stay in the processor's cache."""
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    stream = np.random.PCG64(seed)
    for start in range(0, count, PART_WORDS):
        yield stream.random_raw(min(PART_WORDS, count - start))


def normal(key: str, shape: tuple[int, ...], std: float) -> NDArray[np.float32]:
    """Near-normal: the sum of the four 16-bit lanes of a word, centered and scaled (Irwin-Hall)."""
    lane_variance = (2.0**32 - 1) / 12
    scale = np.float32(std / math.sqrt(4 * lane_variance))

    def values(words: NDArray[np.uint64]) -> NDArray[np.float32]:
        lanes = words.view(np.uint16)
        total = lanes[::4].astype(np.int32)
        for lane in range(1, 4):
            total += lanes[lane::4]
        total -= 2 * 65535
        return total.astype(np.float32) * scale

    return filled(shape, map(values, raw_words(key, math.prod(shape))))


def uniform(key: str, shape: tuple[int, ...], low: float, high: float) -> NDArray[np.float32]:
    def values(words: NDArray[np.uint64]) -> NDArray[np.float32]:
        fraction = (words >> np.uint64(40)).astype(np.float32) / np.float32(2**24)
        return fraction * np.float32(high - low) + np.float32(low)

    return filled(shape, map(values, raw_words(key, math.prod(shape))))


def filled(shape: tuple[int, ...], parts: Iterator[NDArray[np.float32]]) -> NDArray[np.float32]:
    whole = np.empty(math.prod(shape), np.float32)
    start = 0
    for part in parts:
        whole[start : start + len(part)] = part
        start += len(part)
    return whole.reshape(shape)


def power_vectors(key: str, weight: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """(u, v) after POWER_STEPS power iterations on `weight` as out x rest, from a random u."""
    matrix = weight.reshape(len(weight), -1).astype(np.float64)
    u = normal(key, (len(matrix),), 1.0).astype(np.float64)
    u /= np.linalg.norm(u)
    for _ in range(POWER_STEPS):
        v = matrix.T @ u
        v /= np.linalg.norm(v)
        u = matrix @ v
        u /= np.linalg.norm(u)
    return tuple(
        (np.rint(vector * POWER_GRID) / POWER_GRID).astype(np.float32) for vector in (u, v)
    )


def drawn(key: str, shape: tuple[int, ...], siblings: set[str]) -> NDArray[Any]:
    """The tensor of a key that is not calibrated.

    Args:
        siblings: last parts of the keys with the same prefix.
    """
    match key.rpartition(".")[2]:
        case "weight_orig":
            return normal(key, shape, math.sqrt(CONV_VARIANCE / math.prod(shape[1:])))
        case "weight" if len(shape) == 4:
            return normal(key, shape, math.sqrt(CONV_VARIANCE / math.prod(shape[1:])))
        case "weight_v" if "weight_g" in siblings:
            return normal(key, shape, 1.0)
        case "weight" if "running_mean" in siblings:
            return uniform(key, shape, 0.6, 1.4)
        case "bias":
            return normal(key, shape, 0.25 if "running_mean" in siblings else 0.1)
        case "gamma":
            return np.full(shape, ATTENTION_GAMMA, np.float32)
    raise KeyError(f"{key} has no rule and is not calibrated")


def made_state(name: str, calibrated: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """In file order; `calibrated` are taken as they are."""
    rows = checkpoint_keys(name)
    siblings: dict[str, set[str]] = {}
    for key in rows:
        prefix, _, leaf = key.rpartition(".")
        siblings.setdefault(prefix, set()).add(leaf)
    state: dict[str, NDArray[Any]] = {}
    for key, (shape, _) in rows.items():
        prefix, _, leaf = key.rpartition(".")
        if key in calibrated:
            state[key] = calibrated[key]
        elif leaf in ("weight_u", "weight_v") and "weight_orig" in siblings[prefix]:
            u, v = power_vectors(f"{prefix}.weight_u", state[f"{prefix}.weight_orig"])
            state[key] = u if leaf == "weight_u" else v
        else:
            state[key] = drawn(key, shape, siblings[prefix])
    return state


def digest(state: Mapping[str, NDArray[Any]]) -> str:
    sha = hashlib.sha256()
    for key, array in state.items():
        sha.update(key.encode())
        sha.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data)
    return sha.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(SHA256))
    parser.add_argument("destination", type=Path)
    arguments = parser.parse_args()
    with np.load(FOLDER / f"calibrated_{arguments.name}.npz") as calibrated:
        state = made_state(arguments.name, dict(calibrated))
    if (sha256 := digest(state)) != SHA256[arguments.name]:
        raise SystemExit(f"{arguments.name} came out as {sha256}, not {SHA256[arguments.name]}.")
    tensors = {key: torch.from_numpy(array) for key, array in state.items()}
    torch.save({"model": tensors}, arguments.destination)


if __name__ == "__main__":
    main()
