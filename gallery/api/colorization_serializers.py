"""Versions of photos."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
)
from colorizer.guided_previews import checked_reference
from colorizer.models import HIGHEST_RATING, LOWEST_RATING, Colorization
from colorizer.services import MAX_TRIAL_SECONDS, Part, judge
from gallery.api.album_serializers import OwnAlbumField
from gallery.api.hint_serializers import GuideSerializer, HintSerializer, refused_as_reference
from gallery.api.job_state_serializers import (
    COLORIZATION_ERRORS,
    JOB_FIELDS,
    ErrorCodeField,
    JobStateSerializer,
)
from gallery.api.links import FilmLink, JobLink, Link, PhotoLink, ReferenceLink, ResultLink
from gallery.api.problems import NotSucceeded
from gallery.api.representing import NotesField
from jobs.models import Job
from jobs.wait_estimates import wait_of

OPINION: Final = ("is_kept", "rating")
FOR_OTHERS: Final[dict[str, Any]] = {
    "rating": None,
    "hints": [],
    "has_reference": False,
    "reference_url": None,
    "reference_seconds": None,
}
"""What its owner thought of it, and wanted it to be, is nobody else's affair."""


class ColorizationSerializer(JobStateSerializer, serializers.ModelSerializer[Colorization]):
    """A version of a photo: the options, the job and the result."""

    url = Link("api:colorization-detail")
    image_url = ResultLink("api:colorization-image")
    preview_url = ResultLink("api:colorization-preview")
    thumbnail_url = ResultLink("api:colorization-thumbnail")
    film_url = FilmLink("api:colorization-film")
    photo_url = PhotoLink("api:photo-detail")
    job_url = JobLink("api:job-detail")
    web_url = Link("gallery:colorization")
    adjustments_url = ResultLink("api:colorization-adjustments")
    is_adjusted = serializers.SerializerMethodField(
        help_text="Whether its owner has adjusted its colors."
    )
    hints = serializers.SerializerMethodField(
        help_text="Colors that its owner wanted at places. Empty without any, and for others."
    )
    has_reference = serializers.SerializerMethodField(
        help_text="Whether its owner had it take the colors of another photo. False for others."
    )
    reference_url = ReferenceLink("api:colorization-reference")
    reference_seconds = serializers.SerializerMethodField(
        help_text="Of a film: the moment whose scene alone has these colors. "
        "Null where all of it has them, and for others."
    )
    error_code = ErrorCodeField(COLORIZATION_ERRORS)
    seconds_left = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of a film, about; null unless it is running."
    )
    notes = NotesField(help_text="Of a film, sentences: what sound and subtitles became.")
    result_bytes = serializers.IntegerField(source="result.bytes", read_only=True, allow_null=True)
    changed_at = serializers.DateTimeField(
        source="last_change",
        read_only=True,
        help_text="When it was queued, begun or ended, copied, restored, kept or rated last.",
    )
    is_kept = serializers.BooleanField(
        help_text="The version that its owner likes best: one of a photo, which it then stands for."
    )
    rating = serializers.IntegerField(
        min_value=LOWEST_RATING,
        max_value=HIGHEST_RATING,
        allow_null=True,
        help_text="What its owner thinks of it. Null for others.",
    )

    class Meta:
        model = Colorization
        fields = [
            "id",
            "url",
            "image_url",
            "preview_url",
            "thumbnail_url",
            "film_url",
            "photo_url",
            "job_url",
            "web_url",
            "adjustments_url",
            "created_at",
            "variant",
            "render_factor",
            "start",
            "seconds",
            "frames",
            "frames_done",
            "frames_per_second",
            "seconds_left",
            "notes",
            *JOB_FIELDS,
            "used_render_factor",
            "weights_name",
            "weights_sha256",
            "result_bytes",
            "changed_at",
            "is_adjusted",
            "hints",
            "has_reference",
            "reference_url",
            "reference_seconds",
            "is_kept",
            "rating",
        ]
        read_only_fields = [name for name in fields if name not in OPINION]

    def get_is_adjusted(self, colorization: Colorization) -> bool:
        return colorization.adjusted is not None

    @extend_schema_field(HintSerializer(many=True))
    def get_hints(self, colorization: Colorization) -> list[dict[str, Any]]:
        return colorization.guided.hints if colorization.guided else []

    def get_has_reference(self, colorization: Colorization) -> bool:
        return bool(colorization.guided and colorization.guided.has_reference)

    def get_reference_seconds(self, colorization: Colorization) -> float | None:
        return colorization.guided.reference_seconds if colorization.guided else None

    def validate_is_kept(self, is_kept: bool) -> bool:
        if is_kept and self.instance and self.instance.job.state != Job.State.SUCCEEDED:
            raise NotSucceeded
        return is_kept

    def update(self, instance: Colorization, validated_data: dict[str, Any]) -> Colorization:
        judge(instance, **validated_data)
        return instance

    def to_representation(self, instance: Colorization) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if instance.owner_id == self.viewer.pk:
            return shown
        return {name: FOR_OTHERS.get(name, value) for name, value in shown.items()}


class WaitingColorizationSerializer(ColorizationSerializer):
    """With its place in the queue, which takes queries: for single records only."""

    jobs_ahead = serializers.SerializerMethodField(help_text="Null unless it is queued.")
    estimated_wait_seconds = serializers.SerializerMethodField(
        help_text="Null unless it is queued, or when nothing is known yet."
    )

    class Meta(ColorizationSerializer.Meta):
        fields = [*ColorizationSerializer.Meta.fields, "jobs_ahead", "estimated_wait_seconds"]

    def to_representation(self, instance: Colorization) -> dict[str, Any]:
        shows_wait = not {"jobs_ahead", "estimated_wait_seconds"}.isdisjoint(self.fields)
        self._wait = wait_of(instance.job) if shows_wait else None
        return super().to_representation(instance)

    def get_jobs_ahead(self, colorization: Colorization) -> int | None:
        return self._wait.jobs_ahead if self._wait else None

    def get_estimated_wait_seconds(self, colorization: Colorization) -> int | None:
        return self._wait.seconds if self._wait else None


class CancelAllSerializer(serializers.Serializer[Any]):
    album = OwnAlbumField(required=False, write_only=True, help_text="Without it: all albums.")
    cancelled = serializers.IntegerField(read_only=True)


class ColorizationOptionsSerializer(serializers.Serializer[Any]):
    variant = serializers.ChoiceField(Colorization.Variant.choices, default=DEFAULT_VARIANT)
    render_factor = serializers.IntegerField(
        min_value=MIN_RENDER_FACTOR, max_value=MAX_RENDER_FACTOR, default=DEFAULT_RENDER_FACTOR
    )


@extend_schema_serializer(component_name="ColorizationOptions")
class PhotoColorizationOptionsSerializer(GuideSerializer, ColorizationOptionsSerializer):
    """With hints and a reference. Of a film also a part, to be tried before all of it is colored."""

    start = serializers.FloatField(
        min_value=0, required=False, help_text="The second of the film that a trial begins at; 0."
    )
    seconds = serializers.FloatField(
        min_value=0,
        max_value=MAX_TRIAL_SECONDS,
        required=False,
        help_text="How long a trial is. Without it all of the film is colored.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, seconds = attrs.pop("start", None), attrs.pop("seconds", None)
        if start is not None and seconds is None:
            raise serializers.ValidationError({"seconds": _("Say how long the trial is.")})
        if seconds is not None:
            attrs["part"] = Part(start or 0.0, seconds)
        checked: dict[str, Any] = super().validate(attrs)
        with refused_as_reference():
            reference = checked_reference(checked["guide"].reference)
        return {**checked, "guide": replace(checked["guide"], reference=reference)}
