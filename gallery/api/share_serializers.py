"""Links that their owner shares."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery import sharing
from gallery.api.album_serializers import OwnAlbumField
from gallery.api.links import AboutLink, Link
from gallery.models import Photo
from gallery.models.shares import Share
from gallery.sharing import MAX_PASSWORD


@extend_schema_field(OpenApiTypes.UUID)
class OwnPhotoField(serializers.PrimaryKeyRelatedField[Photo]):
    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.editable_by(self.context["request"].user)


class ShareFilterSerializer(serializers.Serializer[Any]):
    album = serializers.UUIDField(required=False, help_text="Only links to this album.")
    photo = serializers.UUIDField(required=False, help_text="Only links to this photo.")


class ShareSerializer(serializers.ModelSerializer[Share]):
    """A link to an album or a photo. Whoever has `link` sees it without an account."""

    url = Link("api:share-detail")
    link = Link(
        "shared:share",
        lookup_field="token",
        help_text="For visitors. A secret: it is all that they need.",
    )
    shared_url = Link(
        "api:shared",
        lookup_field="token",
        help_text="The same for programs, which need no token of yours.",
    )
    album_url = AboutLink("api:album-detail", "album")
    photo_url = AboutLink("api:photo-detail", "photo")
    album = OwnAlbumField(
        required=False, allow_null=True, help_text="Name it or a photo. It stays what it is."
    )
    photo = OwnPhotoField(required=False, allow_null=True)
    password = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=MAX_PASSWORD,
        help_text="That visitors have to send; blank takes it away.",
    )
    has_password = serializers.BooleanField(read_only=True)

    class Meta:
        model = Share
        fields = [
            "id",
            "url",
            "link",
            "shared_url",
            "album_url",
            "photo_url",
            "album",
            "photo",
            "title",
            "message",
            "shows_originals",
            "shows_details",
            "allows_downloads",
            "password",
            "has_password",
            "expires_at",
            "is_expired",
            "view_count",
            "created_at",
        ]
        read_only_fields = ["is_expired", "view_count", "created_at"]

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        try:
            return sharing.check_end(moment)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message, error.code) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in ("album", "photo") if attrs.get(name)]
        if self.instance and any(attrs[name] != getattr(self.instance, name) for name in named):
            raise serializers.ValidationError(
                {named[0]: _("A link stays what it is of: make another one.")}
            )
        if not self.instance and len(named) != 1:
            raise serializers.ValidationError(_("Name an album or a photo."), "required")
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Share:
        album, photo = validated_data.pop("album", None), validated_data.pop("photo", None)
        owner = self.context["request"].user
        return sharing.create(owner, album or photo, **validated_data)

    def update(self, instance: Share, validated_data: dict[str, Any]) -> Share:
        for name in ("album", "photo"):
            validated_data.pop(name, None)
        sharing.change(instance, **validated_data)
        return instance
