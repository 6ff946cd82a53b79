from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from colorizer.engine.imageio.decoding import check_header
from colorizer.engine.imageio.reading import Picture, inspect_picture, read_picture

Read: TypeAlias = Callable[[bytes], Picture]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file of this content as an upload is: its header first, which must tell the truth."""
    path = tmp_path / "picture"

    def read_content(content: bytes) -> Picture:
        path.write_bytes(content)
        header = inspect_picture(path)
        check_header(header)
        picture = read_picture(path)
        assert (header.height, header.width) == picture.pixels.shape[:2]
        assert header.bits == picture.pixels.dtype.itemsize * 8
        return picture

    return read_content
