"""How the API shows to staff what is reported, what is hidden, and who is here."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from colorizer.models import Colorization
from gallery.api.links import Link
from gallery.models import Album, Photo
from moderation.api.decision_serializers import StaffSerializer
from moderation.models import Report

OTHER_REPORTS: Final = 50


class KeptLink(Link):
    """Null while it lies in the trash, where only its owner looks at it."""

    def __init__(self, view_name: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)

    def target(self, obj: Any) -> Any:
        return None if obj.trashed_at else obj


class ReportedColorizationSerializer(serializers.ModelSerializer[Colorization]):
    url = KeptLink("api:colorization-detail")
    preview_url = KeptLink("api:colorization-preview")
    thumbnail_url = KeptLink("api:colorization-thumbnail")

    class Meta:
        model = Colorization
        fields = ["id", "url", "preview_url", "thumbnail_url", "variant", "trashed_at"]
        read_only_fields = fields


HIDING: Final = ["is_hidden", "hidden_at", "hidden_by", "hidden_reason", "trashed_at"]


class ModeratedPhotoSerializer(serializers.ModelSerializer[Photo]):
    """A photo as staff see it."""

    url = Link("api:moderated_photo-detail")
    decisions_url = Link("api:moderated_photo-decisions")
    photo_url = KeptLink("api:photo-detail")
    display_url = KeptLink("api:photo-display")
    thumbnail_url = KeptLink("api:photo-thumbnail")
    name = serializers.CharField(source="__str__", read_only=True)
    owner = StaffSerializer(source="album.owner", read_only=True)
    hidden_by = StaffSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Photo
        fields = [
            "id",
            "url",
            "decisions_url",
            "photo_url",
            "display_url",
            "thumbnail_url",
            "name",
            "owner",
            "created_at",
            *HIDING,
        ]
        read_only_fields = fields


class ModeratedAlbumSerializer(serializers.ModelSerializer[Album]):
    """An album as staff see it."""

    url = Link("api:moderated_album-detail")
    decisions_url = Link("api:moderated_album-decisions")
    album_url = KeptLink("api:album-detail")
    owner = StaffSerializer(read_only=True)
    hidden_by = StaffSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Album
        fields = [
            "id",
            "url",
            "decisions_url",
            "album_url",
            "title",
            "visibility",
            "owner",
            "created_at",
            *HIDING,
        ]
        read_only_fields = fields


class ShortReportSerializer(serializers.ModelSerializer[Report]):
    url = Link("api:report-detail")

    class Meta:
        model = Report
        fields = ["id", "url", "reason", "details", "created_at", "outcome"]
        read_only_fields = fields


class ModeratedReportSerializer(serializers.ModelSerializer[Report]):
    """A report as staff see it, with what it is about."""

    url = Link("api:report-detail")
    decisions_url = Link("api:report-decisions")
    reporter = StaffSerializer(
        read_only=True, allow_null=True, help_text="Null is a visitor, or somebody who is gone."
    )
    resolved_by = StaffSerializer(read_only=True, allow_null=True)
    colorization = ReportedColorizationSerializer(read_only=True)
    photo = ModeratedPhotoSerializer(source="colorization.source.photo", read_only=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "url",
            "decisions_url",
            "reason",
            "details",
            "reporter",
            "created_at",
            "outcome",
            "resolved_at",
            "resolved_by",
            "colorization",
            "photo",
        ]
        read_only_fields = fields


class ReportWithOthersSerializer(ModeratedReportSerializer):
    """With the other reports about the photo."""

    other_reports = serializers.SerializerMethodField(help_text="The newest.")

    class Meta(ModeratedReportSerializer.Meta):
        fields = [*ModeratedReportSerializer.Meta.fields, "other_reports"]
        read_only_fields = fields

    @extend_schema_field(ShortReportSerializer(many=True))
    def get_other_reports(self, report: Report) -> list[dict[str, Any]]:
        same_photo = Report.objects.filter(colorization__source=report.colorization.source_id)
        others = same_photo.exclude(pk=report.pk).order_by("-created_at", "pk")[:OTHER_REPORTS]
        return list(ShortReportSerializer(others, many=True, context=self.context).data)


class MemberSerializer(serializers.ModelSerializer[User]):
    """An account as staff see it."""

    url = Link("api:member-detail")
    decisions_url = Link("api:member-decisions")
    suspended_by = StaffSerializer(read_only=True, allow_null=True)
    has_two_factor = serializers.BooleanField(read_only=True)

    class Meta:
        model = User
        fields = [
            "id",
            "url",
            "decisions_url",
            "email",
            "name",
            "date_joined",
            "last_login",
            "is_staff",
            "has_two_factor",
            "suspended_at",
            "suspended_by",
            "suspended_reason",
            "deletion_due_at",
        ]
        read_only_fields = fields
