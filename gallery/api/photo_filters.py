"""The query parameters that a list of your photos is filtered by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from colorizer.models import Variant
from gallery.api.permissions import current_user
from gallery.models import MediaKind, Person, Tag
from gallery.search import MAX_LABELS, MAX_QUERY_LENGTH, PhotoState, Wanted
from gallery.search_text import fold


class PhotoFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=MAX_QUERY_LENGTH,
        allow_blank=True,
        default="",
        help_text="Words of title, caption, people, tags, place, date and file name: all of them, in any order.",
    )
    album = serializers.UUIDField(default=None)
    person = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        max_length=MAX_LABELS,
        help_text="A name. Several times: all of them.",
    )
    tag = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        max_length=MAX_LABELS,
        help_text="A name. Several times: all of them.",
    )
    place = serializers.CharField(default="", help_text="The whole name.")
    taken_from = serializers.DateField(
        default=None, help_text="Photos that may have been taken on this day or later."
    )
    taken_to = serializers.DateField(
        default=None, help_text="Photos that may have been taken on this day or before."
    )
    undated = serializers.BooleanField(default=False, help_text="Only photos without a date.")
    media_kind = serializers.ChoiceField(MediaKind.choices, default="")
    variant = serializers.ChoiceField(
        Variant.choices, default="", help_text="Photos with a result of this variant."
    )
    state = serializers.ChoiceField(PhotoState.choices, default="")
    favorite = serializers.BooleanField(default=False, help_text="Only favorites.")


NOBODY: Final = UUID(int=0)
"""The key of no record: what has this name is in no photo."""


def _keys(labels: QuerySet[Any], names: Sequence[str]) -> list[UUID]:
    """Upper and lower case make no difference, of all letters: compared here, not by the database."""
    known = {fold(label.name): label.pk for label in labels} if names else {}
    return [known.get(fold(name), NOBODY) for name in names]


def wanted(request: Request) -> Wanted:
    """
    Raises:
        ValidationError: a parameter has a value that it cannot have.
    """
    filters = PhotoFilterSerializer(data=request.query_params)
    filters.is_valid(raise_exception=True)
    asked, owner = filters.validated_data, current_user(request)
    return Wanted(
        words=asked["q"],
        album=asked["album"],
        people=_keys(Person.objects.filter(owner=owner), asked["person"]),
        tags=_keys(Tag.objects.filter(owner=owner), asked["tag"]),
        place=asked["place"],
        taken_from=asked["taken_from"],
        taken_to=asked["taken_to"],
        is_undated=asked["undated"],
        media_kind=asked["media_kind"],
        variant=asked["variant"],
        state=asked["state"],
        is_favorite=asked["favorite"],
    )
