"""Hints: their colors at their places and what belongs to these, and nothing where they do not fit.

The network of `even` has stems for hints, as they are before training: it says the same with hints and
without, so that a change is the engine's own. That of `listening` is random all over.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from colorizer.engine import Colorizer, Hint, HintError, HintsNotTakenError
from colorizer.engine.architectures.compact import Compact
from colorizer.engine.architectures.compact.locality import REACH as REACH_OF_SHARES
from colorizer.engine.architectures.compact.locality import hint_shares
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.architectures.compact.plausible import plausible_chroma
from colorizer.engine.color import chroma_of
from colorizer.engine.guidance import UNGUIDED, Guidance
from colorizer.engine.hints import MAX_HINTS, check_hints
from colorizer.engine.prepared import MOST_PLAUSIBLE
from colorizer.engine.references import reference_chroma
from colorizer.engine.weights import LoadedWeights, save_weights
from colorizer.engine.ycbcr import LUMA_OF_RGB
from tests.colorizer.engine.toy import Tint, Toy
from tests.colorizer.engine.untrained import BINS, network

pytestmark = pytest.mark.slow

RENDER_FACTOR = 8
RED, GREEN, BLUE = (200, 60, 50), (60, 160, 70), (130, 140, 190)
HINTS = (Hint(40, 60, RED, 10), Hint(100, 30, BLUE, 6))
FAR = (slice(None), slice(100, None))


def colorizer_with(built: CompactUNet) -> Colorizer:
    return Colorizer(LoadedWeights(built, Compact(), None, "0" * 64, "compact-untrained"))


@pytest.fixture(scope="module")
def even() -> Colorizer:
    return colorizer_with(network())


@pytest.fixture(scope="module")
def listening() -> Colorizer:
    return colorizer_with(network(listens=True))


@pytest.fixture(scope="module")
def gray() -> Image.Image:
    return Image.fromarray(data.astronaut()).convert("L").resize((160, 120))


@pytest.fixture(scope="module")
def colored() -> Image.Image:
    return Image.fromarray(data.astronaut())


def chroma(picture: Image.Image) -> NDArray[np.float32]:
    """2 x H x W."""
    return cast("NDArray[np.float32]", chroma_of(np.asarray(picture, dtype=np.float32)))


def halves(left: int, right: int) -> Image.Image:
    """128 x 128 with an edge in the middle."""
    pixels = np.full((128, 128), left, np.uint8)
    pixels[:, 64:] = right
    return Image.fromarray(pixels)


def distance(picture: Image.Image, hint: Hint, x: int, y: int) -> float:
    """Of a place's chroma to that of the hint, 8-bit units."""
    wanted = chroma_of(np.array(hint.color, np.float32))
    return float(np.linalg.norm(chroma(picture)[:, y, x] - wanted))


def test_a_hint_has_its_color_at_its_place_and_the_photo_keeps_its_luma(
    even: Colorizer, gray: Image.Image
) -> None:
    colorized = even.colorize(gray, RENDER_FACTOR, hints=HINTS)
    for hint in HINTS:
        assert distance(colorized, hint, int(hint.x), int(hint.y)) < 12
    luma_error = np.abs(np.asarray(colorized.convert("L")).astype(int) - np.asarray(gray))
    assert luma_error.mean() < 1


def test_the_far_side_stays_as_it_was(even: Colorizer, gray: Image.Image) -> None:
    plain = even.colorize(gray, 20)
    hinted = even.colorize(gray, 20, hints=HINTS[:1])
    assert (np.asarray(plain) != np.asarray(hinted)).any()
    assert (np.asarray(plain)[FAR] == np.asarray(hinted)[FAR]).all()


def test_with_the_bundled_weights_one_blue_collar_leaves_the_background_as_it_was() -> None:
    astronaut = Image.fromarray(data.astronaut()).convert("L")
    prepared = Colorizer.for_variant("stable").prepared(astronaut)
    plain = chroma(prepared.colorize())
    change = np.linalg.norm(
        chroma(prepared.colorize([Hint(240, 215, (40, 70, 200), 14)])) - plain, axis=0
    )
    assert change[205:225, 230:250].mean() > 40
    assert change[10:120, 100:180].mean() < 3  # the sky
    assert change[100:140, 200:250].mean() < 5  # the face


def test_with_the_bundled_weights_a_hint_reaches_the_whole_suit() -> None:
    astronaut = Image.fromarray(data.astronaut()).convert("L")
    hint = Hint(150, 450, (40, 70, 200), 20)
    colored = chroma(Colorizer.for_variant("stable").colorize(astronaut, hints=[hint]))
    for x, y in ((150, 450), (100, 400), (120, 330), (310, 300)):
        assert colored[0, y - 5 : y + 5, x - 5 : x + 5].mean() > 20


def test_it_is_carried_to_what_belongs_to_it_and_not_over_an_edge(even: Colorizer) -> None:
    picture, hint = halves(80, 170), Hint(50, 64, RED, 8)
    plain, hinted = even.colorize(picture, 8), even.colorize(picture, 8, hints=[hint])
    change = np.linalg.norm(chroma(hinted) - chroma(plain), axis=0)
    assert change[64, 38] > 0.4 * change[64, 50]
    assert change[64, 38] > change[64, 26] > change[64, 14]
    assert change[:, 72:].max() < 2


def test_a_blank_picture_has_the_colors_of_its_hints(even: Colorizer) -> None:
    """Nothing else of it is believed, see `photograph_share`."""
    hinted = even.colorize(Image.new("L", (128, 128), 120), 8, hints=[Hint(30, 30, GREEN, 10)])
    assert distance(hinted, Hint(30, 30, GREEN, 10), 30, 30) < 3
    assert np.abs(chroma(hinted)[:, 127, 127]).max() < 1


def test_contradicting_hints_side_by_side_each_have_their_place(even: Colorizer) -> None:
    hints = [Hint(50, 64, RED, 7), Hint(78, 64, GREEN, 7)]
    hinted = even.colorize(Image.new("L", (128, 128), 120), 8, hints=hints)
    for hint in hints:
        assert distance(hinted, hint, int(hint.x), 64) < 3


def test_of_hints_that_overlap_the_later_one_counts(even: Colorizer) -> None:
    hints = [Hint(64, 64, RED, 30), Hint(64, 64, GREEN, 10)]
    hinted = even.colorize(Image.new("L", (128, 128), 120), 8, hints=hints)
    assert distance(hinted, hints[1], 64, 64) < 3
    assert distance(hinted, hints[0], 64, 88) < 3


@pytest.mark.parametrize("size", [(1, 1), (17, 300), (3000, 4)])
def test_pictures_of_odd_sizes_take_hints(even: Colorizer, size: tuple[int, int]) -> None:
    hinted = even.colorize(Image.new("L", size, 120), 8, hints=[Hint(0.5, 0.5, GREEN, 400)])
    assert hinted.size == size
    assert distance(hinted, Hint(0, 0, GREEN, 1), 0, 0) < 5


@pytest.mark.parametrize(("luma", "color"), [(255, (0, 0, 255)), (0, (255, 255, 0))])
def test_a_chroma_that_the_luma_cannot_hold_is_shown_as_far_as_rgb_goes(
    even: Colorizer, luma: int, color: tuple[int, int, int]
) -> None:
    picture = Image.new("L", (128, 128), luma)
    hinted = np.asarray(even.colorize(picture, 8, hints=[Hint(64, 64, color, 20)])).astype(int)
    tint = hinted[64, 64] - hinted[64, 64].mean()
    assert tint @ (np.array(color) - np.mean(color)) > 0
    assert np.abs(hinted[0, 0] - luma).max() <= 1


def test_no_hints_are_the_same_as_none(listening: Colorizer, gray: Image.Image) -> None:
    plain = listening.colorize(gray, RENDER_FACTOR)
    assert listening.colorize(gray, RENDER_FACTOR, hints=[]) == plain
    assert listening.prepared(gray, RENDER_FACTOR).colorize() == plain


@torch.inference_mode()
def test_zero_hints_are_the_same_to_the_network_as_none() -> None:
    built, luma = network(listens=True), torch.rand(1, 1, 64, 96)
    plain = built(luma)
    assert torch.equal(built(luma, torch.zeros(1, 3, 16, 24), torch.zeros(1, len(BINS))), plain)
    assert torch.equal(built.chroma(built.decoded(built.encoder(luma))), plain)


def test_what_a_hint_changes_counts_at_what_is_like_its_place_and_near() -> None:
    """Two kinds of features, left and right; the hint is at the left end."""
    features = torch.zeros(1, 2, 4, 40)
    features[:, 0, :, :20] = 5.0
    features[:, 1, :, 20:] = 3.0
    features[:, :, 3, 39] = torch.tensor([9.0, 0.5])
    hints = torch.zeros(1, 3, 4, 40)
    hints[..., 0, 0] = torch.tensor([100.0, 0, 1])
    (shares,) = hint_shares(features, torch.zeros(1, 2, 4, 40), hints)[0]
    assert shares[0, 0] == 1
    assert shares[0, 19] == pytest.approx(math.exp(-((19 / 40) ** 2) / (2 * REACH_OF_SHARES**2)))
    assert shares[:, 20:39].max() == 0
    assert 0.1 < shares[3, 39] < shares[0, 19]


def test_a_hint_that_fits_the_photo_counts_everywhere() -> None:
    chroma, hints = torch.zeros(3, 2, 4, 4), torch.zeros(3, 3, 4, 4)
    hints[:2, :, 0, 0] = torch.tensor([[9.0, 0, 1], [20.0, 0, 1]])
    features = torch.eye(16).unflatten(1, (4, 4)).expand(3, -1, -1, -1)
    shares = hint_shares(features, chroma, hints)
    assert shares[0].min() == 1
    assert shares[1, 0, 3, 3] == 0.5
    assert shares[2].min() == 1  # without hints there is nothing to keep away


def test_many_hinted_cells_count_each_at_its_place() -> None:
    hints = torch.zeros(1, 3, 30, 30)
    hints[0, :, ::2] = 100
    shares = hint_shares(torch.rand(1, 3, 30, 30), torch.zeros(1, 2, 30, 30), hints)
    assert shares[hints[:, 2:] > 0].min() == 1
    assert shares.min() > 0.3


@torch.inference_mode()
def test_the_network_hears_of_hints_and_of_the_reference(colored: Image.Image) -> None:
    """What it says itself changes, before the engine sees to the hints."""
    built, compact = network(listens=True), Compact()
    features = compact.encode(built, torch.rand(1, 1, 96, 128))
    plain = compact.decode(built, features, UNGUIDED)
    for guidance in (
        Guidance(HINTS[:1], (160, 120)),
        Guidance(reference=reference_chroma(colored)),
        Guidance(reference=reference_chroma(Image.new("RGB", (9, 9), BLUE))),
    ):
        assert (compact.decode(built, features, guidance) - plain).abs().max() > 0.5


def test_a_prepared_picture_gives_the_same_as_a_whole_run(
    listening: Colorizer, gray: Image.Image, colored: Image.Image
) -> None:
    prepared = listening.prepared(gray, RENDER_FACTOR)
    assert (prepared.size, prepared.render_factor) == ((160, 120), RENDER_FACTOR)
    for hints, reference in [(HINTS, None), ((), colored), (HINTS[:1], colored), ((), None)]:
        whole = listening.colorize(gray, RENDER_FACTOR, hints=hints, reference=reference)
        assert prepared.colorize(hints, reference) == whole


def test_colors_proposed_for_a_place_are_in_its_luma_and_leave_its_own_hints_out(
    listening: Colorizer, gray: Image.Image
) -> None:
    prepared = listening.prepared(gray, RENDER_FACTOR)
    colors = prepared.plausible_colors(40, 60)
    assert 1 <= len(set(colors)) == len(colors) <= MOST_PLAUSIBLE
    luma = cast("int", gray.getpixel((40, 60)))
    free = [color for color in colors if min(color) > 0 and max(color) < 255]
    assert all(abs(np.dot(color, LUMA_OF_RGB) - luma) < 2 for color in free)
    assert prepared.plausible_colors(40, 60, HINTS[:1]) == colors
    beside = Hint(52, 60, BLUE, 11)
    assert prepared.plausible_colors(40, 60, [beside]) != colors


def test_colors_for_a_place_outside_are_refused(listening: Colorizer, gray: Image.Image) -> None:
    with pytest.raises(HintError, match="outside"):
        listening.prepared(gray, RENDER_FACTOR).plausible_colors(161, 5)


def test_each_proposal_is_the_mean_around_a_peak_the_likeliest_first() -> None:
    bins = torch.tensor([[0.0, 0.0], [12.0, 0.0], [60.0, 0.0], [0.0, 60.0]])
    shares = torch.tensor([0.3, 0.1, 0.5999, 0.0001])
    found = plausible_chroma(shares, bins, most=8)
    assert found.tolist() == [[60, 0], [pytest.approx(3), 0]]
    assert plausible_chroma(shares, bins, most=1).tolist() == [[60, 0]]


def test_as_many_hints_as_there_may_be(even: Colorizer, gray: Image.Image) -> None:
    many = [Hint(index % 160, index % 120, GREEN, 3) for index in range(MAX_HINTS)]
    assert even.colorize(gray, RENDER_FACTOR, hints=many).size == gray.size
    with pytest.raises(HintError, match=r"There are 501 hints\. A picture may have 500 at most"):
        even.colorize(gray, RENDER_FACTOR, hints=[*many, HINTS[0]])


@pytest.mark.parametrize(("x", "y"), [(-1, 5), (160.5, 5), (5, -0.1), (5, 121)])
def test_a_hint_outside_of_the_picture_is_refused(
    even: Colorizer, gray: Image.Image, x: float, y: float
) -> None:
    message = rf"The hint at {x:g}, {y:g} is outside of the picture, which has 160 x 120 pixels"
    with pytest.raises(HintError, match=message):
        even.colorize(gray, RENDER_FACTOR, hints=[Hint(x, y, RED, 5)])
    check_hints([Hint(160, 120, RED, 5), Hint(0, 0, RED, 5)], 160, 120)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((math.nan, 5, RED, 5), "place"),
        ((5, math.inf, RED, 5), "place"),
        (("5", 5, RED, 5), "place"),
        ((10**400, 5, RED, 5), "place"),
        ((True, 5, RED, 5), "place"),
        ((5, 5, RED, 0), "radius"),
        ((5, 5, RED, -3), "radius"),
        ((5, 5, RED, math.nan), "radius"),
        ((5, 5, RED, None), "radius"),
        ((5, 5, (1, 2), 5), "color"),
        ((5, 5, (1, 2, 256), 5), "color"),
        ((5, 5, (1, 2, -1), 5), "color"),
        ((5, 5, "red", 5), "color"),
        ((5, 5, None, 5), "color"),
    ],
)
def test_what_is_no_hint_is_refused(values: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(HintError, match=f"The {reason} of a hint has to be"):
        Hint(*values)
    assert issubclass(HintError, ValueError)


def without_stems(folder: Path) -> Colorizer:
    """From a file as older ones are."""
    path = folder / "older.safetensors"
    save_weights(network(takes_hints=False), Compact(), path, {"variant": "stable"})
    return Colorizer.from_file(path)


def toy(folder: Path) -> Colorizer:
    """An architecture that knows nothing of hints, as DeOldify's."""
    tint = Tint(torch.tensor([10.0, 0.0, -20.0])).eval()
    return Colorizer(LoadedWeights(tint, Toy(), None, "0" * 64, "older"))


@pytest.mark.parametrize("make", [without_stems, toy])
def test_weights_that_take_no_hints_colorize_and_say_what_to_do(
    make: Callable[[Path], Colorizer], gray: Image.Image, colored: Image.Image, tmp_path: Path
) -> None:
    colorizer = make(tmp_path)
    prepared = colorizer.prepared(gray, RENDER_FACTOR)
    assert prepared.colorize() == colorizer.colorize(gray, RENDER_FACTOR)
    message = "The weights older take neither hints nor a reference photo. Choose other weights"
    with pytest.raises(HintsNotTakenError, match=message):
        colorizer.colorize(gray, RENDER_FACTOR, hints=HINTS)
    with pytest.raises(HintsNotTakenError, match=message):
        prepared.colorize(reference=colored)
    with pytest.raises(HintsNotTakenError, match=message):
        colorizer.check_takes_hints()


def test_weights_with_stems_are_written_and_read(
    listening: Colorizer, gray: Image.Image, tmp_path: Path
) -> None:
    path = tmp_path / "newer.safetensors"
    save_weights(network(listens=True), Compact(), path, {})
    read = Colorizer.from_file(path)
    read.check_takes_hints()
    pixels, expected = (
        np.asarray(colorizer.colorize(gray, RENDER_FACTOR, hints=HINTS)).astype(int)
        for colorizer in (read, listening)
    )
    assert np.abs(pixels - expected).mean() < 2  # stored in half precision
