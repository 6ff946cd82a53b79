"""Photos of an album in one of its orders, or in that of their owner."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from rest_framework import serializers

from gallery import arranging, queries
from gallery.api.album_serializers import OwnSectionField
from gallery.api.photo_serializers import require_section_in
from gallery.models import Album, Photo, PhotoQuerySet

MAX_ARRANGED: Final = 500
AS_SHOWN: Final = "album"


class PhotoOrderFilterSerializer(serializers.Serializer[Any]):
    order = serializers.ChoiceField(
        [AS_SHOWN, *Album.PhotoOrder.values],
        default=Album.PhotoOrder.NEWEST,
        help_text=f"`{AS_SHOWN}`: as its page shows them, by its photo_order within its sections.",
    )

    def of_album(self, photos: PhotoQuerySet, album: Album) -> PhotoQuerySet:
        """Those of the album, in the order that is asked for."""
        found = photos.filter(album=album)
        match self.validated_data["order"]:
            case Album.PhotoOrder.NEWEST:
                return found
            case order:
                return queries.with_rank(found, album, "" if order == AS_SHOWN else order)


class ArrangementSerializer(serializers.Serializer[Album]):
    """Photos of the album, in the order that they get, and the one that comes after them."""

    photos = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_ARRANGED
    )
    before = serializers.UUIDField(
        default=None, allow_null=True, help_text="Without it they go to the end."
    )
    section = OwnSectionField(
        required=False,
        allow_null=True,
        help_text="Where they go, too; null is before all sections. Not sent: they stay in theirs.",
    )

    def validate_photos(self, keys: list[UUID]) -> list[Photo]:
        return self._found(list(dict.fromkeys(keys)))

    def validate_before(self, key: UUID | None) -> Photo | None:
        return self._found([key])[0] if key else None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        require_section_in(self._album, attrs.get("section"))
        return attrs

    def update(self, instance: Album, validated_data: dict[str, Any]) -> Album:
        if "section" in validated_data:
            arranging.place_in_section(album=instance, **validated_data)
        else:
            arranging.place(album=instance, **validated_data)
        return instance

    @property
    def _album(self) -> Album:
        return cast("Album", self.instance)

    def _found(self, keys: list[UUID]) -> list[Photo]:
        photos = self._album.photos.kept().in_bulk(keys)
        if missing := [key for key in keys if key not in photos]:
            refused = serializers.PrimaryKeyRelatedField.default_error_messages["does_not_exist"]
            raise serializers.ValidationError(refused.format(pk_value=missing[0]), "does_not_exist")
        return [photos[key] for key in keys]
