"""What became of the pictures, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from colorizer.training.preparing.standardizing import Reason, Rejected
from colorizer.training.preparing.writing import Entry


def summary(entries: list[Entry], left_out: list[Rejected]) -> str:
    """Kept, and left out by each reason; broken files by name."""
    return "\n".join(_lines(entries, left_out)) + "\n"


def _lines(entries: list[Entry], left_out: list[Rejected]) -> Iterator[str]:
    splits = Counter(entry.split for entry in entries)
    yield f"kept: {len(entries)} (train {splits['train']}, validation {splits['validation']})"
    yield f"left out: {len(left_out)}"
    reasons = Counter(rejected.reason for rejected in left_out)
    for reason in Reason:
        yield f"  {reason}: {reasons[reason]}"
    for rejected in left_out:
        if rejected.reason is Reason.BROKEN:
            yield f"    {rejected.source}: {rejected.detail}"
