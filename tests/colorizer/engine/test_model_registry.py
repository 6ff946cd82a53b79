"""The weights that are known by name."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from colorizer.engine.architectures.registry import ARCHITECTURES
from colorizer.engine.model_registry import (
    BUNDLED,
    BUNDLED_FOLDER,
    DEOLDIFY_CHECKPOINTS,
    ModelEntry,
    bundled_weights,
)
from colorizer.engine.variants import VARIANTS
from colorsite.environment import BASE_DIR


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.name)
def test_a_bundled_file_is_the_one_described_here_and_on_its_card(entry: ModelEntry) -> None:
    content = bundled_weights(entry.variant).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry.sha256
    assert len(content) == entry.bytes
    card = (BUNDLED_FOLDER / f"{entry.name}.md").read_text()
    assert f"`{entry.sha256}`" in card
    assert f"`{entry.file_name}`" in card


def test_every_variant_has_bundled_weights_and_a_checkpoint() -> None:
    assert [entry.variant for entry in BUNDLED] == list(VARIANTS)
    assert [entry.variant for entry in DEOLDIFY_CHECKPOINTS] == list(VARIANTS)


def test_every_architecture_is_known() -> None:
    entries = (*BUNDLED, *DEOLDIFY_CHECKPOINTS)
    assert {entry.architecture for entry in entries} <= ARCHITECTURES.keys()


def test_names_are_unique() -> None:
    names = [entry.name for entry in (*BUNDLED, *DEOLDIFY_CHECKPOINTS)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", DEOLDIFY_CHECKPOINTS, ids=lambda entry: entry.name)
def test_checkpoints_come_by_https_from_addresses_that_name_them(
    entry: ModelEntry,
) -> None:
    assert entry.addresses
    for address in map(urlsplit, entry.addresses):
        assert address.scheme == "https"
        assert address.path.endswith(f"/{entry.file_name}")


def test_the_registry_is_read_without_torch() -> None:
    script = "import sys, colorizer.engine.model_registry; print('torch' in sys.modules)"
    command = [sys.executable, "-c", script]
    response = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert response.stdout == "False\n"
