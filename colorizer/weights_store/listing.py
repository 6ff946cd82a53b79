"""Everything there is to know about the weights of a site, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from colorizer.engine.errors import WeightsError
from colorizer.engine.model_registry import BUNDLED, DEOLDIFY_CHECKPOINTS, ModelEntry
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.weights_store.choice import choose
from colorizer.weights_store.records import read_records


@dataclass(frozen=True)
class Row:
    """Weights that are bundled, installed, or available to be fetched; None where nobody knows."""

    name: str
    variant: Variant
    architecture: str
    state: Literal["bundled", "installed", "available"]
    bytes: int | None
    license: str
    sha256: str | None


def rows(folder: Path) -> list[Row]:
    installed = [
        Row(
            record.name,
            record.variant,
            record.architecture,
            "installed",
            record.bytes,
            record.license,
            record.sha256,
        )
        for record in read_records(folder)
    ]
    names = {row.name for row in installed}
    bundled = [_of_entry(entry, "bundled") for entry in BUNDLED]
    available = [
        _of_entry(entry, "available") for entry in DEOLDIFY_CHECKPOINTS if entry.name not in names
    ]
    return [*bundled, *installed, *available]


def _of_entry(entry: ModelEntry, state: Literal["bundled", "available"]) -> Row:
    return Row(
        entry.name,
        entry.variant,
        entry.architecture,
        state,
        entry.bytes,
        entry.license,
        entry.sha256,
    )


def choices() -> list[dict[str, str | None]]:
    """For each variant the path of its weights and the reason, or what is wrong."""
    return [_choice_of(variant) for variant in VARIANTS]


def _choice_of(variant: Variant) -> dict[str, str | None]:
    try:
        choice = choose(variant)
    except WeightsError as error:
        return {"variant": variant, "path": None, "problem": str(error)}
    return {"variant": variant, "path": str(choice.path), "reason": choice.reason}


def as_data(folder: Path) -> dict[str, Any]:
    return {"weights": [asdict(row) for row in rows(folder)], "variants": choices()}


def as_lines(folder: Path) -> list[str]:
    return [*_table(rows(folder)), "", *map(_sentence, choices())]


def _table(listed: list[Row]) -> list[str]:
    heads = ("NAME", "VARIANT", "NETWORK", "STATE", "SIZE", "LICENSE", "SHA-256")
    cells = [heads, *map(_cells, listed)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        row.variant,
        row.architecture,
        row.state,
        f"{row.bytes / 1e6:,.1f} MB" if row.bytes else "unknown",
        row.license,
        row.sha256[:12] if row.sha256 else "unknown",
    )


def _sentence(choice: dict[str, str | None]) -> str:
    if not choice["path"]:
        return f"{choice['variant']} cannot be colored: {choice['problem']}"
    return f"{choice['variant']} is colored with {Path(choice['path']).stem} ({choice['reason']})."
