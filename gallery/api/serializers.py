"""The API's representations of people, archives, notices and uploads; every link is an absolute address."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from colorizer.engine.variants import (
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
)
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import Upload
from filestore.uploads import reserved_for
from gallery import queries, uploads
from gallery.api.album_serializers import OwnAlbumField
from gallery.api.colorization_serializers import ColorizationOptionsSerializer
from gallery.api.job_state_serializers import JOB_FIELDS, JobStateSerializer
from gallery.api.links import AboutLink, JobLink, Link, ResultLink
from gallery.api.photo_serializers import PhotoSerializer
from gallery.models import Archive, ArchivePart, Notice

MAX_ARCHIVED: Final = 500


class UserSerializer(serializers.ModelSerializer[User]):
    bytes_used = serializers.SerializerMethodField(help_text="Of all that is kept for you.")
    bytes_reserved = serializers.SerializerMethodField(
        help_text="What is yet to come of your uploads; it takes room, too."
    )
    quota_bytes = serializers.SerializerMethodField(
        help_text="How many bytes may be kept for you; null is without a limit."
    )

    unread_notices = serializers.SerializerMethodField(help_text="How many you have not read.")
    language = serializers.ChoiceField(
        choices=[("", "Like the browser"), *settings.LANGUAGES],
        required=False,
        help_text="Of pages and messages; empty is as the browser asks.",
    )

    class Meta:
        model = User
        read_only_fields = ["email", "date_joined"]
        fields = [
            "id",
            "email",
            "name",
            "language",
            "theme",
            "mail_when_done",
            "date_joined",
            "bytes_used",
            "bytes_reserved",
            "quota_bytes",
            "unread_notices",
            "deletion_due_at",
        ]

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        """Only what is changed: staff may suspend the account at the same time."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save(update_fields=list(validated_data))
        return instance

    def get_unread_notices(self, user: User) -> int:
        return Notice.objects.editable_by(user).unread().count()

    def get_bytes_used(self, user: User) -> int:
        return filestore.usage_of(user)

    def get_bytes_reserved(self, user: User) -> int:
        return reserved_for(user)

    def get_quota_bytes(self, user: User) -> int | None:
        return filestore.quota_of(user)


class ArchivePartSerializer(serializers.ModelSerializer[ArchivePart]):
    """One of its zip files."""

    bytes = serializers.IntegerField(source="file.bytes", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = ArchivePart
        fields = ["number", "bytes", "url"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, part: ArchivePart) -> str:
        file = reverse("api:archive-file", args=[part.archive_id], query={"part": part.number})
        address: str = self.context["request"].build_absolute_uri(file)
        return address


class ArchiveSerializer(JobStateSerializer, serializers.ModelSerializer[Archive]):
    """Zip files of an album, of selected photos or of everything, and the job that makes them."""

    url = Link("api:archive-detail")
    album_url = AboutLink("api:album-detail", "album")
    file_url = ResultLink("api:archive-file")
    job_url = JobLink("api:job-detail")
    web_url = Link("gallery:archive")
    bytes = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of all parts; null until they are made."
    )
    parts = ArchivePartSerializer(
        many=True,
        read_only=True,
        help_text="Large ones come in several zip files. file_url is the first.",
    )

    class Meta:
        model = Archive
        fields = [
            "id",
            "url",
            "album_url",
            "file_url",
            "job_url",
            "web_url",
            "created_at",
            "content",
            "title",
            "photo_count",
            "holds",
            "with_details",
            *JOB_FIELDS,
            "expires_at",
            "bytes",
            "parts",
        ]
        read_only_fields = fields
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "photo_count": {"help_text": "Of selected photos; 0 of an album and of everything."}
        }


class ArchiveChoicesSerializer(serializers.Serializer[Any]):
    """What the zip file of an album holds."""

    holds = serializers.ChoiceField(Archive.Holds.choices, default=Archive.Holds.BOTH)
    with_details = serializers.BooleanField(
        default=False, help_text="Write titles, dates, places and names into the files."
    )


class ArchiveRequestSerializer(ArchiveChoicesSerializer):
    """What to make a zip file of: some of your photos, or everything that is kept for you."""

    content = serializers.ChoiceField(
        [Archive.Content.SELECTION.value, Archive.Content.EVERYTHING.value],
        default=Archive.Content.SELECTION.value,
    )
    photos = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MAX_ARCHIVED,
        help_text="Of a selection; those that are not there or not yours are left out.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["content"] == Archive.Content.SELECTION and not attrs.get("photos"):
            raise serializers.ValidationError({"photos": _("Name at least one photo.")}, "required")
        return attrs


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """What is done. Its text is in the language of the request; programs go by kind and numbers."""

    text = serializers.CharField(read_only=True)
    web_url = Link("gallery:notice")
    album_url = AboutLink("api:album-detail", "kept_album")
    archive_url = AboutLink("api:archive-detail", "archive")

    class Meta:
        model = Notice
        fields = [
            "id",
            "kind",
            "text",
            "succeeded",
            "failed",
            "title",
            "album_url",
            "archive_url",
            "web_url",
            "created_at",
            "read_at",
        ]
        read_only_fields = fields


class NoticesReadSerializer(serializers.Serializer[Any]):
    notices = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        write_only=True,
        help_text="Without it: all of yours.",
    )
    unread = serializers.IntegerField(read_only=True, help_text="How many are left.")


class UploadSerializer(serializers.Serializer[Any]):
    # An empty file is let through so that its validation refuses it with a code of its own.
    image = serializers.FileField(allow_empty_file=True)
    album = OwnAlbumField(required=False, help_text="Without it: your album “My photos”.")


class ColorizeSerializer(UploadSerializer, ColorizationOptionsSerializer):
    """A photo and what to do with it, in one request."""


class UploadMetadataSerializer(serializers.Serializer[Any]):
    """What the site heeds of an upload's metadata. All of it are texts."""

    filename = serializers.CharField(required=False, allow_blank=True)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$", required=False)
    album = serializers.UUIDField(required=False)
    variant = serializers.ChoiceField(Colorization.Variant.choices, required=False)
    render_factor = serializers.IntegerField(
        min_value=MIN_RENDER_FACTOR, max_value=MAX_RENDER_FACTOR, required=False
    )

    def validate_render_factor(self, factor: int) -> int:
        """As text it is kept, and read again when all has come: 35.0 is a whole number to REST framework only."""
        if self.initial_data["render_factor"] != str(factor):
            self.fields["render_factor"].fail("invalid")
        return factor


class UploadDetailSerializer(serializers.ModelSerializer[Upload]):
    """A file that is sent in parts."""

    url = Link("api:upload-detail")
    photos_url = Link("api:upload-photos")
    filename = serializers.CharField(source="metadata.filename", default="", read_only=True)
    batch = serializers.CharField(source="metadata.batch", default="", read_only=True)
    error_code = serializers.CharField(
        source="refusal.code", default="", read_only=True, help_text="Blank unless it was refused."
    )
    error_text = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField(help_text="What became of it.")

    class Meta:
        model = Upload
        fields = [
            "id",
            "url",
            "photos_url",
            "state",
            "length",
            "offset",
            "filename",
            "batch",
            "created_at",
            "expires_at",
            "error_code",
            "error_text",
            "photos",
        ]
        read_only_fields = fields

    def get_error_text(self, upload: Upload) -> str:
        return uploads.refusal_of(upload.refusal).message if upload.refusal else ""

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, upload: Upload) -> list[dict[str, Any]]:
        if upload.state != Upload.State.USED:
            return []
        photos = uploads.photos_of(upload).select_related("original", "album")
        queries.add_few_colorizations(photos, upload.owner)
        return list(PhotoSerializer(photos, many=True, context=self.context).data)
