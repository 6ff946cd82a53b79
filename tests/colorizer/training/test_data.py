"""Training batches, the cache of decoded pictures, and the shards that they come from."""

from __future__ import annotations

import io
import multiprocessing
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine.color import CHROMA_ZERO
from colorizer.shards import ShardError, read_shards
from colorizer.training.cache import CacheError, cached_pictures, check_space, read_pictures
from colorizer.training.data import ENLARGEMENT, Augmentation, PhotoCrops, random_crop

Photos = list[Image.Image]
CPU = torch.device("cpu")


def encoded(picture: Image.Image, picture_format: str = "PNG") -> bytes:
    content = io.BytesIO()
    picture.save(content, picture_format)
    return content.getvalue()


def write_shard(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture(scope="module")
def photos() -> Photos:
    bundled = (data.astronaut(), data.coffee(), data.chelsea(), data.rocket())
    return [
        Image.fromarray(photo).resize((64 + 4 * number, 48)) for number, photo in enumerate(bundled)
    ]


@pytest.fixture
def shard(photos: Photos, tmp_path: Path) -> Path:
    members = {f"{number}.png": encoded(photo) for number, photo in enumerate(photos)}
    return write_shard(tmp_path / "shard.tar", members)


def crops_of(
    photos: Photos, augmentation: Augmentation | None = None, views: int = 1
) -> PhotoCrops:
    return PhotoCrops(photos, 32, 2, views, augmentation or Augmentation(), seed=1)


def unchanged() -> Augmentation:
    return Augmentation(
        old_probability=0,
        gamma=0,
        contrast=0,
        brightness=0,
        blur_probability=0,
        noise_probability=0,
    )


def test_shards_give_their_pictures_and_nothing_else(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "a.tar", {"a.jpg": b"aaa", "b.txt": b"bbb", "c.PNG": b"ccc"})
    assert read_shards([shard]) == [b"aaa", b"ccc"]


def test_shards_without_pictures_are_refused(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "empty.tar", {"a.txt": b"aaa"})
    with pytest.raises(FileNotFoundError, match="no pictures"):
        read_shards([shard])
    with pytest.raises(FileNotFoundError, match="no pictures"):
        read_pictures([shard], tmp_path / "cache")


@pytest.mark.parametrize("name", ["shard.tar", "shard.tar.gz"])
@pytest.mark.parametrize("kept", [0, 100, 700, 1024, 1500])
def test_a_shard_cut_short_is_refused_by_name(name: str, kept: int, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).bytes(900)
    shard = write_shard(tmp_path / name, {"a.jpg": noise, "b.jpg": noise[::-1]})
    shard.write_bytes(shard.read_bytes()[:kept])
    with pytest.raises(ShardError, match=f"{name} is not a whole tar file"):
        read_shards([shard])


def test_a_shard_with_a_broken_header_in_the_middle_is_refused(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "shard.tar", {"a.jpg": b"aaa", "b.jpg": b"bbb"})
    content = bytearray(shard.read_bytes())
    content[1024:1030] = b"xxxxxx"
    shard.write_bytes(content)
    with pytest.raises(ShardError, match=r"shard\.tar is not a whole tar file"):
        read_shards([shard])


def test_cached_pictures_are_the_decoded_ones(photos: Photos, shard: Path, tmp_path: Path) -> None:
    for pictures in (read_pictures([shard], None), read_pictures([shard], tmp_path / "cache")):
        assert len(pictures) == 4
        assert [p.tobytes() for p in pictures] == [photo.tobytes() for photo in photos]
        assert [p.size for p in pictures[1:3]] == [photo.size for photo in photos[1:3]]
        assert pictures[-1].tobytes() == photos[-1].tobytes()
        with pytest.raises(IndexError):
            pictures[4]


def test_the_cache_is_made_once_for_the_same_shards(shard: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cached_pictures([shard], cache)
    (made,) = cache.iterdir()
    before = made.stat().st_mtime_ns
    cached_pictures([shard.rename(tmp_path / "renamed.tar")], cache)
    assert [path.stat().st_mtime_ns for path in cache.iterdir()] == [before]


def test_other_shards_get_another_cache(photos: Photos, shard: Path, tmp_path: Path) -> None:
    other = write_shard(tmp_path / "other.tar", {"a.png": encoded(photos[2])})
    assert len(cached_pictures([shard], tmp_path / "cache")) == 4
    assert len(cached_pictures([other], tmp_path / "cache")) == 1
    assert len(cached_pictures([other, shard], tmp_path / "cache")) == 5


def test_a_picture_that_cannot_be_decoded_is_named_and_leaves_no_cache(
    photos: Photos, tmp_path: Path
) -> None:
    half = encoded(photos[0], "JPEG")[:-200]
    shard = write_shard(tmp_path / "shard.tar", {"a.png": encoded(photos[1]), "half.jpg": half})
    with pytest.raises(CacheError, match=r"half\.jpg in .*shard\.tar cannot be decoded"):
        cached_pictures([shard], tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cut_cache_is_refused(shard: Path, tmp_path: Path) -> None:
    cached_pictures([shard], tmp_path / "cache")
    (made,) = (tmp_path / "cache").iterdir()
    for length in (0, 50, made.stat().st_size - 1):
        made.write_bytes(made.read_bytes()[:length])
        with pytest.raises(CacheError, match="is damaged"):
            cached_pictures([shard], tmp_path / "cache")


def test_a_disk_too_full_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(CacheError, match="Make room or name a cache folder"):
        check_space(tmp_path, 2**62)
    check_space(tmp_path, 1)


def test_batches_depend_on_seed_and_step_alone(photos: Photos) -> None:
    first, second = (crops_of(photos).batch(3) for _ in range(2))
    assert torch.equal(first.degraded, second.degraded)
    assert torch.equal(first.chroma, second.chroma)
    assert not torch.equal(first.degraded, crops_of(photos).batch(4).degraded)


def test_every_picture_is_seen_once_an_epoch() -> None:
    uniform = [Image.new("RGB", (40, 40), (0, 0, 60 * number)) for number in range(4)]
    crops = crops_of(uniform, unchanged())
    for epoch in range(3):
        batches = [crops.batch(2 * epoch + half) for half in range(2)]
        lumas = torch.cat([batch.luma for batch in batches]).float().mean(dim=(1, 2, 3))
        assert lumas.sort().values.diff().min() > 2


def test_a_batch_larger_than_the_data_takes_from_several_epochs() -> None:
    crops = PhotoCrops([Image.new("RGB", (40, 40))] * 3, 32, 8, 1, Augmentation(), seed=1)
    assert crops.batch(0).luma.shape == (8, 1, 32, 32)


def test_luma_and_chroma_are_the_crops_own_at_full_size(photos: Photos) -> None:
    batch = PhotoCrops(photos[:1], 48, 1, 1, unchanged(), seed=1).batch(0).decoded(CPU)
    rng = np.random.default_rng((1, 0, 1))
    expected = np.asarray(random_crop(photos[0], 48, rng).convert("YCbCr"), dtype=np.float32)
    assert batch.chroma.shape == (1, 2, 48, 48)
    np.testing.assert_allclose(batch.luma[0, 0] * 255, expected[..., 0], atol=1e-3)
    np.testing.assert_array_equal(batch.chroma[0].permute(1, 2, 0) + 128, expected[..., 1:])
    torch.testing.assert_close(batch.degraded[0], batch.luma)


def test_old_photographs_keep_the_real_chroma_but_for_their_borders(photos: Photos) -> None:
    aged = replace(unchanged(), old_probability=1)
    old, real = (
        [PhotoCrops(photos, 32, 1, 1, augmentation, seed=1).batch(step) for step in range(8)]
        for augmentation in (aged, unchanged())
    )
    lumas, chromas = (torch.cat([getattr(b, name) for b in old]) for name in ("luma", "chroma"))
    assert not torch.equal(lumas, torch.cat([batch.luma for batch in real]))
    assert torch.equal(torch.cat([batch.degraded[0] for batch in old]), lumas)
    same = (chromas == torch.cat([batch.chroma for batch in real])).all(dim=1)
    without = (chromas == CHROMA_ZERO).all(dim=1)
    assert (same | without).all()
    assert same.float().mean() > 0.5


def test_degrading_leaves_the_target_alone(photos: Photos) -> None:
    strong = Augmentation(gamma=1, contrast=0.5, blur_probability=1, noise_probability=1)
    batch = crops_of(photos, strong, views=2).batch(0)
    assert batch.degraded.shape == (2, 2, 1, 32, 32)
    assert batch.degraded.dtype == torch.uint8
    assert not torch.equal(batch.degraded[0], batch.degraded[1])
    assert not torch.equal(batch.degraded[0], batch.luma)
    assert torch.equal(batch.luma, crops_of(photos, strong, views=2).batch(0).luma)


def test_crops_are_enlarged_at_most_to_the_limit() -> None:
    """A ramp of two levels a pixel: the levels in a crop tell how wide it was."""
    ramp = Image.fromarray(np.tile(np.arange(0, 200, 2, dtype=np.uint8), (100, 1))).convert("RGB")
    rng = np.random.default_rng(1)
    levels = [np.ptp(np.asarray(random_crop(ramp, 80, rng))) / 2 for _ in range(300)]
    assert 80 / ENLARGEMENT - 2 <= min(levels) < 55
    assert 95 < max(levels) <= 100


def test_crops_of_pictures_smaller_than_a_crop_are_enlarged() -> None:
    crop = random_crop(Image.new("RGB", (20, 30)), 64, np.random.default_rng(1))
    assert crop.size == (64, 64)


def test_batches_that_processes_make_are_the_same_in_order(photos: Photos) -> None:
    crops = crops_of(photos)
    made = list(crops.batches(range(3, 12)))
    assert len(made) == 9
    for step, batch in enumerate(made, start=3):
        assert torch.equal(batch.degraded, crops.batch(step).degraded)


def test_processes_end_with_the_consumer(photos: Photos) -> None:
    batches = crops_of(photos).batches(range(1000))
    next(batches)
    assert multiprocessing.active_children()
    del batches
    assert not multiprocessing.active_children()


def test_an_error_in_a_process_reaches_the_consumer() -> None:
    with pytest.raises(AttributeError):
        next(crops_of([None, None]).batches(range(5)))  # type: ignore[list-item]
