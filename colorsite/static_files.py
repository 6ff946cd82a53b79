"""Static files have a hash of their content in their names."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

_EVERYWHERE, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns  # noqa: SLF001  (Django's switch is for all files)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Our own scripts import each other by these names, too. Packages have examples that import what they lack."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORTS))
