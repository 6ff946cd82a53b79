"""The query parameters that a list of your photos is filtered by."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from colorizer.models import Variant
from gallery.search import MAX_QUERY_LENGTH, PhotoState, Wanted


class PhotoFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        allow_blank=True,
        default="",
        help_text="Words of title, caption, people, tags, place, date and file name: all of them, in any order.",
    )
    album = serializers.UUIDField(default=None)
    person = serializers.ListField(
        child=serializers.UUIDField(), default=list, help_text="Several times: all of them."
    )
    tag = serializers.ListField(
        child=serializers.UUIDField(), default=list, help_text="Several times: all of them."
    )
    place = serializers.CharField(default="", help_text="The whole name.")
    taken_from = serializers.DateField(
        default=None, help_text="Photos that may have been taken on this day or later."
    )
    taken_to = serializers.DateField(
        default=None, help_text="Photos that may have been taken on this day or before."
    )
    undated = serializers.BooleanField(default=False, help_text="Only photos without a date.")
    variant = serializers.ChoiceField(
        Variant.choices, default="", help_text="Photos with a result of this variant."
    )
    state = serializers.ChoiceField(PhotoState.choices, default="")
    favorite = serializers.BooleanField(default=False, help_text="Only favorites.")


def wanted(request: Request) -> Wanted:
    """
    Raises:
        ValidationError: a parameter has a value that it cannot have.
    """
    filters = PhotoFilterSerializer(data=request.query_params)
    filters.is_valid(raise_exception=True)
    asked = filters.validated_data
    return Wanted(
        words=asked["q"],
        album=asked["album"],
        people=asked["person"],
        tags=asked["tag"],
        place=asked["place"],
        taken_from=asked["taken_from"],
        taken_to=asked["taken_to"],
        is_undated=asked["undated"],
        variant=asked["variant"],
        state=asked["state"],
        is_favorite=asked["favorite"],
    )
