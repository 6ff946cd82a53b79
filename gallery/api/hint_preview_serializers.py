"""What is asked while somebody tries hints, and what comes back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from colorizer.engine.hints import check_moment
from gallery.api.colorization_serializers import ColorizationOptionsSerializer
from gallery.api.hint_serializers import GuideSerializer, told_of_field
from gallery.models import Photo


class HintPreviewSerializer(GuideSerializer, ColorizationOptionsSerializer):
    """As a colorization of a photo would be asked for; of a film with a moment."""

    seconds = serializers.FloatField(
        min_value=0,
        required=False,
        help_text="Of a film, and of nothing else: the moment of the frame that is looked at, from the beginning. "
        "Hints of this very moment count, and a reference for all of the film or for this very moment.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self._check_moment(attrs.get("seconds"), self.context["photo"].film_seconds)
        return super().validate(attrs)

    def _check_moment(self, seconds: float | None, film_seconds: float | None) -> None:
        if film_seconds is None:
            if seconds is not None:
                raise serializers.ValidationError({"seconds": _("Only films have moments.")})
        elif seconds is None:
            text = _("Say which moment of the film is looked at.")
            raise serializers.ValidationError({"seconds": ErrorDetail(text, "required")})
        else:
            with told_of_field("seconds"):
                check_moment(seconds, film_seconds)


class HintPlaceSerializer(HintPreviewSerializer):
    """And a place of it."""

    x = serializers.FloatField(min_value=0, help_text="Pixels of the upright original.")
    y = serializers.FloatField(min_value=0, help_text="Pixels of the upright original.")

    def validate_x(self, x: float) -> float:
        return _within(x, self.context["photo"].width)

    def validate_y(self, y: float) -> float:
        return _within(y, self.context["photo"].height)


def _within(pixels: float, most: int) -> float:
    if pixels > most:
        text = _("It is outside of the photo, which has %(number)d pixels in this direction.")
        raise serializers.ValidationError(text % {"number": most}, "max_value")
    return pixels


class PlausibleColorsSerializer(serializers.Serializer[Any]):
    """Colors that the network would believe at the place, the likeliest first."""

    colors = serializers.ListField(child=serializers.CharField(), help_text="Such as `#a03020`.")


@extend_schema_field(OpenApiTypes.UUID)
class OwnPhotoField(serializers.PrimaryKeyRelatedField[Photo]):
    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.editable_by(self.context["request"].user)


class ReferencePhotoSerializer(serializers.Serializer[Any]):
    """Whose colors are taken: the version that stands for the photo, or the photo while there is none."""

    photo = OwnPhotoField(help_text="One of yours.")


class ReferenceSourceSerializer(serializers.Serializer[Any]):
    """Whose colors are taken: those of a file, which is not kept, or of a photo of yours."""

    photo = OwnPhotoField(required=False, help_text="One of yours.")
    image = serializers.FileField(required=False, allow_empty_file=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(
                {"image": _("Send a file, or name one of your photos as “photo”.")}, "required"
            )
        return attrs


class ReferenceSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField(
        help_text="Base64 of a small PNG, to be sent with hints as it is."
    )
