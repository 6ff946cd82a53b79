"""3x3 convolutions by Winograd's minimal filtering: a quarter of the multiplications, in float32.

Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (CVPR 2016), section 4.3,
F(4x4, 3x3): 4 x 4 outputs from 6 x 6 inputs with 36 multiplications where 144 are usual. The
transforms of tiles are matrix products with Kronecker squares of the paper's matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import torch
from torch import Tensor

TILE: Final = 4
INPUT_TILE: Final = TILE + 2
TILES_PER_STRIP: Final = 280

INPUT_TRANSFORM: Final = torch.tensor(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    dtype=torch.float32,
)
WEIGHT_TRANSFORM: Final = torch.tensor(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    dtype=torch.float32,
)
OUTPUT_TRANSFORM: Final = torch.tensor(
    [
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ],
    dtype=torch.float32,
)
INPUT_SQUARE: Final = torch.kron(INPUT_TRANSFORM, INPUT_TRANSFORM)
WEIGHT_SQUARE: Final = torch.kron(WEIGHT_TRANSFORM, WEIGHT_TRANSFORM)
OUTPUT_SQUARE: Final = torch.kron(OUTPUT_TRANSFORM, OUTPUT_TRANSFORM)


def transformed_weights(weight: Tensor) -> Tensor:
    """O x C x 3 x 3 -> 36 x C x O."""
    taps = weight.permute(2, 3, 1, 0).reshape(9, -1)
    return (WEIGHT_SQUARE @ taps).view(INPUT_TILE**2, weight.shape[1], weight.shape[0])


def convolve(padded: Tensor, weights: Tensor) -> Tensor:
    """Convolve rows of pixels, channels last, that are padded already.

    Args:
        padded: (R + 2) x (S + 2) x C, float32, contiguous; R and S multiples of TILE.
        weights: 36 x C x O, see `transformed_weights`.

    Returns:
        R x S x O, float32.
    """
    down, right, _ = padded.stride()
    rows, columns = (padded.shape[0] - 2) // TILE, (padded.shape[1] - 2) // TILE
    tiles = padded.as_strided(
        (INPUT_TILE, INPUT_TILE, rows, columns, padded.shape[2]),
        (down, right, TILE * down, TILE * right, 1),
    )
    transformed = INPUT_SQUARE @ tiles.reshape(INPUT_TILE**2, -1)
    products = torch.bmm(transformed.view(INPUT_TILE**2, rows * columns, padded.shape[2]), weights)
    outputs = OUTPUT_SQUARE @ products.view(INPUT_TILE**2, -1)
    in_order = outputs.view(TILE, TILE, rows, columns, weights.shape[2]).permute(2, 0, 3, 1, 4)
    return in_order.reshape(rows * TILE, columns * TILE, weights.shape[2])


class RowConvolution:
    """A 3x3 convolution, stride 1, zero padding, of a picture that arrives in strips of rows.

    Strips keep what is in use within the processor's caches, and the whole out of memory.

    Args:
        weight: O x C x 3 x 3, float32.
        width: pixels of a row.
    """

    def __init__(self, weight: Tensor, width: int) -> None:
        self.weights = transformed_weights(weight)
        self.width = width
        self.padded_width = -(-width // TILE) * TILE + 2
        self.waiting = weight.new_zeros(1, self.padded_width, weight.shape[1])

    def push(self, rows: Tensor) -> Tensor:
        """Take the next rows, R x width x C; return the outputs that they complete, r x width x O."""
        seen = self.waiting.shape[0]
        waiting = rows.new_zeros(seen + rows.shape[0], self.padded_width, rows.shape[2])
        waiting[:seen] = self.waiting
        waiting[seen:, 1 : self.width + 1] = rows
        complete = max(0, waiting.shape[0] - 2) // TILE * TILE
        self.waiting = waiting[complete:]
        if not complete:
            return rows.new_empty(0, self.width, self.weights.shape[2])
        return convolve(waiting[: complete + 2], self.weights)[:, : self.width]

    def finish(self) -> Tensor:
        """The last outputs, r x width x O, once all rows have been pushed."""
        left = max(0, self.waiting.shape[0] - 1)
        padding = self.waiting.new_zeros(TILE + 1, self.width, self.waiting.shape[2])
        return self.push(padding)[:left]


def convolved(strips: Iterable[Tensor], weight: Tensor, width: int) -> Iterator[Tensor]:
    """3x3 convolution, stride 1, zero padding, of strips R x width x C into strips r x width x O."""
    convolution = RowConvolution(weight, width)
    for rows in strips:
        yield convolution.push(rows)
    yield convolution.finish()


def strip_rows(width: int) -> int:
    """Rows of a strip with about as many tiles as one matrix product is fast with."""
    return TILE * max(1, TILES_PER_STRIP * TILE // width)
