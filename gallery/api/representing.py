"""Serializers of what comes in long lists, and of sentences that are kept."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers


class NotesField(serializers.ListField):
    """Sentences that are kept in English, in the language of who reads them."""

    child = serializers.CharField()

    def __init__(self, *, help_text: str) -> None:
        super().__init__(read_only=True, help_text=help_text)

    def to_representation(self, data: list[str]) -> list[str]:
        return [gettext(note) for note in data]


class ListedSerializer(serializers.Serializer[Any]):
    """Its fields are gone through once, not once for each object."""

    @cached_property
    def _readable_fields(self) -> list[serializers.Field[Any, Any, Any, Any]]:
        return [field for field in self.fields.values() if not field.write_only]
