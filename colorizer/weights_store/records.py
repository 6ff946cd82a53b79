"""What is installed in the weights folder: `NAME.safetensors`, and beside it `NAME.json` about it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from colorizer.engine.errors import WeightsError
from colorizer.engine.files import finished_file
from colorizer.engine.variants import Variant


@dataclass(frozen=True)
class InstalledWeights:
    """The record of one installed file.

    Attributes:
        bytes, sha256: of the installed safetensors file.
        source: the address or the name of the file that it was made from.
        source_sha256: of that file, as it came.
        installed_at: ISO 8601, UTC.
    """

    name: str
    variant: Variant
    architecture: str
    license: str
    bytes: int
    sha256: str
    source: str
    source_sha256: str
    installed_at: str


def weights_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.safetensors"


def read_records(folder: Path) -> list[InstalledWeights]:
    """By name; empty when there is no such folder.

    Raises:
        WeightsError: a record is damaged; it is named.
    """
    return [_read_record(path) for path in sorted(folder.glob("*.json"))]


def _read_record(path: Path) -> InstalledWeights:
    try:
        return InstalledWeights(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise WeightsError(
            f"The record {path} is damaged. Delete it, then install its weights again."
        ) from error


def find_record(folder: Path, name: str) -> InstalledWeights | None:
    return next((record for record in read_records(folder) if record.name == name), None)


def write_record(folder: Path, record: InstalledWeights) -> None:
    with finished_file(_record_path(folder, record.name)) as file:
        file.write(json.dumps(asdict(record), indent=2).encode())


def delete_weights(folder: Path, name: str) -> None:
    _record_path(folder, name).unlink(missing_ok=True)
    weights_path(folder, name).unlink(missing_ok=True)


def _record_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
