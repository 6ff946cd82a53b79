"""How the API shows people, tags and places, and the photos by date or by their bytes."""

from __future__ import annotations

from typing import Any, Final, cast

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery import labels
from gallery.api.album_serializers import cover_address
from gallery.api.photo_serializers import PhotoSerializer
from gallery.label_lists import Entry
from gallery.timeline import Group

MAX_PLACE_LENGTH: Final = 200


class EntrySerializer(serializers.Serializer[Entry]):
    """A name that photos of yours have.

    Attributes:
        kind: "person", "tag" or "place", as the filter of photos is named.
    """

    kind = ""
    name = serializers.CharField(read_only=True)
    photo_count = serializers.IntegerField(source="number", read_only=True)
    photos_url = serializers.SerializerMethodField(help_text="The list of its photos.")
    cover_url = serializers.SerializerMethodField(
        help_text="A thumbnail of one of them, in color where there is a version."
    )

    @extend_schema_field(OpenApiTypes.URI)
    def get_photos_url(self, entry: Entry) -> str:
        return self._absolute(reverse("api:photo-list", query={self.kind: entry.name}))

    @extend_schema_field(OpenApiTypes.URI)
    def get_cover_url(self, entry: Entry) -> str | None:
        return cover_address(entry, self.context["request"])

    def _absolute(self, path: str) -> str:
        return cast("str", self.context["request"].build_absolute_uri(path))


class LabelSerializer(EntrySerializer):
    id = serializers.UUIDField(source="key", read_only=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, entry: Entry) -> str:
        return self._absolute(reverse(f"api:{self.kind}-detail", args=[entry.key]))


class PersonSerializer(LabelSerializer):
    """Somebody who is in photos of yours."""

    kind = "person"


class TagSerializer(LabelSerializer):
    """A tag of photos of yours."""

    kind = "tag"


class PlaceSerializer(EntrySerializer):
    """Where photos of yours were taken."""

    kind = "place"


class RenameSerializer(serializers.Serializer[Any]):
    """Another name. Where there is one of this name, the two become one, which has to be asked for."""

    name = serializers.CharField(max_length=labels.MAX_LENGTH)
    merge = serializers.BooleanField(
        default=False, help_text="Let two become one: they cannot be told apart again."
    )

    def validate_name(self, name: str) -> str:
        """As a name is kept that was sent with a photo: one with a comma would be two there."""
        names = labels.clean([name])
        if not names:
            self.fields["name"].fail("blank")
        return names[0]


class RenamePlaceSerializer(serializers.Serializer[Any]):
    """Another name for a place; of the same name there may be photos already, which has to be asked for."""

    place = serializers.CharField(
        write_only=True, trim_whitespace=False, help_text="The name that it has."
    )
    name = serializers.CharField(max_length=MAX_PLACE_LENGTH, write_only=True)
    merge = serializers.BooleanField(default=False, write_only=True)


class MonthSerializer(serializers.Serializer[Any]):
    month = serializers.IntegerField(read_only=True)
    photo_count = serializers.IntegerField(read_only=True)


class GroupSerializer(serializers.Serializer[Group]):
    """Photos of a year, of a decade while their year is not known, or without a date (both null)."""

    decade = serializers.IntegerField(read_only=True, allow_null=True, help_text="Its first year.")
    year = serializers.IntegerField(read_only=True, allow_null=True)
    photo_count = serializers.IntegerField(source="number", read_only=True)
    months = serializers.SerializerMethodField(
        help_text="Of the year's photos those whose month is known."
    )

    @extend_schema_field(MonthSerializer(many=True))
    def get_months(self, group: Group) -> list[dict[str, int]]:
        months = self.context["months"].get(group.year, {})
        return [{"month": month, "photo_count": number} for month, number in months.items()]


class DuplicatesSerializer(serializers.Serializer[Any]):
    """Photos with the same bytes, the first uploaded first."""

    sha256 = serializers.CharField(read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)


class KeptSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(read_only=True, help_text="Of photos that went to the trash.")
