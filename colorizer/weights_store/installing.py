"""Changes to the weights folder. Whoever makes one holds the folder's lock."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from safetensors import SafetensorError

from colorizer.engine.errors import WeightsError
from colorizer.engine.files import UNFINISHED, finished_file, remove_abandoned, sha256_of_file
from colorizer.engine.model_registry import (
    BUNDLED,
    DEOLDIFY_CHECKPOINTS,
    ModelEntry,
    bundled_weights,
)
from colorizer.engine.variants import Variant
from colorizer.engine.weights import convert, load_weights
from colorizer.weights_store.download import download
from colorizer.weights_store.records import (
    InstalledWeights,
    delete_weights,
    find_record,
    read_records,
    weights_path,
    write_record,
)
from colorizer.weights_store.sources import (
    ChecksumError,
    InstallError,
    Source,
    describe,
    is_safetensors,
)
from colorizer.weights_store.unfinished_file import UnfinishedFile

UNKNOWN_LICENSE = "unknown"
READABLE_BY_ALL = 0o644  # workers may run as another user


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder if need be, and keep other commands from changing it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            remove_abandoned(folder)
            yield
    except Timeout:
        raise InstallError(
            f"Another weights command is at work in {folder}. Wait until it has ended."
        ) from None


def fetch(
    folder: Path,
    entry: ModelEntry,
    addresses: Sequence[str] = (),
    *,
    accept_changed: bool = False,
) -> InstalledWeights:
    """Download weights of the model registry and install them.

    Args:
        addresses: instead of those of the registry.
        accept_changed: also take a file that is not the one of the first time.

    Raises:
        DownloadError: no address gave the file, or the disk has no room for it.
        WeightsError: what came are not these weights; it is deleted.
        InstallError: the folder is locked, cannot be written, or the checksum is another one.
    """
    with locked(folder):
        file = download_path(folder, entry)
        file.parent.mkdir(exist_ok=True)
        origin = file.name
        if not file.exists():
            origin = download(addresses or entry.addresses, file, copies_to_come=1)
        source = Source(file, entry.name, entry.variant, origin, entry)
        try:
            installed = _install(folder, source, accept_changed=accept_changed)
        except (WeightsError, ChecksumError):
            file.unlink()
            raise
        file.unlink()
        return installed


def install(
    folder: Path, path: Path, variant: Variant | None = None, *, accept_changed: bool = False
) -> InstalledWeights:
    """Install a file that is here: a safetensors file is copied, a `.pth` converted.

    Raises:
        WeightsError: missing, damaged or of no known architecture.
        InstallError: unclear variant, a name that is taken, a locked or full folder.
    """
    source = describe(path, variant)
    with locked(folder):
        return _install(folder, source, accept_changed=accept_changed)


def remove(folder: Path, name: str) -> None:
    """Delete installed weights, and what is left of a download of them."""
    with locked(folder):
        unfinished = [
            UnfinishedFile(download_path(folder, entry))
            for entry in DEOLDIFY_CHECKPOINTS
            if entry.name == name
        ]
        is_known = find_record(folder, name) or any(file.size for file in unfinished)
        if not is_known:
            names = ", ".join(record.name for record in read_records(folder)) or "nothing"
            raise InstallError(f"{name} is not installed. Installed: {names}.")
        delete_weights(folder, name)
        for file in unfinished:
            file.delete()


def problem_of(path: Path, expected_sha256: str | None) -> str:
    """What is wrong with a weights file, or "": its checksum is compared and it is opened."""
    try:
        loaded = load_weights(path)
    except WeightsError as error:
        return str(error)
    if loaded.sha256 != expected_sha256:
        return f"Its SHA-256 is {loaded.sha256}, not {expected_sha256}: it has been changed."
    return ""


def problems(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and problem of all bundled and installed weights; "" for what is as it should be."""
    for entry in BUNDLED:
        yield entry.name, problem_of(bundled_weights(entry.variant), entry.sha256)
    for record in read_records(folder):
        yield record.name, problem_of(weights_path(folder, record.name), record.sha256)


def download_path(folder: Path, entry: ModelEntry) -> Path:
    return folder / "downloads" / entry.file_name


def _install(folder: Path, source: Source, *, accept_changed: bool) -> InstalledWeights:
    sha256 = sha256_of_file(source.path)
    if source.is_checkpoint and not accept_changed:
        _check_checksum(folder, source, sha256)
    draft = folder / f"{UNFINISHED}{os.getpid()}-{source.name}.safetensors"
    try:
        architecture = _write_draft(source, draft)
        record = InstalledWeights(
            name=source.name,
            variant=source.variant,
            architecture=architecture,
            license=source.entry.license if source.entry else UNKNOWN_LICENSE,
            bytes=draft.stat().st_size,
            sha256=sha256_of_file(draft),
            source=source.origin,
            source_sha256=sha256,
            installed_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        draft.replace(weights_path(folder, source.name))
        write_record(folder, record)
        if source.is_checkpoint:
            _remember_checksum(folder, source, sha256)
    except (OSError, SafetensorError) as error:
        raise InstallError(
            f"{source.name} cannot be written to {folder} ({error}). "
            "Make room and run the same command again."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return record


def _write_draft(source: Source, draft: Path) -> str:
    if is_safetensors(source.path):
        shutil.copyfile(source.path, draft)
    else:
        convert(source.path, draft, source.variant)
    draft.chmod(READABLE_BY_ALL)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    architecture = load_weights(draft).architecture.name
    if source.entry and architecture != source.entry.architecture:
        raise WeightsError(
            f"{source.path.name} is for the network {architecture}; "
            f"{source.name} is for {source.entry.architecture}."
        )
    return architecture


def _checksums_path(folder: Path) -> Path:
    return folder / "downloads" / "checksums.json"


def _checksums(folder: Path) -> dict[str, str]:
    """Of DeOldify's checkpoints as they were when they first came: nobody states any."""
    path = _checksums_path(folder)
    return json.loads(path.read_text()) if path.exists() else {}


def _check_checksum(folder: Path, source: Source, sha256: str) -> None:
    known = source.known_sha256 or _checksums(folder).get(source.name)
    if known and known != sha256:
        raise ChecksumError(
            f"{source.path.name} is not the file that is known as {source.name}: its SHA-256 is "
            f"{sha256}, not {known}. To use it all the same, add --accept-changed."
        )


def _remember_checksum(folder: Path, source: Source, sha256: str) -> None:
    path = _checksums_path(folder)
    path.parent.mkdir(exist_ok=True)
    with finished_file(path) as file:
        file.write(json.dumps({**_checksums(folder), source.name: sha256}, indent=2).encode())
