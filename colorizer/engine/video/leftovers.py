"""Hidden folders in which segments wait beside a result that is being made. Loads neither av nor torch."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from colorizer.engine.files import remove_unfinished_of

LONGEST_NAME: Final = 200
"""Bytes: file systems take 255, and the folder's name is longer than the result's."""


def segments_folder(target: Path, identity: str) -> Path:
    """
    Args:
        identity: of what the segments are made of.
    """
    return target.with_name(f"{_prefix(target)}{identity}")


def segments_folders(target: Path) -> list[Path]:
    """Those that are there, of whatever run."""
    return [*target.parent.glob(f"{_escaped(_prefix(target))}*")]


def remove_unfinished_segment_of(process_id: int, target: Path) -> None:
    """Remove what a process that is dead was making; finished segments stay."""
    for folder in segments_folders(target):
        remove_unfinished_of(process_id, folder)
        with suppress(OSError):  # there is something in it
            folder.rmdir()


def _prefix(target: Path) -> str:
    name, content = target.name, os.fsencode(target.name)
    if len(content) > LONGEST_NAME:
        name = hashlib.sha256(content).hexdigest()
    return f".{name}.segments-"


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "[*?" else character for character in name)
