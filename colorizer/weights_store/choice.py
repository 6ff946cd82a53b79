"""Which weights a variant is colorized with: those that a setting names, or the best there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from colorizer.engine.errors import WeightsError
from colorizer.engine.files import sha256_of_file
from colorizer.engine.model_registry import BUNDLED, BUNDLED_ARCHITECTURES, bundled_weights
from colorizer.engine.variants import Variant
from colorizer.weights_store.records import (
    InstalledWeights,
    find_record,
    read_records,
    weights_path,
)

BUNDLED_OVERRIDE = "bundled"


@dataclass(frozen=True)
class Choice:
    """The weights of a variant, and why these.

    Attributes:
        sha256: as recorded when they were installed; empty for a file that was never installed.
    """

    variant: Variant
    path: Path
    reason: str
    sha256: str = ""


def weights_for(variant: Variant) -> Path:
    """The weights file to colorize with now. Asked for each job, so that what is installed is used at once.

    Raises:
        WeightsError: the setting names weights that are not there, or the bundled file is missing.
    """
    return choose(variant).path


def choices_for_hints(variant: Variant) -> list[Choice]:
    """As `choose`; and the bundled ones, for a variant whose weights take no hints."""
    chosen, bundled = choose(variant), _bundled(variant, "the weights of the variant take no hints")
    return [chosen] if chosen.path == bundled.path else [chosen, bundled]


def sha256_of(choice: Choice) -> str:
    """As recorded; otherwise the file is read once, and again when another has come in its place."""
    if choice.sha256:
        return choice.sha256
    facts = choice.path.stat()
    return _read_sha256(choice.path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=16)
def _read_sha256(weights: Path, modified_ns: int, size: int) -> str:
    return sha256_of_file(weights)


def choose(variant: Variant) -> Choice:
    choice = (
        _overridden(variant)
        or _best_installed(variant)
        or _bundled(variant, "nothing else is installed")
    )
    if not choice.path.is_file():
        raise WeightsError(
            f"The weights of the variant {variant} are missing: there is no file {choice.path}."
        )
    return choice


def override_variable(variant: Variant) -> str:
    return f"WEIGHTS_{variant.upper()}"


def _overridden(variant: Variant) -> Choice | None:
    override = settings.WEIGHTS_OVERRIDES[variant]
    reason = f"{override_variable(variant)}={override}"
    if not override:
        return None
    if override == BUNDLED_OVERRIDE:
        return _bundled(variant, reason)
    if record := find_record(settings.WEIGHTS_DIR, override):
        return _installed(record, reason)
    if Path(override).is_file():
        return Choice(variant, Path(override), reason)
    raise WeightsError(
        f"{reason} names no weights that are installed, and no file. "
        f"Write the name of installed weights (manage.py weights list), '{BUNDLED_OVERRIDE}' or a path."
    )


def _best_installed(variant: Variant) -> Choice | None:
    fitting = [record for record in read_records(settings.WEIGHTS_DIR) if record.variant == variant]
    if not fitting:
        return None
    best = max(fitting, key=_rank)
    return _installed(best, "the best installed")


def _installed(record: InstalledWeights, reason: str) -> Choice:
    path = weights_path(settings.WEIGHTS_DIR, record.name)
    return Choice(record.variant, path, reason, record.sha256)


def _rank(record: InstalledWeights) -> tuple[bool, str]:
    """Networks unlike the bundled ones come first; among equals the latest installed."""
    return record.architecture not in BUNDLED_ARCHITECTURES, record.installed_at


def _bundled(variant: Variant, reason: str) -> Choice:
    entry = next(entry for entry in BUNDLED if entry.variant == variant)
    return Choice(variant, bundled_weights(variant), reason, entry.sha256 or "")
