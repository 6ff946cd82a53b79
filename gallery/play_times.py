"""How long films are, and their moments, in words."""

from __future__ import annotations

from typing import Final

MINUTE: Final = 60


def play_time(seconds: float) -> str:
    """As players show it: 1:07, or 1:02:33."""
    minutes, rest = divmod(int(seconds), MINUTE)
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
