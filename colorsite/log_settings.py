"""How Django and all else write logs."""

from __future__ import annotations

import os
from typing import Any


def lines_on_standard_error(level: str) -> dict[str, Any]:
    """One line per event, for a person to read and a collector to parse."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "logging.Formatter",
                "fmt": "{asctime} {service:<6} {levelname:<7} {name}: {message}{ids}",
                "style": "{",
                # The process manager names its children; a command typed by hand has no such name.
                "defaults": {"service": os.environ.get("SUPERVISOR_PROCESS_NAME", "manage")},
            }
        },
        "filters": {
            "ids": {"()": "colorsite.logs.Ids"},
            "secrets": {"()": "colorsite.logs.Secrets"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["ids", "secrets"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        # Django's own handlers mail errors or are silent without DEBUG: let everything reach the root.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
