"""Every folder with an `__init__.py` is a package under `colorizer.engine`, a new architecture's too."""

from __future__ import annotations

from setuptools import find_packages, setup

FOLDERS = [*find_packages("."), "weights"]

setup(
    packages=["colorizer.engine", *(f"colorizer.engine.{folder}" for folder in FOLDERS)],
    script_name="setup.py",  # which is left out: builders run it under other names
)
