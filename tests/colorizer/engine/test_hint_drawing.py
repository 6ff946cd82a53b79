"""How hints are drawn for the network, and how far a correction goes."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from colorizer.engine import Hint
from colorizer.engine.architectures.compact.hinting import REACH, hint_planes, with_hints
from colorizer.engine.color import chroma_of

RENDER_FACTOR = 8
RED, GREEN, BLUE = (200, 60, 50), (60, 160, 70), (130, 140, 190)
HINTS = (Hint(40, 60, RED, 10), Hint(100, 30, BLUE, 6))
FAR = (slice(None), slice(100, None))


def chroma(picture: Image.Image) -> NDArray[np.float32]:
    """2 x H x W."""
    return cast("NDArray[np.float32]", chroma_of(np.asarray(picture, dtype=np.float32)))


def mask_of(*hints: Hint, size: tuple[int, int] = (80, 40)) -> list[list[int]]:
    """4 x 8 cells, of 10 x 10 pixels unless the picture has another size."""
    return cast("list[list[int]]", hint_planes(hints, size, (4, 8))[2].astype(int).tolist())


def test_a_hint_covers_the_cells_whose_centers_are_within_its_radius() -> None:
    assert mask_of(Hint(35, 15, RED, 11)) == [
        [0, 0, 0, 1, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]


def test_a_hint_smaller_than_a_cell_marks_its_one_cell() -> None:
    planes = hint_planes([Hint(31, 11, RED, 0.1)], (80, 40), (4, 8))
    assert np.argwhere(planes[2]).tolist() == [[1, 3]]
    np.testing.assert_allclose(planes[:2, 1, 3], chroma_of(np.array(RED, np.float32)))
    assert not np.delete(planes.reshape(3, -1), 11, axis=1).any()


def test_a_hint_on_the_picture_s_end_is_in_the_last_cell() -> None:
    assert np.argwhere(mask_of(Hint(80, 40, RED, 0.1))).tolist() == [[3, 7]]


def test_a_radius_beyond_the_picture_covers_it() -> None:
    assert np.all(mask_of(Hint(0, 0, RED, 1_000_000)))


def test_cells_of_a_squeezed_picture_are_measured_in_its_pixels() -> None:
    assert np.argwhere(mask_of(Hint(40, 20, RED, 15), size=(800, 40))).tolist() == [[1, 0], [2, 0]]


def test_where_hints_are_met_nothing_is_changed() -> None:
    predicted = torch.randn(2, 12, 20)
    planes = torch.zeros(3, 12, 20)
    planes[:2, 3:5, 7:9], planes[2, 3:5, 7:9] = predicted[:, 3:5, 7:9], 1
    luma = np.random.default_rng(1).integers(0, 256, (48, 80), dtype=np.uint8)
    assert torch.equal(with_hints(predicted, planes, luma), predicted)


def test_luma_of_16_bits_carries_as_that_of_8() -> None:
    planes = torch.zeros(3, 12, 20)
    planes[:, 6, 9] = torch.tensor([30.0, 40.0, 1.0])
    luma = np.array(Image.fromarray(data.astronaut()).convert("L").resize((80, 48)))
    eight, sixteen = (
        with_hints(torch.zeros(2, 12, 20), planes, same) for same in (luma, luma * np.uint16(257))
    )
    assert (eight - sixteen).abs().max() < 2  # cells of 8 bits are rounded


def test_a_correction_ends_somewhere_even_on_even_ground() -> None:
    planes = torch.zeros(3, 5, 60)
    planes[:, 2, 0] = torch.tensor([50.0, -20.0, 1.0])
    kept = with_hints(torch.zeros(2, 5, 60), planes, np.full((20, 240), 90, np.uint8))
    assert kept[:, 2, 0].tolist() == [50, -20]
    assert not kept[..., REACH + 1 :].any()
