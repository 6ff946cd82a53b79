"""The API's representations; every link is an absolute address."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
)
from colorizer.errors import ErrorCode
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import Upload
from filestore.uploads import reserved_for
from gallery import arranging, dates, details, labels, queries, services, uploads
from gallery.models import Album, Archive, ArchivePart, Notice, Photo, Section
from jobs.errors import ErrorCode as JobErrorCode
from jobs.models import Job
from jobs.wait_estimates import wait_of

JOB_ERRORS: Final = JobErrorCode.choices
COLORIZATION_ERRORS: Final = [*ErrorCode.choices, *JOB_ERRORS]

MAX_LOOKUPS: Final = 500

Record = TypeVar("Record", Colorization, Archive)


class Link(serializers.HyperlinkedIdentityField):
    """An absolute address built from the object's id."""


class PhotoLink(Link):
    """From a colorization to the photo that it was made of."""

    def get_url(
        self,
        obj: Any,
        view_name: str,
        request: Request,
        format: str | None,  # noqa: A002  (REST framework's name)
    ) -> str | None:
        return super().get_url(obj.source.photo, view_name, request, format)


class ResultLink(Link):
    """Null until the job has succeeded."""

    def __init__(self, view_name: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)

    def get_url(
        self,
        obj: Any,
        view_name: str,
        request: Request,
        format: str | None,  # noqa: A002  (REST framework's name)
    ) -> str | None:
        if obj.job.state != Job.State.SUCCEEDED:
            return None
        return super().get_url(obj, view_name, request, format)


class UserSerializer(serializers.ModelSerializer[User]):
    bytes_used = serializers.SerializerMethodField(help_text="Of all that is kept for you.")
    bytes_reserved = serializers.SerializerMethodField(
        help_text="What is yet to come of your uploads; it takes room, too."
    )
    quota_bytes = serializers.SerializerMethodField(
        help_text="How many bytes may be kept for you; null is without a limit."
    )

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
            "deletion_due_at",
        ]

    def get_bytes_used(self, user: User) -> int:
        return filestore.usage_of(user)

    def get_bytes_reserved(self, user: User) -> int:
        return reserved_for(user)

    def get_quota_bytes(self, user: User) -> int | None:
        return filestore.quota_of(user)


@extend_schema_field(OpenApiTypes.UUID)
class CoverField(serializers.PrimaryKeyRelatedField[Photo]):
    """A photo of the album itself."""

    def get_queryset(self) -> QuerySet[Photo]:
        own = Photo.objects.editable_by(self.context["request"].user)
        album = cast("serializers.ModelSerializer[Album]", self.parent).instance
        return own.filter(album=album) if isinstance(album, Album) else own.none()


class AlbumSerializer(serializers.ModelSerializer[Album]):
    url = Link("api:album-detail")
    photos_url = Link("api:album-photos")
    sections_url = Link("api:album-sections")
    cover = CoverField(
        required=False,
        allow_null=True,
        help_text="One of its photos; null is the newest in color.",
    )
    web_url = Link("gallery:album")

    class Meta:
        model = Album
        fields = [
            "id",
            "url",
            "photos_url",
            "sections_url",
            "web_url",
            "title",
            "description",
            "photo_order",
            "cover",
            "visibility",
            "shows_details",
            "published_at",
            "created_at",
            "is_hidden",
            "hidden_reason",
        ]

    def create(self, validated_data: dict[str, Any]) -> Album:
        visibility = validated_data.pop("visibility", None)
        order = validated_data.pop("photo_order", None)
        album = services.create_album(self.context["request"].user, **validated_data)
        if order:
            services.edit_album(album, photo_order=order)
        self._set_visibility(album, visibility)
        return album

    def update(self, instance: Album, validated_data: dict[str, Any]) -> Album:
        visibility = validated_data.pop("visibility", None)
        if validated_data:
            services.edit_album(instance, **validated_data)
        self._set_visibility(instance, visibility)
        return instance

    def _set_visibility(self, album: Album, visibility: str | None) -> None:
        if visibility == Album.Visibility.PUBLIC:
            services.publish(album)
        elif visibility == Album.Visibility.PRIVATE:
            services.unpublish(album)


JOB_FIELDS: Final = [
    "state",
    "progress",
    "attempt",
    "error_code",
    "error_text",
    "queued_at",
    "started_at",
    "finished_at",
    "duration_seconds",
]


class JobSerializer(serializers.ModelSerializer[Record]):
    """State and progress of the job of a record."""

    state = serializers.ChoiceField(Job.State.choices, source="job.state", read_only=True)
    progress = serializers.IntegerField(
        source="job.progress", read_only=True, min_value=0, max_value=100, help_text="Percent."
    )
    attempt = serializers.IntegerField(
        source="job.attempts_made", read_only=True, help_text="0 until a worker starts it."
    )
    error_code = serializers.ChoiceField(
        JOB_ERRORS,
        source="job.error_code",
        read_only=True,
        allow_blank=True,
        help_text="Blank unless it failed.",
    )
    error_text = serializers.CharField(source="job.error_message", read_only=True)
    queued_at = serializers.DateTimeField(source="job.queued_at", read_only=True)
    started_at = serializers.DateTimeField(source="job.started_at", read_only=True, allow_null=True)
    finished_at = serializers.DateTimeField(
        source="job.finished_at", read_only=True, allow_null=True
    )
    duration_seconds = serializers.SerializerMethodField(
        help_text="From start to end of the last attempt."
    )

    def get_duration_seconds(self, record: Record) -> float | None:
        duration = record.job.duration
        return duration.total_seconds() if duration else None


class ColorizationSerializer(JobSerializer[Colorization]):
    """A version of a photo: the options, the job and the result."""

    url = Link("api:colorization-detail")
    image_url = ResultLink("api:colorization-image")
    preview_url = ResultLink("api:colorization-preview")
    thumbnail_url = ResultLink("api:colorization-thumbnail")
    photo_url = PhotoLink("api:photo-detail")
    web_url = Link("gallery:colorization")
    error_code = serializers.ChoiceField(
        COLORIZATION_ERRORS,
        source="job.error_code",
        read_only=True,
        allow_blank=True,
        help_text="Blank unless it failed.",
    )
    result_bytes = serializers.IntegerField(source="result.bytes", read_only=True, allow_null=True)

    class Meta:
        model = Colorization
        fields = [
            "id",
            "url",
            "image_url",
            "preview_url",
            "thumbnail_url",
            "photo_url",
            "web_url",
            "created_at",
            "variant",
            "render_factor",
            *JOB_FIELDS,
            "used_render_factor",
            "weights_name",
            "weights_sha256",
            "result_bytes",
        ]
        read_only_fields = fields


class AboutLink(Link):
    """To the record that `field` refers to; null where there is none."""

    def __init__(self, view_name: str, field: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)
        self._field = field

    def get_url(
        self,
        obj: Any,
        view_name: str,
        request: Request,
        format: str | None,  # noqa: A002  (REST framework's name)
    ) -> str | None:
        about = getattr(obj, self._field)
        return super().get_url(about, view_name, request, format) if about else None


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


class ArchiveSerializer(JobSerializer[Archive]):
    """Zip files of an album, of selected photos or of everything, and the job that makes them."""

    url = Link("api:archive-detail")
    album_url = AboutLink("api:album-detail", "album")
    file_url = ResultLink("api:archive-file")
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


@extend_schema_field(OpenApiTypes.UUID)
class OwnAlbumField(serializers.PrimaryKeyRelatedField[Album]):
    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.editable_by(self.context["request"].user)


class WaitingColorizationSerializer(ColorizationSerializer):
    """With its place in the queue, which takes queries: for single records only."""

    jobs_ahead = serializers.SerializerMethodField(help_text="Null unless it is queued.")
    estimated_wait_seconds = serializers.SerializerMethodField(
        help_text="Null unless it is queued, or when nothing is known yet."
    )

    class Meta(ColorizationSerializer.Meta):
        fields = [*ColorizationSerializer.Meta.fields, "jobs_ahead", "estimated_wait_seconds"]
        read_only_fields = fields

    def to_representation(self, instance: Colorization) -> dict[str, Any]:
        self._wait = wait_of(instance.job)
        return super().to_representation(instance)

    def get_jobs_ahead(self, colorization: Colorization) -> int | None:
        return self._wait.jobs_ahead if self._wait else None

    def get_estimated_wait_seconds(self, colorization: Colorization) -> int | None:
        return self._wait.seconds if self._wait else None


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
        max_length=500,
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
    album_url = AboutLink("api:album-detail", "album")
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


class CancelAllSerializer(serializers.Serializer[Any]):
    album = OwnAlbumField(required=False, write_only=True, help_text="Without it: all albums.")
    cancelled = serializers.IntegerField(read_only=True)


class DateTakenField(serializers.CharField):
    def get_attribute(self, instance: Photo) -> dates.TakenDate | None:  # type: ignore[override]
        return dates.of_photo(instance)

    def to_representation(self, value: dates.TakenDate) -> str:  # type: ignore[override]
        return dates.edtf(value)

    def to_internal_value(self, data: Any) -> dates.TakenDate | None:  # type: ignore[override]
        return dates.parse(super().to_internal_value(data))


class NamesField(serializers.ListField):
    child = serializers.CharField()

    def to_representation(self, data: Any) -> list[str]:
        return labels.names_of(data.all())

    def to_internal_value(self, data: Any) -> list[str]:
        return labels.clean(super().to_internal_value(data))


# What is blank for others, unless the album shows details.
DETAILS_HIDDEN: Final[dict[str, Any]] = {
    "title": "",
    "caption": "",
    "date_taken": None,
    "date_taken_text": "",
    "place": "",
    "people": [],
    "tags": [],
}


PHOTO_COLUMNS: Final = ("title", "caption", "place", "is_favorite")
"""Those that their owner changes as they are."""


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    url = Link("api:photo-detail")
    original_url = Link("api:photo-original")
    display_url = Link("api:photo-display")
    thumbnail_url = Link("api:photo-thumbnail")
    colorizations_url = Link("api:photo-colorizations")
    album_url = Link("api:album-detail", lookup_field="album_id", lookup_url_kwarg="pk")
    web_url = Link("gallery:photo")
    bytes = serializers.IntegerField(source="original.bytes", read_only=True)
    sha256 = serializers.CharField(source="original.sha256", read_only=True)
    colorizations = ColorizationSerializer(many=True, read_only=True)
    name = serializers.SerializerMethodField(
        help_text="What to call it: the title, or what the file's name says."
    )
    original_name = serializers.SerializerMethodField(help_text="Blank for others.")
    date_taken = DateTakenField(
        required=False,
        allow_null=True,
        allow_blank=True,
        help_text="EDTF (ISO 8601-2): 1932-05-12, 1932-05, 1932, 1932~, 193X or 1914/1918. "
        "Words like “about 1932” are understood, too.",
    )
    date_taken_text = serializers.SerializerMethodField(help_text="The same for people.")
    people = NamesField(required=False, help_text="Names of those who are in it.")
    tags = NamesField(required=False)

    class Meta:
        model = Photo
        fields = [
            "id",
            "url",
            "original_url",
            "display_url",
            "thumbnail_url",
            "colorizations_url",
            "album_url",
            "web_url",
            "name",
            "original_name",
            *DETAILS_HIDDEN,
            "format",
            "width",
            "height",
            "flaw",
            "bytes",
            "sha256",
            "created_at",
            "section",
            "is_favorite",
            "is_hidden",
            "hidden_reason",
            "colorizations",
        ]
        read_only_fields = [name for name in fields if name not in PHOTO_COLUMNS]

    def get_name(self, photo: Photo) -> str:
        return photo.name_for(self.context["request"].user)

    def get_original_name(self, photo: Photo) -> str:
        return photo.original_name if photo.is_known_to(self.context["request"].user) else ""

    def get_date_taken_text(self, photo: Photo) -> str:
        taken = dates.of_photo(photo)
        return dates.words(taken) if taken else ""

    def to_representation(self, instance: Photo) -> dict[str, Any]:
        shown = super().to_representation(instance)
        viewer = self.context["request"].user
        if not instance.is_known_to(viewer):
            shown["is_favorite"] = False
        return shown if instance.shows_details_to(viewer) else shown | DETAILS_HIDDEN

    def update(self, instance: Photo, validated_data: dict[str, Any]) -> Photo:
        fields: dict[str, Any] = {
            name: validated_data[name] for name in PHOTO_COLUMNS if name in validated_data
        }
        if "date_taken" in validated_data:
            fields |= dates.fields_of(validated_data["date_taken"] or None)
        names = (validated_data.get("people"), validated_data.get("tags"))
        details.edit_photo(instance, fields, *names)
        return instance


class UploadSerializer(serializers.Serializer[Any]):
    # An empty file is let through so that its validation refuses it with a code of its own.
    image = serializers.FileField(allow_empty_file=True)
    album = OwnAlbumField(required=False, help_text="Without it: your album “My photos”.")


class ColorizationRequestSerializer(serializers.Serializer[Any]):
    variant = serializers.ChoiceField(Colorization.Variant.choices, default=DEFAULT_VARIANT)
    render_factor = serializers.IntegerField(
        min_value=MIN_RENDER_FACTOR, max_value=MAX_RENDER_FACTOR, default=DEFAULT_RENDER_FACTOR
    )


class ColorizeSerializer(UploadSerializer, ColorizationRequestSerializer):
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
        photos = queries.with_colorizations(uploads.photos_of(upload), upload.owner)
        return list(PhotoSerializer(photos, many=True, context=self.context).data)


class PhotoLookupSerializer(serializers.Serializer[Any]):
    sha256 = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-fA-F]{64}$"), min_length=1, max_length=MAX_LOOKUPS
    )


class AlbumNameSerializer(serializers.ModelSerializer[Album]):
    class Meta:
        model = Album
        fields = ["id", "title"]
        read_only_fields = fields


class FoundPhotoSerializer(serializers.ModelSerializer[Photo]):
    """A photo whose original has this checksum."""

    sha256 = serializers.CharField(source="original.sha256", read_only=True)
    photo_url = Link("api:photo-detail")
    web_url = Link("gallery:photo")
    album = AlbumNameSerializer(read_only=True)

    class Meta:
        model = Photo
        fields = ["sha256", "photo_url", "web_url", "album"]
        read_only_fields = fields


class SectionSerializer(serializers.ModelSerializer[Section]):
    url = Link("api:section-detail")
    album_url = Link("api:album-detail", lookup_field="album_id", lookup_url_kwarg="pk")
    position = serializers.IntegerField(
        required=False, min_value=0, help_text="Among the sections of the album, from 0."
    )

    class Meta:
        model = Section
        fields = ["id", "url", "album_url", "title", "position"]

    def create(self, validated_data: dict[str, Any]) -> Section:
        section = arranging.add_section(validated_data["album"], validated_data["title"])
        return self._placed(section, validated_data)

    def update(self, instance: Section, validated_data: dict[str, Any]) -> Section:
        if "title" in validated_data:
            arranging.rename_section(instance, validated_data["title"])
        return self._placed(instance, validated_data)

    def _placed(self, section: Section, validated_data: dict[str, Any]) -> Section:
        if "position" in validated_data:
            arranging.place_section(section, validated_data["position"])
        return section


@extend_schema_field(OpenApiTypes.UUID)
class OwnPhotoField(serializers.PrimaryKeyRelatedField[Photo]):
    def get_queryset(self) -> QuerySet[Photo]:
        own = Photo.objects.editable_by(self.context["request"].user)
        return own.select_related("album", "original__owner")


@extend_schema_field(OpenApiTypes.UUID)
class OwnSectionField(serializers.PrimaryKeyRelatedField[Section]):
    def get_queryset(self) -> QuerySet[Section]:
        albums = Album.objects.editable_by(self.context["request"].user)
        return Section.objects.filter(album__in=albums)


class PhotosToAlbumSerializer(serializers.Serializer[Any]):
    """Photos that are moved or copied: into an album of yours, and into one of its sections."""

    photos = serializers.ListField(
        child=OwnPhotoField(), min_length=1, max_length=100, write_only=True
    )
    album = OwnAlbumField(write_only=True)
    number = serializers.IntegerField(read_only=True, help_text="Of photos that came there.")


class PhotosToSectionSerializer(PhotosToAlbumSerializer):
    section = OwnSectionField(required=False, allow_null=True, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        section = attrs.get("section")
        if section and section.album_id != attrs["album"].pk:
            raise serializers.ValidationError({"section": "It is in another album."})
        return attrs
