"""How the API shows what is in the trash."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from colorizer.models import Colorization
from gallery.models import Album
from gallery.trash.contents import KEPT_FOR, KINDS, Listed
from gallery.trash.restoring import Restored

MAX_KEYS = 500


class TrashedSerializer(serializers.Serializer[Listed]):
    """A thing in the trash. Its own address takes DELETE only; its other addresses are back when it is restored."""

    kind = serializers.ChoiceField(list(KINDS), read_only=True)
    id = serializers.UUIDField(source="thing.pk", read_only=True)
    url = serializers.SerializerMethodField(help_text="DELETE deletes it for good.")
    thumbnail_url = serializers.SerializerMethodField(
        help_text="Null for an album without photos, and for a version without a result."
    )
    name = serializers.SerializerMethodField()
    photo_count = serializers.SerializerMethodField(
        help_text="How many photos come back with an album; null for other kinds."
    )
    trashed_at = serializers.DateTimeField(source="thing.trashed_at", read_only=True)
    expires_at = serializers.SerializerMethodField(help_text="Then it is deleted for good.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, listed: Listed) -> str:
        return self._address(f"api:{listed.kind}-in-trash", listed.thing.pk)

    def get_thumbnail_url(self, listed: Listed) -> str | None:
        thing = listed.thing
        if isinstance(thing, Colorization):
            name, key = "colorization", thing.result_id and thing.pk
        elif isinstance(thing, Album):
            name, key = "photo", getattr(thing, "cover_photo", None)
        else:
            name, key = "photo", thing.pk
        return self._address(f"api:{name}-in-trash-thumbnail", key) if key else None

    def _address(self, name: str, key: Any) -> str:
        return reverse(name, args=[key], request=self.context["request"])

    def get_name(self, listed: Listed) -> str:
        if isinstance(listed.thing, Colorization):
            return f"{listed.thing.source.photo}: {listed.thing}"
        return str(listed.thing)

    def get_photo_count(self, listed: Listed) -> int | None:
        return getattr(listed.thing, "photo_count", None)

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_expires_at(self, listed: Listed) -> Any:
        field = serializers.DateTimeField()
        return listed.thing.trashed_at and field.to_representation(
            listed.thing.trashed_at + KEPT_FOR
        )


class TrashSizeSerializer(serializers.Serializer[Any]):
    """What emptying the trash deletes for good."""

    albums = serializers.IntegerField(read_only=True)
    photos = serializers.IntegerField(read_only=True, help_text="Those of the albums, too.")
    colorizations = serializers.IntegerField(
        read_only=True,
        help_text="Versions of photos that are not in the trash.",
    )
    bytes = serializers.IntegerField(read_only=True)


class RestoreSerializer(serializers.Serializer[Any]):
    """What to restore, by ids. What is not in the trash (anymore) is left out."""

    all = serializers.BooleanField(default=False, help_text="Everything; no ids are needed.")
    albums = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_KEYS, default=list)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_KEYS, default=list)
    colorizations = serializers.ListField(
        child=serializers.UUIDField(), max_length=MAX_KEYS, default=list
    )


class RestoredSerializer(serializers.Serializer[Restored]):
    """What came back. An album that was public is private."""

    albums = serializers.IntegerField(
        source="album_count", read_only=True, help_text="With all that was deleted with them."
    )
    photos = serializers.IntegerField(read_only=True, help_text="Without those of the albums.")
    colorizations = serializers.IntegerField(read_only=True)
    moved_to = serializers.SerializerMethodField(
        help_text="The album of photos whose own is in the trash; null when there are none."
    )

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_moved_to(self, restored: Restored) -> str | None:
        if restored.moved_to is None:
            return None
        return reverse(
            "api:album-detail", args=[restored.moved_to.pk], request=self.context["request"]
        )
