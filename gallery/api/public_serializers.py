"""What everybody sees of published albums: no more than the pages show."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from colorizer.models import Colorization
from gallery.api.album_serializers import cover_address
from gallery.api.links import Link
from gallery.api.photo_serializers import DETAILS_HIDDEN, PhotoSerializer
from gallery.models import Album, Photo


class PublicAlbumSerializer(serializers.ModelSerializer[Album]):
    url = Link("api:album-public")
    photos_url = Link("api:album-public-photos")
    web_url = Link("gallery:album")
    owner_name = serializers.CharField(
        source="owner.name", read_only=True, help_text="Blank unless they have given one."
    )
    cover_thumbnail_url = serializers.SerializerMethodField(
        help_text="The result that is shown for it; null while there is none."
    )
    photo_count = serializers.IntegerField(read_only=True)
    colored_count = serializers.IntegerField(
        read_only=True, help_text="How many of them have a result."
    )

    class Meta:
        model = Album
        fields = [
            "id",
            "url",
            "photos_url",
            "web_url",
            "owner_name",
            "title",
            "description",
            "cover_thumbnail_url",
            "photo_count",
            "colored_count",
            "published_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_cover_thumbnail_url(self, album: Album) -> str | None:
        return cover_address(album, self.context["request"])


class PublicColorizationSerializer(serializers.ModelSerializer[Colorization]):
    """A result that everybody sees."""

    preview_url = Link("api:colorization-preview")
    thumbnail_url = Link("api:colorization-thumbnail")
    web_url = Link("gallery:colorization")

    class Meta:
        model = Colorization
        fields = [
            "id",
            "preview_url",
            "thumbnail_url",
            "web_url",
            "variant",
            "render_factor",
            "is_kept",
        ]
        read_only_fields = fields


class PublicPhotoSerializer(PhotoSerializer):
    """Its details are blank unless the album shows them."""

    album_url = Link("api:album-public", lookup_field="album_id", lookup_url_kwarg="pk")
    colorizations = PublicColorizationSerializer(  # type: ignore[assignment]  # fewer fields
        source="original.few_colorizations", many=True, read_only=True
    )

    class Meta:
        model = Photo
        fields = [
            "id",
            "display_url",
            "thumbnail_url",
            "album_url",
            "web_url",
            "name",
            *DETAILS_HIDDEN,
            "width",
            "height",
            "created_at",
            "colorization_count",
            "colorizations",
        ]
        read_only_fields = fields
