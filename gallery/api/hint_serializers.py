"""Hints and a reference photo, as they are sent and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from colorizer.engine.errors import HintError
from colorizer.engine.hints import MAX_HINTS, Hint
from colorizer.errors import GuidanceError
from colorizer.guiding import (
    COLOR,
    Guide,
    check_reference_moment,
    hints_from_json,
    reference_from_base64,
)
from gallery.api.parsers import parse_json
from gallery.models import Photo
from jobs import texts

OF_REFERENCES: Final = ("gray_reference", "unreadable_picture")


class HintSerializer(serializers.Serializer[Any]):
    """A color that somebody wants at a place. Of the color its chroma counts: the photo keeps its luma."""

    x = serializers.FloatField(
        min_value=0, help_text="Pixels of the upright original, from its left edge."
    )
    y = serializers.FloatField(
        min_value=0, help_text="Pixels of the upright original, from its upper edge."
    )
    color = serializers.RegexField(f"^{COLOR.pattern}$", help_text="Such as `#a03020`.")
    radius = serializers.FloatField(
        min_value=0, help_text="Pixels of the upright original, more than 0."
    )
    seconds = serializers.FloatField(
        min_value=0,
        required=False,
        help_text="Of a film, and of nothing else: the moment of the frame, from the beginning.",
    )


@extend_schema_field(serializers.ListField(child=HintSerializer(), max_length=MAX_HINTS))
class HintsField(serializers.JSONField):
    """In a form they are JSON in a text."""

    def to_internal_value(self, data: Any) -> tuple[Hint, ...]:  # type: ignore[override]
        photo: Photo = self.context["photo"]
        value = parse_json(data.encode()) if getattr(data, "is_json_string", False) else data
        try:
            return hints_from_json(value, photo.width, photo.height, photo.film_seconds)
        except HintError as error:
            raise serializers.ValidationError(texts.shown(error.text, error.params)) from error


class GuideSerializer(serializers.Serializer[Any]):
    """What becomes a `guide`, for the `photo` of the context."""

    hints = HintsField(
        required=False,
        help_text=f"Up to {MAX_HINTS} colors that are wanted at places; in films, followed through their scene.",
    )
    reference = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Of another photo, whose colors are taken: as `photos/{id}/hints/reference/` gives it.",
    )
    reference_seconds = serializers.FloatField(
        min_value=0,
        required=False,
        allow_null=True,
        help_text="Of a film, and of nothing else: only the scene at this moment takes the colors of the reference.",
    )

    def validate_reference(self, text: str) -> bytes:
        try:
            return reference_from_base64(text)
        except HintError as error:
            raise serializers.ValidationError(texts.shown(error.text, error.params)) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        photo: Photo = self.context["photo"]
        guide = Guide(
            attrs.pop("hints", ()),
            attrs.pop("reference", b""),
            attrs.pop("reference_seconds", None),
        )
        with told_of_field("reference_seconds"):
            check_reference_moment(guide.reference_seconds, guide.reference, photo.film_seconds)
        return {**attrs, "guide": guide}


@contextmanager
def told_of_field(name: str) -> Iterator[None]:
    """What is wrong is said of this field."""
    try:
        yield
    except HintError as error:
        detail = texts.shown(error.text, error.params)
        raise serializers.ValidationError({name: [detail]}) from error


@contextmanager
def refused_as_reference() -> Iterator[None]:
    """What is wrong with a reference is named as that field, as what is wrong with hints is as theirs."""
    try:
        yield
    except GuidanceError as error:
        if error.code not in OF_REFERENCES:
            raise
        detail = ErrorDetail(error.message, error.code)
        raise serializers.ValidationError({"reference": [detail]}) from error
