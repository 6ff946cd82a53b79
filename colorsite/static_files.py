"""Static files have a hash of their content in their names."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_EVERYWHERE, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns  # noqa: SLF001  (Django's switch is for all files)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Our own scripts import each other by these names, too. Packages have examples that import what they lack."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORTS))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Found once: a page has forty, and they are the same until files are collected anew."""
        if force or name not in self._addresses:
            self._addresses[name] = super().url(name, force)
        return self._addresses[name]

    def save_manifest(self) -> None:
        self._addresses.clear()
        super().save_manifest()
