"""Photos with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers

from colorizer.models import Film
from gallery import arranging, dates, details, labels, services
from gallery.api.album_serializers import OwnAlbumField, OwnSectionField
from gallery.api.colorization_serializers import ColorizationSerializer
from gallery.api.links import Link
from gallery.api.representing import ListedSerializer, NotesField
from gallery.models import Album, MediaKind, Person, Photo, Section, Tag
from gallery.queries import FEW

MAX_LOOKUPS: Final = 500


class DateTakenField(serializers.CharField):
    def get_attribute(self, instance: Photo) -> dates.TakenDate | None:  # type: ignore[override]
        return dates.of_photo(instance)

    def to_representation(self, value: dates.TakenDate) -> str:  # type: ignore[override]
        return dates.edtf(value)

    def to_internal_value(self, data: Any) -> dates.TakenDate | None:  # type: ignore[override]
        return dates.parse(super().to_internal_value(data))


class NamesField(serializers.ListField):
    child = serializers.CharField()

    def get_attribute(self, instance: Photo) -> Iterable[Person | Tag]:  # type: ignore[override]
        """As `gallery.queries.with_details` has them, if it has been asked."""
        listed: Iterable[Person | Tag] | None = getattr(instance, f"listed_{self.field_name}", None)
        return getattr(instance, str(self.field_name)).all() if listed is None else listed

    def to_representation(self, data: Any) -> list[str]:
        return labels.names_of(data)

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


class FilmSerializer(serializers.ModelSerializer[Film]):
    """What is known of a film."""

    notes = NotesField(help_text="Sentences: what the result will have otherwise than the film.")

    class Meta:
        model = Film
        fields = [
            "seconds",
            "frame_rate",
            "frame_count",
            "codec",
            "audio_tracks",
            "subtitle_tracks",
            "notes",
        ]
        read_only_fields = fields


class PhotoSerializer(ListedSerializer, serializers.ModelSerializer[Photo]):
    """A photo or a film, what is known of it, and a few of its colorizations."""

    url = Link("api:photo-detail")
    original_url = Link("api:photo-original")
    display_url = Link("api:photo-display")
    thumbnail_url = Link("api:photo-thumbnail")
    colorizations_url = Link("api:photo-colorizations")
    album_url = Link("api:album-detail", lookup_field="album_id", lookup_url_kwarg="pk")
    web_url = Link("gallery:photo")
    media_kind = serializers.ChoiceField(MediaKind.choices, read_only=True)
    film = FilmSerializer(read_only=True, allow_null=True, help_text="Null of a photo.")
    bytes = serializers.IntegerField(source="original.bytes", read_only=True)
    sha256 = serializers.CharField(source="original.sha256", read_only=True)
    colorization_count = serializers.IntegerField(
        source="original.number_of_colorizations",
        read_only=True,
        help_text="All that you may see.",
    )
    colorizations = ColorizationSerializer(
        source="original.few_colorizations",
        many=True,
        read_only=True,
        help_text=f"The kept one, then the newest; {FEW} at most. All are at colorizations_url.",
    )
    album = OwnAlbumField(required=False, help_text="Another one moves it there.")
    section = OwnSectionField(
        required=False,
        allow_null=True,
        help_text="Of its album; null is none, as when it was moved without one.",
    )
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
            "media_kind",
            "film",
            "format",
            "width",
            "height",
            "flaw",
            "bytes",
            "sha256",
            "created_at",
            "album",
            "section",
            "is_favorite",
            "is_hidden",
            "hidden_reason",
            "colorization_count",
            "colorizations",
        ]
        read_only_fields = [name for name in fields if name not in PHOTO_COLUMNS]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance:
            require_section_in(attrs.get("album", self.instance.album), attrs.get("section"))
        return attrs

    def get_name(self, photo: Photo) -> str:
        return photo.name_for(self.viewer)

    def get_original_name(self, photo: Photo) -> str:
        return photo.original_name if photo.is_known_to(self.viewer) else ""

    def get_date_taken_text(self, photo: Photo) -> str:
        taken = dates.of_photo(photo)
        return dates.words(taken) if taken else ""

    def to_representation(self, instance: Photo) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if "is_favorite" in shown and not instance.is_known_to(self.viewer):
            shown["is_favorite"] = False
        if instance.shows_details_to(self.viewer):
            return shown
        return {name: DETAILS_HIDDEN.get(name, value) for name, value in shown.items()}

    def update(self, instance: Photo, validated_data: dict[str, Any]) -> Photo:
        fields: dict[str, Any] = {
            name: validated_data[name] for name in PHOTO_COLUMNS if name in validated_data
        }
        if "date_taken" in validated_data:
            fields |= dates.fields_of(validated_data["date_taken"] or None)
        names = (validated_data.get("people"), validated_data.get("tags"))
        with transaction.atomic():
            details.edit_photo(instance, fields, *names)
            self._move(instance, validated_data)
        return instance

    def _move(self, photo: Photo, validated_data: dict[str, Any]) -> None:
        album = validated_data.get("album", photo.album)
        if album != photo.album:
            services.move_photos([photo], album)
        if "section" in validated_data:
            arranging.put_into_section([photo], album, validated_data["section"])


def require_section_in(album: Album, section: Section | None) -> None:
    if section and section.album_id != album.pk:
        raise serializers.ValidationError({"section": _("It is in another album.")})


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

    sha256 = serializers.CharField(source="asked_sha256", read_only=True)
    photo_url = Link("api:photo-detail")
    web_url = Link("gallery:photo")
    album = AlbumNameSerializer(read_only=True)

    class Meta:
        model = Photo
        fields = ["sha256", "photo_url", "web_url", "album"]
        read_only_fields = fields
