"""The pictures of shards, decoded once into a memory-mapped file, so that an epoch decodes no JPEG.

The file holds a NumPy array (count x 2 int64: width, height), then all pixels, rows of RGB, one
picture after the other. Its name is a hash of the shards, so that other shards get another file.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar, overload

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from colorizer.engine.errors import DECODER_ERRORS, ColorizerError
from colorizer.engine.files import finished_file, remove_abandoned
from colorizer.shards import NO_PICTURES, read_shards, shard_pictures

CHANNELS: Final = 3
MEBIBYTE: Final = 2**20
NAME_DIGITS: Final = 16

Result = TypeVar("Result")
Sizes = npt.NDArray[np.int64]


class CacheError(ColorizerError):
    """The cache cannot be made or read."""


class Pictures(Sequence[Image.Image]):
    """Color photographs, mode "RGB", decoded or copied at every access; slices are lists."""

    @abstractmethod
    def picture(self, index: int) -> Image.Image:
        """Raises: IndexError: there are not as many."""

    @overload
    def __getitem__(self, index: int) -> Image.Image: ...

    @overload
    def __getitem__(self, index: slice) -> list[Image.Image]: ...

    def __getitem__(self, index: int | slice) -> Image.Image | list[Image.Image]:
        if isinstance(index, slice):
            return [self.picture(i) for i in range(*index.indices(len(self)))]
        return self.picture(index)


class EncodedPictures(Pictures):
    """Pictures kept encoded in memory."""

    def __init__(self, encoded: list[bytes]) -> None:
        self._encoded = encoded

    def __len__(self) -> int:
        return len(self._encoded)

    def picture(self, index: int) -> Image.Image:
        with Image.open(io.BytesIO(self._encoded[index])) as opened:
            return opened.convert("RGB")


class CachedPictures(Pictures):
    """Pictures of a cache file; threads may share it.

    Raises:
        CacheError: the file is not a whole cache.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._sizes: Sizes = np.load(file)
                self._offsets = np.concatenate([[0], self._sizes.prod(axis=1).cumsum() * CHANNELS])
                self._pixels = np.memmap(
                    file, np.uint8, mode="r", offset=file.tell(), shape=(self._offsets[-1],)
                )
        except (ValueError, EOFError) as error:
            raise CacheError(f"{path} is damaged ({error}). Remove it.") from error

    def __len__(self) -> int:
        return len(self._sizes)

    def picture(self, index: int) -> Image.Image:
        position = range(len(self))[index]
        start, end = self._offsets[position : position + 2]
        width, height = self._sizes[position].tolist()
        return Image.frombytes("RGB", (width, height), self._pixels[start:end].tobytes())


def read_pictures(shards: list[Path], cache: Path | None) -> Pictures:
    """The pictures of the shards, in their order.

    Args:
        shards: tar files as `prepare` writes them.
        cache: folder of the decoded pictures, made once and found again; None decodes at every access.

    Raises:
        CacheError: the cache cannot be made.
        FileNotFoundError: there are no pictures, or a shard is missing.
        ShardError: a shard is damaged.
    """
    return EncodedPictures(read_shards(shards)) if cache is None else cached_pictures(shards, cache)


def cached_pictures(shards: list[Path], folder: Path) -> CachedPictures:
    """The shards' pictures from their cache in `folder`, which is made first where there is none.

    Raises:
        CacheError: a picture cannot be decoded, or the disk is too full.
        FileNotFoundError: the shards hold no pictures.
        ShardError: a shard is damaged.
    """
    path = folder / f"{_hash_of(shards)}.pictures"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(shards, path)
    return CachedPictures(path)


def _hash_of(shards: list[Path]) -> str:
    combined = hashlib.sha256()
    for shard in shards:
        with shard.open("rb") as file:
            combined.update(hashlib.file_digest(file, "sha256").digest())
    return combined.hexdigest()[:NAME_DIGITS]


def _write(shards: list[Path], path: Path) -> None:
    remove_abandoned(path.parent)
    sizes = np.array(list(_read(shards, _size)), dtype=np.int64)
    if not sizes.size:
        raise FileNotFoundError(NO_PICTURES)
    check_space(path.parent, int(sizes.prod(axis=1).sum()) * CHANNELS)
    with finished_file(path) as file:
        np.save(file, sizes)
        file.writelines(tqdm(_read(shards, _pixels), "decoding", len(sizes), unit="picture"))


def _read(shards: list[Path], read: Callable[[Image.Image], Result]) -> Iterator[Result]:
    for shard in shards:
        for name, content in shard_pictures(shard):
            try:
                with Image.open(io.BytesIO(content)) as picture:
                    result = read(picture)
            except (*DECODER_ERRORS, Image.DecompressionBombError) as error:
                raise CacheError(f"{name} in {shard} cannot be decoded: {error}") from error
            yield result


def _size(picture: Image.Image) -> tuple[int, int]:
    return picture.size


def _pixels(picture: Image.Image) -> bytes:
    return picture.convert("RGB").tobytes()


def check_space(folder: Path, needed: int) -> None:
    """Args: needed: bytes. Raises: CacheError: the folder's disk has fewer left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CacheError(
            f"The decoded pictures take {needed // MEBIBYTE} MiB; {folder} has "
            f"{free // MEBIBYTE} MiB left. Make room or name a cache folder on another disk."
        )
