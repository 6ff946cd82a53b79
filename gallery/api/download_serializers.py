"""Versions as somebody downloads them: another format or size, both pictures in one, a short film."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from gallery.api.job_state_serializers import (
    COLORIZATION_ERRORS,
    JOB_FIELDS,
    ErrorCodeField,
    JobStateSerializer,
)
from gallery.api.links import AboutLink, JobLink, Link, ResultLink
from gallery.models import Download


class DownloadWishSerializer(serializers.Serializer[Any]):
    """What to make of a version."""

    form = serializers.ChoiceField(
        Download.Form.choices,
        help_text="A format (TIFF and PNG have 16 bits where the photo has), `joined`: before and after "
        "in one JPEG, or `clip`: a film of 3 seconds in MP4. These two have 2048 and 1080 pixels at most.",
    )
    side = serializers.ChoiceField(
        Download.Side.choices,
        default=Download.Side.FULL,
        help_text="The longer one at most; 0 is full size.",
    )
    has_mark = serializers.BooleanField(
        default=False, help_text="Draw a small mark into a corner; not into a film."
    )


class DownloadSerializer(JobStateSerializer, serializers.ModelSerializer[Download]):
    """A file to download, and the job that makes it. It is kept for a day."""

    url = Link("api:download-detail")
    file_url = ResultLink("api:download-file")
    colorization_url = AboutLink("api:colorization-detail", "colorization")
    job_url = JobLink("api:job-detail")
    web_url = Link("gallery:download")
    error_code = ErrorCodeField(COLORIZATION_ERRORS)
    bytes = serializers.IntegerField(source="file.bytes", read_only=True, allow_null=True)

    class Meta:
        model = Download
        fields = [
            "id",
            "url",
            "file_url",
            "colorization_url",
            "job_url",
            "web_url",
            "created_at",
            "form",
            "side",
            "has_mark",
            *JOB_FIELDS,
            "expires_at",
            "bytes",
        ]
        read_only_fields = fields
