"""What is done with many photos in one request, and what became of each."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from colorizer.engine.adjustments import Adjustments
from gallery.api.adjustment_serializers import AdjustmentsSerializer
from gallery.api.album_serializers import OwnAlbumField, OwnSectionField
from gallery.api.colorization_serializers import ColorizationOptionsSerializer
from gallery.api.photo_serializers import DateTakenField, NamesField, require_section_in
from gallery.bulk import ACTIONS, Status

MAX_PHOTOS: Final = 500


class ActionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(list(ACTIONS))


class PhotosSerializer(ActionSerializer):
    """What needs no choices: `delete`, into the trash; `restore`, out of it."""

    photos = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_PHOTOS
    )


class CopySerializer(PhotosSerializer):
    """Into an album of yours, with their files and finished colorizations."""

    album = OwnAlbumField()


class MoveSerializer(CopySerializer):
    """Into an album of yours; without a section they come before all sections."""

    section = OwnSectionField(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        require_section_in(attrs["album"], attrs["section"])
        return attrs


class ColorSerializer(ColorizationOptionsSerializer, PhotosSerializer):
    """As long as you may have more open jobs; the other photos are refused."""


class AdjustSerializer(PhotosSerializer):
    """The same adjustments for the version that stands for each photo; sent empty, they are taken back.

    Without `gray` each keeps its own strokes. Films are refused.
    """

    adjustments = AdjustmentsSerializer()

    def validate_adjustments(self, adjustments: dict[str, Any]) -> Adjustments:
        found: Adjustments = adjustments["adjustments"]
        return found


class TagSerializer(PhotosSerializer):
    """`tag` gives them tags beside those that they have, `untag` takes tags away."""

    tags = NamesField(min_length=1)


class FavoriteSerializer(PhotosSerializer):
    is_favorite = serializers.BooleanField(default=True)


class DateSerializer(PhotosSerializer):
    """When all of them were taken."""

    date_taken = DateTakenField(allow_null=True)


SERIALIZERS: Final[dict[str, type[serializers.Serializer[Any]]]] = {
    "move": MoveSerializer,
    "copy": CopySerializer,
    "color": ColorSerializer,
    "adjust": AdjustSerializer,
    "tag": TagSerializer,
    "untag": TagSerializer,
    "favorite": FavoriteSerializer,
    "date": DateSerializer,
    "delete": PhotosSerializer,
    "restore": PhotosSerializer,
}


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one photo."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(Status.choices)
    code = serializers.CharField(help_text="Blank unless it was not found or refused.")
    detail = serializers.CharField(help_text="The same for people.")
    colorization_url = serializers.URLField(allow_null=True, help_text="Of `color` and `adjust`.")
    copy_url = serializers.URLField(allow_null=True, help_text="Of `copy`: the new photo.")
