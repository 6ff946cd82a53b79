"""The engine as a library: what its face loads, and the example of its page."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image
from skimage import data

import colorizer
import colorizer.engine
from tests import ROOT

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "engine.md"
NO_DJANGO = 'import sys\nsys.modules["django"] = None\n'  # an import of it raises


def python(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gray = Image.fromarray(data.astronaut()).convert("L").resize((160, 120))
    gray.save(tmp_path / "grandmother.jpg")
    return tmp_path


def test_the_face_loads_neither_torch_nor_django(tmp_path: Path) -> None:
    script = """
import colorizer.engine, sys
print(sorted({"torch", "pyvips", "django"} & set(sys.modules)))
from colorizer.engine import Colorizer
print("torch" in sys.modules, "django" in sys.modules)
"""
    response = python(script, tmp_path)
    assert response.stdout == "[]\nTrue False\n", response.stderr


def test_a_file_is_colorized_where_there_is_no_django(folder: Path) -> None:
    script = f"""{NO_DJANGO}
from pathlib import Path
from colorizer.engine import Colorizer
from tests import ROOT
source, destination = Path("grandmother.jpg"), Path("color.png")
Colorizer.for_variant("stable").colorize_file(source, destination, render_factor=8)
"""
    response = python(script, folder)
    assert response.returncode == 0, response.stderr
    with Image.open(folder / "color.png") as color:
        assert (color.mode, color.size) == ("RGB", (160, 120))


@pytest.mark.parametrize("name", colorizer.engine.__all__)
def test_every_public_name_is_there_and_described(name: str) -> None:
    assert getattr(colorizer.engine, name) is not None
    assert f"`{name}" in PAGE.read_text()


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Painter'"):
        colorizer.engine.Painter  # type: ignore[attr-defined]  # noqa: B018


def test_the_examples_of_the_page_run(folder: Path) -> None:
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(examples) > 1
    shutil.copy(folder / "grandmother.jpg", folder / "scan.jpg")
    response = python(NO_DJANGO + "\n".join(examples), folder)
    assert response.returncode == 0, response.stderr


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert colorizer.__version__ == project["version"]


def imported_by(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    names = [
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    ]
    return names + [
        "." * node.level + (node.module or "")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    ]


def test_the_engine_imports_nothing_of_its_host() -> None:
    hosts = ("colorizer", "accounts", "colorsite", "filestore", "gallery", "jobs", "moderation", "")
    modules = list((ROOT / "colorizer" / "engine").rglob("*.py"))
    assert len(modules) > 20
    for path in modules:
        own = [name for name in imported_by(path) if name.partition(".")[0] in hosts]
        assert [name for name in own if not name.startswith("colorizer.engine")] == [], path


def test_every_package_that_the_engine_imports_is_a_requirement_and_no_other() -> None:
    """Where it is installed in tests, all of ours are there, too."""
    engine = ROOT / "colorizer" / "engine"
    project = tomllib.loads((engine / "pyproject.toml").read_text())["project"]
    requirements = chain(project["dependencies"], *project["optional-dependencies"].values())
    required = {canonicalize_name(Requirement(each).name) for each in requirements}
    modules = [path for path in engine.rglob("*.py") if path.name != "setup.py"]
    imported = {name.partition(".")[0] for path in modules for name in imported_by(path)}
    foreign = imported - sys.stdlib_module_names - {"colorizer"}
    providers = {name: provided_by(name) for name in foreign}
    assert {name for name, names in providers.items() if not names & required} == set()
    assert required - set().union(*providers.values()) == set()


def provided_by(module: str) -> set[str]:
    """Names of the distributions that have a module."""
    return {canonicalize_name(name) for name in packages_distributions().get(module, ())}
