"""Which of Django's system checks workers need."""

from __future__ import annotations

from typing import Final

WORKERS: Final = "workers"
"""The tag of those that `manage.py workers` makes, too."""
