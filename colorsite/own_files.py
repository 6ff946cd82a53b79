"""What a site needs on its disk first: folders it may write to, files that nobody else reads, the secret key."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

from django.core.management.utils import get_random_secret_key

from colorsite.environment import Environment


def make_folder(name: str, folder: Path) -> Path:
    """The folder that the variable `name` points at: there, and writable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise SystemExit(
            f"The environment variable {name} cannot be used ({error}): "
            f"write a folder that this user may write to, for example {name}=/srv/tintype"
        ) from None


def make_private_file(name: str, path: Path) -> None:
    """Readable by nobody else from its first byte on; what is there already stays."""
    try:
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise SystemExit(
            f"The environment variable {name} cannot be used ({error}): "
            f"write one whose file this user may write"
        ) from None


def load_secret_key(environment: Environment) -> str:
    if environment.SECRET_KEY:
        return environment.SECRET_KEY
    path = environment.DATA_DIR / "secret_key"
    if not path.exists():
        _write_once(path, get_random_secret_key())
    return path.read_text()


def _write_once(path: Path, text: str) -> None:
    """Two processes may start at once: the first link wins, and nobody reads a half-written key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
