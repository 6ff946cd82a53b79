"""Training batches, the cache of decoded pictures, and the shards that they come from."""

from __future__ import annotations

import io
import tarfile
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.shards import ShardError, read_shards
from colorizer.training.cache import CacheError, cached_pictures, check_space, read_pictures
from colorizer.training.data import ENLARGEMENT, Augmentation, PhotoCrops, random_crop

Photos = list[Image.Image]


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
    return Augmentation(gamma=0, contrast=0, brightness=0, blur_probability=0, noise_probability=0)


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
    crops = crops_of(uniform)
    for epoch in range(3):
        batches = [crops.batch(2 * epoch + half) for half in range(2)]
        lumas = torch.cat([batch.luma for batch in batches]).mean(dim=(1, 2, 3)).sort().values
        assert lumas.diff().min() > 0.01


def test_a_batch_larger_than_the_data_takes_from_several_epochs() -> None:
    crops = PhotoCrops([Image.new("RGB", (40, 40))] * 3, 32, 8, 1, Augmentation(), seed=1)
    assert crops.batch(0).luma.shape == (8, 1, 32, 32)


def test_luma_and_chroma_are_the_crops_own_at_full_size(photos: Photos) -> None:
    batch = PhotoCrops(photos[:1], 48, 1, 1, unchanged(), seed=1).batch(0)
    rng = np.random.default_rng((1, 0, 1))
    expected = np.asarray(random_crop(photos[0], 48, rng).convert("YCbCr"), dtype=np.float32)
    assert batch.chroma.shape == (1, 2, 48, 48)
    np.testing.assert_allclose(batch.luma[0, 0] * 255, expected[..., 0], atol=1e-3)
    np.testing.assert_array_equal(batch.chroma[0].permute(1, 2, 0) + 128, expected[..., 1:])
    torch.testing.assert_close(batch.degraded[0], batch.luma)


def test_degrading_leaves_the_target_alone(photos: Photos) -> None:
    strong = Augmentation(gamma=1, contrast=0.5, blur_probability=1, noise_probability=1)
    batch = crops_of(photos, strong, views=2).batch(0)
    assert batch.degraded.shape == (2, 2, 1, 32, 32)
    assert batch.degraded.min() >= 0
    assert batch.degraded.max() <= 1
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


def test_prefetched_batches_are_the_same_in_order(photos: Photos) -> None:
    crops = crops_of(photos)
    prefetched = list(crops.batches(range(3, 12)))
    assert len(prefetched) == 9
    for step, batch in enumerate(prefetched, start=3):
        assert torch.equal(batch.degraded, crops.batch(step).degraded)


class CountedPhotos(Photos):
    """How many were asked for."""

    accesses = 0

    def __getitem__(self, index: int) -> Image.Image:  # type: ignore[override]
        self.accesses += 1
        return super().__getitem__(index)


def test_threads_run_a_bounded_number_of_prefetched_batches_and_end_with_the_consumer(
    photos: Photos,
) -> None:
    counted = CountedPhotos(photos)
    threads_before = threading.active_count()
    batches = crops_of(counted).batches(range(1000))
    next(batches)
    batches.close()
    assert threading.active_count() == threads_before
    assert counted.accesses <= 2 * 6


def test_an_error_in_a_thread_reaches_the_consumer_and_ends_the_threads() -> None:
    threads_before = threading.active_count()
    with pytest.raises(AttributeError):
        next(crops_of([None, None]).batches(range(5)))  # type: ignore[list-item]
    assert threading.active_count() == threads_before
