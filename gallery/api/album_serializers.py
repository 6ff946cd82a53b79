"""Albums and their sections."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject
from rest_framework.request import Request
from rest_framework.reverse import reverse

from gallery import arranging, services
from gallery.api.links import Link
from gallery.api.representing import ListedSerializer
from gallery.label_lists import Entry
from gallery.models import Album, Photo, Section


def cover_address(shown: Album | Entry, request: Request) -> str | None:
    """Of an album whose cover `gallery.queries` looked for, of a person, a tag or a place."""
    for kind in ("colorization", "photo"):
        if key := getattr(shown, f"cover_{kind}", None):
            return reverse(f"api:{kind}-thumbnail", args=[key], request=request)
    return None


@extend_schema_field(OpenApiTypes.UUID)
class CoverField(serializers.PrimaryKeyRelatedField[Photo]):
    """A photo of the album itself."""

    def get_attribute(self, instance: Album) -> PKOnlyObject | None:  # type: ignore[override]
        """None while the chosen one lies in the trash, or is hidden from whoever asks."""
        return PKOnlyObject(instance.chosen_photo)  # type: ignore[attr-defined]

    def get_queryset(self) -> QuerySet[Photo]:
        own = Photo.objects.editable_by(self.context["request"].user)
        album = cast("serializers.ModelSerializer[Album]", self.parent).instance
        return own.filter(album=album) if isinstance(album, Album) else own.none()


@extend_schema_field(OpenApiTypes.UUID)
class OwnAlbumField(serializers.PrimaryKeyRelatedField[Album]):
    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.editable_by(self.context["request"].user)


class AlbumSerializer(ListedSerializer, serializers.ModelSerializer[Album]):
    """An album, and what is counted of it."""

    url = Link("api:album-detail")
    photos_url = Link("api:album-photos")
    sections_url = Link("api:album-sections")
    cover = CoverField(
        required=False,
        allow_null=True,
        help_text="One of its photos; null is the newest in color.",
    )
    cover_thumbnail_url = serializers.SerializerMethodField(
        help_text="The result that is shown for it, or a photo while there is none; null without photos."
    )
    photo_count = serializers.IntegerField(read_only=True)
    colored_count = serializers.IntegerField(
        read_only=True, help_text="How many of them have a result."
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
            "cover_thumbnail_url",
            "photo_count",
            "colored_count",
            "visibility",
            "shows_details",
            "published_at",
            "created_at",
            "is_hidden",
            "hidden_reason",
        ]

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_cover_thumbnail_url(self, album: Album) -> str | None:
        return cover_address(album, self.context["request"])

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
class OwnSectionField(serializers.PrimaryKeyRelatedField[Section]):
    def get_queryset(self) -> QuerySet[Section]:
        albums = Album.objects.editable_by(self.context["request"].user)
        return Section.objects.filter(album__in=albums)
