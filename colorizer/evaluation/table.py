"""A summary as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from colorizer.evaluation.evaluate import Summary

LABELS: Final = {
    "psnr": "PSNR, dB",
    "ssim": "SSIM",
    "ciede2000": "CIEDE2000",
    "lpips": "LPIPS",
    "colorfulness": "Colorfulness",
    "frechet": "Fréchet distance",
    "inception_frechet": "Fréchet, Inception",
    "flicker": "Flicker, 8-bit units",
}


def as_table(summary: Summary) -> str:
    """Aligned columns for painted, gray and real pictures, and painted's gain or share."""
    head = (
        f"{summary.weights} on {summary.pictures} pictures, render factor {summary.render_factor}"
    )
    names = f"{'':20}{'painted':>10}{'gray':>10}{'real':>10}"
    return "\n".join([head, names, *_lines(summary.figures)]) + "\n"


def _lines(figures: dict[str, float]) -> Iterator[str]:
    for name, label in LABELS.items():
        if name in figures:
            cells = (figures.get(key) for key in (name, f"gray_{name}", f"real_{name}"))
            yield f"{label:20}{''.join(map(_cell, cells))}{_against(name, figures)}".rstrip()


def _cell(figure: float | None) -> str:
    return f"{'':10}" if figure is None else f"{figure:10.3f}"


def _against(name: str, figures: dict[str, float]) -> str:
    if f"{name}_ratio" in figures:
        reference = "real" if f"real_{name}" in figures else "gray"
        return f"  {figures[f'{name}_ratio']:.1%} of {reference}"
    if f"gray_{name}" in figures:
        return f"  {figures[name] - figures[f'gray_{name}']:+.3f} to gray"
    return ""
