"""The engine's own version: it can be installed and used without the site."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.2.1"
