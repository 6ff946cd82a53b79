"""Parts of files and bytes read as if they were one file, without a copy of any of them."""

from __future__ import annotations

import io
import os
from typing import Any, BinaryIO, NamedTuple


class FilePart(NamedTuple):
    """The bytes from `start` to the end of an open file that has a descriptor."""

    file: BinaryIO
    start: int = 0


class JoinedFile(io.RawIOBase):
    """Read only. The position of the files that it is made of is left alone."""

    def __init__(self, *parts: bytes | FilePart) -> None:
        self._parts = parts
        self._sizes = [_size_of(part) for part in parts]
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: sum(self._sizes)}
        self._position = max(0, start[whence] + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        wanted = memoryview(buffer)
        content = self._next(wanted.nbytes)
        wanted[: len(content)] = content
        self._position += len(content)
        return len(content)

    def _next(self, size: int) -> bytes:
        """Of one part: whoever reads asks again for the rest."""
        start = self._position
        for part, part_size in zip(self._parts, self._sizes, strict=True):
            if start < part_size:
                size = min(size, part_size - start)
                if isinstance(part, bytes):
                    return part[start : start + size]
                return os.pread(part.file.fileno(), size, part.start + start)
            start -= part_size
        return b""


def _size_of(part: bytes | FilePart) -> int:
    if isinstance(part, bytes):
        return len(part)
    return max(0, os.fstat(part.file.fileno()).st_size - part.start)
