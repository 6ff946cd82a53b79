"""The engine installed alone into an environment without Django, away from the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from PIL import Image

import colorizer.engine
from tests import ROOT

pytestmark = pytest.mark.slow

ENGINE = ROOT / "colorizer" / "engine"
NO_DJANGO = 'raise ImportError("There is no Django here.")\n'
COLORIZE = """
import sys
from importlib.metadata import version
from pathlib import Path

import colorizer.engine
from colorizer.engine import Colorizer

Colorizer.for_variant("stable").colorize_file(Path("gray.png"), Path("color.png"), 8)
print(Path(colorizer.engine.__file__).is_relative_to(sys.prefix))
print(version("tintype-engine"), colorizer.engine.__version__)
print([name for name in sys.modules if name.split(".")[0] in ("django", "accounts", "gallery")])
print([name for name in sys.modules if name.startswith("colorizer.") and "engine" not in name])
"""


def run(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has torch and the like from ours, and the engine of its own."""
    folder = tmp_path_factory.mktemp("installed")
    # A copy: what the engine would take from the folders above it is not there.
    source = shutil.copytree(
        ENGINE, folder / "engine", ignore=shutil.ignore_patterns("__pycache__", "build")
    )
    run(folder, sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    packages = Path(
        run(folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
    (packages / "django.py").write_text(NO_DJANGO)
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(folder, python, "-m", "pip", "install", *options, source)
    return python


def test_it_colorizes_on_its_own(python: Path, tmp_path: Path) -> None:
    Image.linear_gradient("L").resize((96, 64)).save(tmp_path / "gray.png")
    answers = run(tmp_path, python, "-c", COLORIZE).splitlines()
    version = colorizer.engine.__version__
    assert answers == ["True", f"{version} {version}", "[]", "[]"]
    with Image.open(tmp_path / "color.png") as result:
        assert (result.mode, result.size) == ("RGB", (96, 64))


def test_everything_is_installed(python: Path, tmp_path: Path) -> None:
    script = "import colorizer.engine; print(colorizer.engine.__path__[0])"
    installed = Path(run(tmp_path, python, "-c", script).strip())
    files = {
        path.relative_to(ENGINE)
        for path in ENGINE.rglob("*")
        if path.is_file() and not {"__pycache__", "build"} & set(path.parts)
    }
    missing = {path for path in files if not (installed / path).exists()}
    assert missing == {Path("pyproject.toml"), Path("setup.py")}
