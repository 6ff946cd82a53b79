"""The form of hints: the style, places with their colors, and the small picture of a reference photo."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colorizer.engine.errors import HintError
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR, MAX_RENDER_FACTOR, MIN_RENDER_FACTOR
from colorizer.guiding import (
    Guide,
    guide_of,
    hints_as_json,
    hints_from_json,
    reference_from_base64,
)
from colorizer.models import Colorization, Variant
from gallery.films import PHOTO_VARIANTS
from gallery.models import Photo
from jobs import texts

NAMES: Final[dict[str, Promise]] = {Variant.ARTISTIC: _("Vivid"), Variant.STABLE: _("Calm")}


class HintsForm(forms.Form):
    """Of a photo. `guide` is among what is cleaned."""

    variant = forms.ChoiceField(
        choices=[(variant, NAMES[variant]) for variant in PHOTO_VARIANTS],
        label=_("Style"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The style has to be one of the offered ones.")},
    )
    render_factor = forms.IntegerField(
        min_value=MIN_RENDER_FACTOR,
        max_value=MAX_RENDER_FACTOR,
        label=_("Detail"),
        widget=forms.HiddenInput,
    )
    hints = forms.CharField(required=False, label=_("Hints"), widget=forms.HiddenInput)
    reference = forms.CharField(
        required=False, label=_("Reference photo"), widget=forms.HiddenInput
    )

    def __init__(self, photo: Photo, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._size = (photo.width, photo.height)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                cleaned["guide"] = self._guide(cleaned)
            except HintError as error:
                raise forms.ValidationError(texts.shown(error.text, error.params)) from error
        return cleaned

    def _guide(self, cleaned: dict[str, Any]) -> Guide:
        hints = hints_from_json(_parsed(cleaned["hints"] or "[]"), *self._size)
        return Guide(hints, reference_from_base64(cleaned["reference"]))

    def choices(self) -> dict[str, Any]:
        """What a version is made of, beside its photo."""
        return {name: self.cleaned_data[name] for name in ("variant", "render_factor", "guide")}

    @property
    def messages(self) -> list[str]:
        """All that is wrong, for whoever shows no fields."""
        named = [
            f"{self[name].label}: {message}"
            for name, found in self.errors.items()
            if name in self.fields
            for message in found
        ]
        return [*self.non_field_errors(), *named]


class PlaceForm(HintsForm):
    """With a place of the photo, whose colors are asked for: `x` and `y`."""

    def __init__(self, photo: Photo, *args: Any, **kwargs: Any) -> None:
        super().__init__(photo, *args, **kwargs)
        for name, most in (("x", photo.width), ("y", photo.height)):
            self.fields[name] = forms.FloatField(min_value=0, max_value=most, label=_("Place"))


def initial_of(version: Colorization | None) -> dict[str, Any]:
    """What is taken up: a version's own choices."""
    if version is None:
        return {
            "variant": Variant.STABLE,
            "render_factor": DEFAULT_RENDER_FACTOR,
            "hints": "[]",
            "reference": "",
        }
    guide = guide_of(version)
    known = version.variant in PHOTO_VARIANTS
    return {
        "variant": version.variant if known else Variant.STABLE,
        "render_factor": version.render_factor,
        "hints": json.dumps(hints_as_json(guide.hints)),
        "reference": as_text(guide.reference),
    }


def as_text(reference: bytes) -> str:
    return base64.b64encode(reference).decode()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # no list: it is refused as such
