"""A download that is not complete: its bytes so far, and what they are the beginning of."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from colorizer.engine.files import finished_file


@dataclass(frozen=True)
class Origin:
    """Where the bytes are from, so that only the same file is gone on with.

    Attributes:
        validator: the server's ETag or Last-Modified (RFC 9110, section 13.1.5).
        total_bytes: of the complete file.
    """

    address: str
    validator: str
    total_bytes: int


class UnfinishedFile:
    """`NAME.part`, with its origin in `NAME.part.json`."""

    def __init__(self, destination: Path) -> None:
        self.destination = destination
        self._path = destination.with_name(f"{destination.name}.part")
        self._origin_path = destination.with_name(f"{destination.name}.part.json")

    @property
    def size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _origin(self) -> Origin | None:
        if not self._origin_path.exists():
            return None
        origin = Origin(**json.loads(self._origin_path.read_text()))
        return origin if 0 < self.size <= origin.total_bytes else None

    def is_complete_from(self, address: str) -> bool:
        origin = self._origin()
        return origin is not None and (origin.address, origin.total_bytes) == (address, self.size)

    def request_headers(self, address: str) -> dict[str, str]:
        """Ask for the rest if the file is still the same, and for all of it if not."""
        origin = self._origin()
        if origin is None or origin.address != address:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": origin.validator}

    def append(self) -> IO[bytes]:
        return self._path.open("ab")

    def begin(self, origin: Origin | None) -> IO[bytes]:
        """From zero. Without an origin it cannot be gone on with when it breaks off."""
        self.delete()
        if origin:
            with finished_file(self._origin_path) as file:
                file.write(json.dumps(asdict(origin)).encode())
        return self._path.open("wb")

    def finish(self) -> None:
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
        self._path.replace(self.destination)
        self.delete()

    def delete(self) -> None:
        self._path.unlink(missing_ok=True)
        self._origin_path.unlink(missing_ok=True)
