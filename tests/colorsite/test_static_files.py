"""The names that static files get when they are collected."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings

STORAGE = {"BACKEND": "colorsite.static_files.StaticFiles"}


def test_scripts_import_each_other_by_names_with_a_hash(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGE}
    settings.STATICFILES_DIRS = [
        folder
        for folder in settings.STATICFILES_DIRS
        if "fonts" not in str(folder) and "htmx" not in str(folder)
    ]
    settings.INSTALLED_APPS = ["django.contrib.staticfiles"]
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = [path for path in (tmp_path / "js").rglob("*.js") if path.stem.count(".")]
    assert scripts
    for script in scripts:
        for name in re.findall(r'(?:from |import\()"(\.[^"]+)"', script.read_text()):
            assert re.search(r"\.[0-9a-f]{12}\.js$", name), f"{script.name} imports {name}"
            assert (script.parent / name).resolve().is_file()
