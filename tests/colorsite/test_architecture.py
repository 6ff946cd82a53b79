"""The arrows between the packages, and what the web process must never load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from colorsite.environment import BASE_DIR

PACKAGES = ("accounts", "colorizer", "colorsite", "gallery")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_arrows_between_the_packages_hold() -> None:
    answer = lint_imports(BASE_DIR)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("colorizer/wrong.py", "import gallery.models"),
        ("accounts/wrong.py", "import colorizer.models"),
        ("gallery/wrong.py", "import colorsite.health"),
        ("colorizer/engine/wrong.py", "import django.conf"),
        ("colorizer/batch/wrong.py", "import django.conf"),
        ("colorizer/training/wrong.py", "import colorizer.models"),
        ("colorizer/engine/wrong.py", "import colorizer.training"),
    ],
)
def test_an_arrow_the_wrong_way_is_found(tmp_path: Path, module: str, statement: str) -> None:
    for package in PACKAGES:
        shutil.copytree(
            BASE_DIR / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("*.safetensors", "__pycache__"),
        )
    shutil.copy(BASE_DIR / "pyproject.toml", tmp_path)
    (tmp_path / module).write_text(f"{statement}\n")

    answer = lint_imports(tmp_path)

    assert answer.returncode == 1
    assert module.removesuffix(".py").replace("/", ".") in answer.stdout


def test_the_web_process_never_loads_torch() -> None:
    script = """
import sys
from colorsite.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
get_resolver()._populate()
print(sorted({"torch", "torchvision"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", script]
    answer = subprocess.run(
        command, cwd=BASE_DIR, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.stdout == "[]\n", answer.stderr
