"""The form of hints: the style, places with their colors, and the small picture of a reference photo."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from colorizer.engine.errors import HintError
from colorizer.engine.hints import check_moment
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR, MAX_RENDER_FACTOR, MIN_RENDER_FACTOR
from colorizer.guiding import (
    Guide,
    check_reference_moment,
    guide_of,
    hints_as_json,
    hints_from_json,
    reference_from_base64,
)
from colorizer.models import Colorization, Variant
from gallery.films import FILM_VARIANTS, PHOTO_VARIANTS
from gallery.models import Photo
from jobs import texts


class HintsForm(forms.Form):
    """Of a photo, or of a film at a moment. `guide` is among what is cleaned, of films `seconds`."""

    variant = forms.ChoiceField(
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
        self._film_seconds = photo.film_seconds
        offered = [(variant, variant.label) for variant in variants_of(photo)]
        cast("forms.ChoiceField", self.fields["variant"]).choices = offered
        if photo.is_film:
            self._add_moments()

    def _add_moments(self) -> None:
        hidden = forms.HiddenInput
        self.fields["seconds"] = forms.FloatField(min_value=0, label=_("Moment"), widget=hidden)
        self.fields["reference_seconds"] = forms.FloatField(
            required=False, min_value=0, label=_("Moment of the reference photo"), widget=hidden
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                cleaned["guide"] = self._guide(cleaned)
            except HintError as error:
                raise forms.ValidationError(texts.shown(error.text, error.params)) from error
        return cleaned

    def _guide(self, cleaned: dict[str, Any]) -> Guide:
        hints = hints_from_json(
            _parsed(cleaned["hints"] or "[]"), *self._size, film_seconds=self._film_seconds
        )
        reference = reference_from_base64(cleaned["reference"])
        seconds = cleaned.get("reference_seconds")
        check_reference_moment(seconds, reference, self._film_seconds)
        if self._film_seconds is not None:
            check_moment(cleaned["seconds"], self._film_seconds)
        return Guide(hints, reference, seconds)

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


def variants_of(photo: Photo) -> Sequence[Variant]:
    return FILM_VARIANTS if photo.is_film else PHOTO_VARIANTS


def initial_of(photo: Photo, version: Colorization | None) -> dict[str, Any]:
    """What is taken up: a version's own choices."""
    usual = Variant.VIDEO if photo.is_film else Variant.STABLE
    if version is None:
        return {
            "variant": usual,
            "render_factor": DEFAULT_RENDER_FACTOR,
            "hints": "[]",
            "reference": "",
        }
    guide = guide_of(version)
    known = version.variant in variants_of(photo)
    return {
        "variant": version.variant if known else usual,
        "render_factor": version.render_factor,
        "hints": json.dumps(hints_as_json(guide.hints)),
        "reference": as_text(guide.reference),
        "reference_seconds": guide.reference_seconds,
    }


def as_text(reference: bytes) -> str:
    return base64.b64encode(reference).decode()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # no list: it is refused as such
