"""The form of adjustments: sliders, a faded print, strokes of the brush."""

from __future__ import annotations

import json
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colorizer.engine.adjustments import (
    MAX_GAMMA,
    MIN_GAMMA,
    MOST,
    SLIDERS,
    Adjustments,
    AdjustmentsError,
    Levels,
    from_json,
)
from jobs import texts

LABELS: Final[dict[str, Any]] = {
    "intensity": _("Intensity"),
    "saturation": _("Saturation"),
    "warmth": _("Warmth"),
    "tint": _("Tint"),
    "black": _("Black"),
    "white": _("White"),
    "gamma": _("Brightness"),
}
ENDS: Final[dict[str, tuple[Promise, Promise]]] = {
    "intensity": (_("gray"), _("twice the color")),
    "saturation": (_("calm vivid colors"), _("lift pale colors")),
    "warmth": (_("blue"), _("orange")),
    "tint": (_("green"), _("magenta")),
    "black": (_("softer"), _("deeper")),
    "white": (_("brighter"), _("softer")),
    "gamma": (_("darker"), _("brighter")),
}
LEVELS: Final = ("black", "white", "gamma")


def _slider(name: str, least: int, most: int, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"type": "range"})
    return forms.IntegerField(
        min_value=least, max_value=most, label=LABELS[name], widget=widget, **options
    )


class AdjustmentsForm(forms.Form):
    """What all photos of a selection can be given: nothing that is bound to places in a picture."""

    intensity = _slider("intensity", -MOST, MOST, initial=0)
    saturation = _slider("saturation", -MOST, MOST, initial=0)
    warmth = _slider("warmth", -MOST, MOST, initial=0)
    tint = _slider("tint", -MOST, MOST, initial=0)
    restores = forms.BooleanField(required=False, label=_("Restore the print"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                cleaned["adjustments"] = self._adjustments(cleaned)
            except AdjustmentsError as error:
                raise forms.ValidationError(texts.shown(error.text, error.params)) from error
        return cleaned

    def _adjustments(self, cleaned: dict[str, Any]) -> Adjustments:
        sliders = {name: cleaned[name] for name in SLIDERS}
        return Adjustments(**sliders, levels="auto" if cleaned["restores"] else None)

    def sliders(self) -> list[tuple[forms.BoundField, Promise, Promise]]:
        """With what their ends mean."""
        return [(self[name], *ENDS[name]) for name in SLIDERS]


class VersionAdjustmentsForm(AdjustmentsForm):
    """Of one version. `seen` is what its saved adjustments were when the page was made."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    black = _slider("black", 0, 255, required=False)
    white = _slider("white", 0, 255, required=False)
    gamma = _slider("gamma", MIN_GAMMA, MAX_GAMMA, required=False)
    gray = forms.CharField(required=False, widget=forms.HiddenInput)

    def _adjustments(self, cleaned: dict[str, Any]) -> Adjustments:
        levels = {name: cleaned[name] for name in LEVELS if cleaned[name] is not None}
        chosen = levels if len(levels) == len(LEVELS) else "auto"
        return from_json(
            {
                **{name: cleaned[name] for name in SLIDERS},
                "levels": chosen if cleaned["restores"] else None,
                "gray": _parsed(cleaned["gray"] or "[]"),
            }
        )

    def levels(self) -> list[tuple[forms.BoundField, Promise, Promise]]:
        return [(self[name], *ENDS[name]) for name in LEVELS]


def initial_of(adjustments: Adjustments) -> dict[str, Any]:
    levels = adjustments.levels if isinstance(adjustments.levels, Levels) else Levels()
    return {
        **{name: getattr(adjustments, name) for name in SLIDERS},
        "restores": adjustments.levels is not None,
        **{name: getattr(levels, name) for name in LEVELS},
        "gray": json.dumps(adjustments.as_json()["gray"]),
    }


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # no list: it is refused as such
