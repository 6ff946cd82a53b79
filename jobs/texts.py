"""Texts that are kept, or come from another process: in English, shown in the language of who reads them.

Babel finds them where they are raised: the Makefile names the exceptions that take them.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


def shown(text: str, params: dict[str, Any]) -> str:
    """
    Args:
        params: what takes the places of the named placeholders of the text, and may be kept as JSON.
            A text among them is a dict with `text` and, if need be, `params`.
    """
    translated = gettext(text)
    return (
        translated % {name: _shown(value) for name, value in params.items()}
        if params
        else translated
    )


def _shown(value: Any) -> Any:
    return shown(value["text"], value.get("params", {})) if isinstance(value, dict) else value
