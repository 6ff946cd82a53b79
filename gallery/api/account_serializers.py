"""How the API shows what belongs to the account itself: its API keys, and what its storage is filled with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts import api_keys
from accounts.models import ApiKey
from gallery import storage
from gallery.api.links import Link
from gallery.models import Album

LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=90)
A_YEAR: Final = _("A key expires within a year, or never (null).")
PAST: Final = _("This moment has passed.")


class ApiKeySerializer(serializers.ModelSerializer[ApiKey]):
    """A key, without what a program sends: that is shown once, when it is made."""

    url = Link("api:key-detail")

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "url",
            "name",
            "scope",
            "prefix",
            "created_at",
            "expires_at",
            "last_used_at",
        ]
        read_only_fields = ["prefix", "created_at", "last_used_at"]


class NewApiKeySerializer(ApiKeySerializer):
    """A key that is made. Keep `key`: it is not to be had again."""

    key = serializers.CharField(read_only=True)
    expires_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        help_text="Within a year; null is never. Without it: in 90 days.",
    )

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "key"]

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        if moment and moment <= timezone.now():
            raise serializers.ValidationError(PAST, "min_value")
        if moment and moment > timezone.now() + LONGEST:
            raise serializers.ValidationError(A_YEAR, "max_value")
        return moment

    def create(self, validated_data: dict[str, Any]) -> ApiKey:
        record, key = api_keys.create(
            self.context["request"].user,
            validated_data["name"],
            validated_data.get("scope", ApiKey.Scope.READ),
            validated_data.get("expires_at", timezone.now() + USUAL),
        )
        record.key = key  # type: ignore[attr-defined]  # of this response only
        return record


class StorageKindSerializer(serializers.Serializer[storage.Kind]):
    name = serializers.ChoiceField(storage.NAMES, read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a field
    bytes = serializers.IntegerField(read_only=True)


class LargeAlbumSerializer(serializers.ModelSerializer[Album]):
    url = Link("api:album-detail")
    bytes_of_originals = serializers.IntegerField(read_only=True)

    class Meta:
        model = Album
        fields = ["id", "url", "title", "bytes_of_originals"]
        read_only_fields = fields


class StorageSerializer(serializers.Serializer[storage.Overview]):
    """How much is kept for you, and where to make room."""

    bytes_used = serializers.IntegerField(read_only=True, help_text="Zip files do not count.")
    bytes_reserved = serializers.IntegerField(
        read_only=True, help_text="What is yet to come of your uploads."
    )
    quota_bytes = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null is without a limit."
    )
    bytes_free = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null is without a limit."
    )
    trash_bytes = serializers.IntegerField(
        read_only=True, help_text="What emptying the trash gives back."
    )
    kinds = StorageKindSerializer(many=True, read_only=True)
    albums = LargeAlbumSerializer(many=True, read_only=True, help_text="The largest.")
