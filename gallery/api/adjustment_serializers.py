"""How a version is adjusted, and how far its files are with that."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from colorizer.adjusting import adjustments_of
from colorizer.engine.adjustments import (
    MAX_GAMMA,
    MAX_POINTS,
    MAX_RADIUS,
    MAX_STROKES,
    MIN_GAMMA,
    MIN_RADIUS,
    MOST,
    UNIT,
    Adjustments,
    AdjustmentsError,
    from_json,
)
from colorizer.models import Colorization
from gallery.api.job_state_serializers import COLORIZATION_ERRORS, ErrorCodeField
from gallery.api.links import Link
from jobs import texts
from jobs.models import Job


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "enum": ["auto"]},
            {
                "type": "object",
                "properties": {
                    "black": {"type": "integer", "minimum": 0, "maximum": 255},
                    "white": {"type": "integer", "minimum": 0, "maximum": 255},
                    "gamma": {"type": "integer", "minimum": MIN_GAMMA, "maximum": MAX_GAMMA},
                },
                "additionalProperties": False,
            },
        ]
    }
)
class LevelsField(serializers.JSONField):
    """Checked with the rest."""


class StrokeSerializer(serializers.Serializer[Any]):
    """A stroke of the brush that leaves a region gray, or takes that back. Its edge is soft."""

    points = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=UNIT), min_length=2, max_length=2
        ),
        min_length=1,
        max_length=MAX_POINTS,
        help_text="x and y of the line's corners, in ten-thousandths of width and height.",
    )
    radius = serializers.IntegerField(
        min_value=MIN_RADIUS,
        max_value=MAX_RADIUS,
        help_text="In ten-thousandths of the longer side.",
    )
    erases = serializers.BooleanField(default=False)


def _slider(text: str) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=-MOST, max_value=MOST, default=0, help_text=text)


class AdjustmentsSerializer(serializers.Serializer[Any]):
    """What may be changed of a colored version. What is not sent is not adjusted; nothing at all resets it."""

    intensity = _slider("-100 is gray, 100 twice the color.")
    saturation = _slider("Above 0 lifts pale colors, below 0 calms vivid ones.")
    warmth = _slider("Toward orange; below 0 toward blue.")
    tint = _slider("Toward magenta; below 0 toward green.")
    levels = LevelsField(
        default=None,
        allow_null=True,
        help_text="Restores a faded print; null leaves the luma alone.",
    )
    gray = StrokeSerializer(  # type: ignore[call-arg]  # of its list
        many=True, default=list, max_length=MAX_STROKES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"adjustments": from_json(attrs)}
        except AdjustmentsError as error:
            raise serializers.ValidationError(texts.shown(error.text, error.params)) from error

    def to_representation(self, instance: Adjustments) -> dict[str, Any]:
        return instance.as_json()


class AdjustingJobLink(Link):
    def target(self, obj: Any) -> Any:
        return obj.adjusted.job if obj.adjusted else None


class VersionAdjustmentsSerializer(serializers.Serializer[Colorization]):
    """The adjustments that were saved last, and the job that brings them into the files."""

    adjustments = serializers.SerializerMethodField()
    state = serializers.ChoiceField(
        Job.State.choices,
        source="adjustment.job.state",
        read_only=True,
        allow_null=True,
        help_text="Of the job: `succeeded` when the files have them. Null where nothing is adjusted.",
    )
    progress = serializers.IntegerField(
        source="adjustment.job.progress", read_only=True, allow_null=True
    )
    error_code = ErrorCodeField(COLORIZATION_ERRORS, "adjustment.job.error_code")
    error_text = serializers.CharField(source="adjustment.job.error_message", read_only=True)
    job_url = AdjustingJobLink("api:job-detail", allow_null=True)
    colorization_url = Link("api:colorization-detail")
    unadjusted_url = Link(
        "api:colorization-unadjusted", help_text="What the network made, to try adjustments on."
    )

    def to_representation(self, instance: Colorization) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown | {name: shown[name] or "" for name in ("error_code", "error_text")}

    @extend_schema_field(AdjustmentsSerializer)
    def get_adjustments(self, version: Colorization) -> dict[str, Any]:
        return adjustments_of(version).as_json()
