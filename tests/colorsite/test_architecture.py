"""Dependencies between the packages, and what the web process must never load."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

from colorsite.environment import BASE_DIR

PACKAGES = (
    "accounts",
    "colorizer",
    "colorsite",
    "filestore",
    "gallery",
    "jobs",
    "moderation",
    "webhooks",
)
CODE = {".css", ".html", ".js", ".cjs", ".py", ".ts"}
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
TYPES_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_packages_import_only_downwards() -> None:
    response = lint_imports(BASE_DIR)
    assert response.returncode == 0, response.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, to which wrong imports are added."""
    folder = tmp_path_factory.mktemp("sources")
    for package in PACKAGES:
        shutil.copytree(
            BASE_DIR / package,
            folder / package,
            ignore=shutil.ignore_patterns("*.safetensors", "__pycache__"),
        )
    shutil.copy(BASE_DIR / "pyproject.toml", folder)
    return folder


def test_no_file_of_code_has_more_than_400_lines() -> None:
    folders = [*PACKAGES, "benchmarks", "static", "templates", "tests"]
    files = [path for folder in folders for path in (BASE_DIR / folder).rglob("*.*")]
    lines = {path: path.read_text().count("\n") for path in files if path.suffix in CODE}
    assert len(lines) > 500
    assert [path for path, number in lines.items() if number > 400] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("moderation/wrong.py", "import colorsite.health"),
        ("gallery/wrong.py", "import colorsite.health"),
        ("gallery/wrong.py", "import moderation.models"),
        ("gallery/wrong.py", "import webhooks.models"),
        ("moderation/wrong.py", "import webhooks.models"),
        ("webhooks/wrong.py", "import moderation.models"),
        ("colorizer/wrong.py", "import gallery.models"),
        ("colorizer/wrong.py", f"{TYPES_ONLY}import gallery.models"),
        ("jobs/wrong.py", "import colorizer.models"),
        ("jobs/wrong.py", "import filestore.models"),
        ("filestore/wrong.py", "import jobs.models"),
        ("filestore/wrong.py", "import colorizer.models"),
        ("filestore/wrong.py", f"{TYPES_ONLY}import jobs.models"),
        ("accounts/wrong.py", "import colorizer.models"),
        ("accounts/wrong.py", "import jobs.models"),
        ("accounts/wrong.py", "import filestore.models"),
        ("jobs/wrong.py", "import django_q.tasks"),
        ("colorsite/wrong.py", "import django_q.tasks"),
        ("colorizer/engine/wrong.py", "import django.conf"),
        ("colorizer/decoding/wrong.py", "import django.conf"),
        ("colorizer/batch/wrong.py", "import django.conf"),
        ("colorizer/training/wrong.py", "import colorizer.models"),
        ("colorizer/engine/wrong.py", "import colorizer.training"),
        ("colorizer/engine/wrong.py", f"{TYPES_ONLY}import colorizer.evaluation"),
    ],
)
def test_an_import_upwards_is_found(sources: Path, module: str, statement: str) -> None:
    wrong = sources / module
    wrong.write_text(f"{statement}\n")
    try:
        response = lint_imports(sources)
    finally:
        wrong.unlink()
    assert response.returncode == 1
    assert module.removesuffix(".py").replace("/", ".") in response.stdout


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_engine_imports_nothing_of_its_host() -> None:
    for path in (BASE_DIR / "colorizer/engine").rglob("*.py"):
        ours = {name for name in imported_modules(path) if name.split(".")[0] in PACKAGES}
        assert all(name.startswith("colorizer.engine") for name in ours), path


def strings_of_relations(path: Path) -> Iterator[str]:
    """First arguments of foreign keys and the like that are strings."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "to")]
            if node.func.attr in {"ForeignKey", "OneToOneField", "ManyToManyField"}:
                yield from (
                    str(argument.value) for argument in named if isinstance(argument, ast.Constant)
                )


def test_models_of_other_apps_are_imported_not_named() -> None:
    for package in PACKAGES:
        for path in (BASE_DIR / package).rglob("*.py"):
            if "migrations" not in path.parts:
                assert not [name for name in strings_of_relations(path) if "." in name], path


def test_relations_between_models_point_downwards() -> None:
    order = ("webhooks", "moderation", "gallery", "colorizer", "jobs", "filestore", "accounts")
    for app in order:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                target = field.related_model
                if isinstance(field, Field) and isinstance(target, type):
                    label = target._meta.app_label
                    assert label not in order[: order.index(app)], field


def loaded(modules: set[str], script: str) -> list[str]:
    """Those of the modules that a process has loaded after the script."""
    script = f"import sys\n{script}\nprint(*sorted({modules!r} & set(sys.modules)))"
    response = subprocess.run(
        [sys.executable, "-c", script],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert response.returncode == 0, response.stderr
    return response.stdout.split()


def test_the_web_process_never_loads_torch() -> None:
    """Nor anything that opens pictures."""
    script = """
from colorsite.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
get_resolver()._populate()
"""
    assert loaded({"torch", "torchvision", "pyvips", "PIL", "pillow_heif"}, script) == []


def test_workers_load_no_api_and_no_pages() -> None:
    """It takes as long as the rest of their start."""
    script = """
import django; django.setup()
from jobs.management.commands.workers import Command
Command().check(tags=Command.requires_system_checks)
"""
    assert loaded({"rest_framework.views", "gallery.api.urls", "gallery.urls"}, script) == []
