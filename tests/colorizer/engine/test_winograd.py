"""Winograd's convolution in strips: what torch's convolution computes, at any size and cut."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import conv2d

from colorizer.engine.architectures.deoldify.winograd import convolved, strip_rows

SIDES = st.integers(1, 40)
CHANNELS = st.integers(1, 20)


def random_case(height: int, width: int, channels: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Picture H x W x C and weight O x C x 3 x 3."""
    generator = torch.Generator().manual_seed(1)
    picture = torch.randn(height, width, channels[0], generator=generator)
    return picture, torch.randn(channels[1], channels[0], 3, 3, generator=generator)


def in_strips(picture: Tensor, weight: Tensor, rows: int) -> Tensor:
    return torch.cat(list(convolved(picture.split(rows), weight, picture.shape[1])))


def directly(picture: Tensor, weight: Tensor) -> Tensor:
    return conv2d(picture.permute(2, 0, 1)[None], weight, padding=1)[0].permute(1, 2, 0)


@settings(max_examples=60, deadline=None)
@given(height=SIDES, width=SIDES, channels=st.tuples(CHANNELS, CHANNELS), rows=SIDES)
def test_it_is_the_convolution_at_any_size_in_strips_of_any_height(
    height: int, width: int, channels: tuple[int, int], rows: int
) -> None:
    picture, weight = random_case(height, width, channels)
    expected = directly(picture.double(), weight.double())
    prediction = in_strips(picture, weight, rows)
    assert prediction.shape == expected.shape
    assert float((prediction - expected).abs().max()) <= 1e-4


@settings(max_examples=30, deadline=None)
@given(data=st.data(), height=SIDES, width=SIDES)
def test_strips_cut_anywhere_leave_no_seams(data: st.DataObject, height: int, width: int) -> None:
    picture, weight = random_case(height, width, (3, 5))
    cuts = sorted(data.draw(st.sets(st.integers(1, height), max_size=6)) | {height})
    heights = [bottom - top for top, bottom in zip([0, *cuts], cuts, strict=False)]
    strips = torch.cat(list(convolved(picture.split(heights), weight, width)))
    torch.testing.assert_close(strips, in_strips(picture, weight, height), rtol=0, atol=1e-4)


def test_it_rounds_hardly_more_than_torch() -> None:
    picture, weight = random_case(64, 64, (256, 64))
    exact = directly(picture.double(), weight.double())
    winograd, plain = (
        float((prediction - exact).square().mean().sqrt() / exact.std())
        for prediction in (in_strips(picture, weight, 16), directly(picture, weight))
    )
    assert winograd <= 2e-6
    assert winograd <= 10 * plain


def test_the_picture_that_is_given_stays_as_it_is() -> None:
    picture, weight = random_case(13, 9, (3, 5))
    before = picture.clone()
    in_strips(picture, weight, 4)
    assert torch.equal(picture, before)


@settings(max_examples=40, deadline=None)
@given(width=st.integers(1, 3000))
def test_strips_have_an_even_number_of_rows(width: int) -> None:
    """Half as many rows of half the size make one; the doubling after the last block needs it."""
    assert strip_rows(width) > 0
    assert strip_rows(width) % 2 == 0
