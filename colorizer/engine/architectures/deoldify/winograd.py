"""3x3 convolutions by Winograd's minimal filtering: a quarter of the multiplications, in float32.

Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (CVPR 2016), F(4x4, 3x3):
4 x 4 outputs from 6 x 6 inputs with 36 multiplications where 144 are usual. Points of interpolation
in pairs of reciprocals, for a quarter of the rounding error of the paper's: Alam, Anderson, Barabasz
and Gregg, Winograd Convolution for Deep Neural Networks: Efficient Point Selection (2022). The
transforms of a tile are matrix products with Kronecker squares of those of a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

TILE: Final = 4
TAPS: Final = 3
INPUT_TILE: Final = TILE + TAPS - 1
POINTS: Final = np.array([0, 2 / 3, -2 / 3, 3 / 2, -3 / 2])
"""And infinity."""
TILES_PER_STRIP: Final = 280
"""Few enough for the caches, enough for matrix products to be fast; measured."""
CHANNEL_MULTIPLE: Final = 16
"""Rows of whole cache lines: products of 304 channels take less time than those of 303."""


def _square(line: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(np.kron(line, line)).float()


def _input_transform() -> NDArray[np.float64]:
    """Rows: coefficients of the polynomial that is zero at all points but one; at all, the last."""
    rows = [np.append(np.poly(np.delete(POINTS, j))[::-1], 0) for j in range(len(POINTS))]
    return np.array([*rows, np.poly(POINTS)[::-1]])


def _weight_transform() -> NDArray[np.float64]:
    """Rows: the taps as a polynomial at a point, over the input row's value there."""
    norms = [np.prod(point - np.delete(POINTS, j)) for j, point in enumerate(POINTS)]
    at_points = np.vander(POINTS, TAPS, increasing=True) / np.array(norms)[:, None]
    return np.vstack([at_points, np.eye(TAPS)[-1]])


def _output_transform() -> NDArray[np.float64]:
    at_points = np.vander(POINTS, TILE, increasing=True)
    return np.vstack([at_points, np.eye(TILE)[-1]]).T


INPUT_SQUARE: Final = _square(_input_transform())
WEIGHT_SQUARE: Final = _square(_weight_transform())
OUTPUT_SQUARE: Final = _square(_output_transform())


def transformed_weights(weight: Tensor) -> Tensor:
    """O x C x 3 x 3 -> 36 x C' x O': C and O rounded up to CHANNEL_MULTIPLE with zeros."""
    out_channels, in_channels = (_padded(channels) for channels in weight.shape[:2])
    taps = weight.new_zeros(3, 3, in_channels, out_channels)
    taps[:, :, : weight.shape[1], : weight.shape[0]] = weight.permute(2, 3, 1, 0)
    return (WEIGHT_SQUARE @ taps.view(9, -1)).view(INPUT_TILE**2, in_channels, out_channels)


def _padded(channels: int) -> int:
    return -(-channels // CHANNEL_MULTIPLE) * CHANNEL_MULTIPLE


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
        self.out_channels = weight.shape[0]
        self.width = width
        self.padded_row = (-(-width // TILE) * TILE + 2, self.weights.shape[1])
        self.waiting = weight.new_zeros(1, *self.padded_row)

    def push(self, rows: Tensor) -> Tensor:
        """Take the next rows, R x width x C; return the outputs that they complete, r x width x O."""
        held = self.waiting.shape[0]
        channels = rows.shape[2]
        waiting = rows.new_empty(held + rows.shape[0], *self.padded_row)
        waiting[:held] = self.waiting
        waiting[held:, 1 : self.width + 1, :channels] = rows
        waiting[held:, 1 : self.width + 1, channels:] = 0
        waiting[held:, :1] = 0
        waiting[held:, self.width + 1 :] = 0
        complete = max(0, waiting.shape[0] - 2) // TILE * TILE
        self.waiting = waiting[complete:]
        if not complete:
            return rows.new_empty(0, self.width, self.out_channels)
        outputs = convolve(waiting[: complete + 2], self.weights)
        return outputs[:, : self.width, : self.out_channels]

    def flush(self) -> Tensor:
        """The last outputs, r x width x O, once all rows have been pushed."""
        left = max(0, self.waiting.shape[0] - 1)
        padding = self.waiting.new_zeros(TILE + 1, self.width, self.waiting.shape[2])
        return self.push(padding)[:left]


def convolved(strips: Iterable[Tensor], weight: Tensor, width: int) -> Iterator[Tensor]:
    """3x3 convolution, stride 1, zero padding, of strips R x width x C into strips r x width x O."""
    convolution = RowConvolution(weight, width)
    for rows in strips:
        yield convolution.push(rows)
    yield convolution.flush()


def strip_rows(width: int) -> int:
    """Rows of a strip with about as many tiles as one matrix product is fast with."""
    return TILE * max(1, TILES_PER_STRIP * TILE // width)
