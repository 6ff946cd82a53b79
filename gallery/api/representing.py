"""Serializers of what comes in long lists, and of sentences that are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import RelatedField

from gallery.models import Viewer

Field = serializers.Field[Any, Any, Any, Any]
Read = Callable[[Any], Any]


class NotesField(serializers.ListField):
    """Sentences that are kept in English, in the language of who reads them."""

    child = serializers.CharField()

    def __init__(self, *, help_text: str) -> None:
        super().__init__(read_only=True, help_text=help_text)

    def to_representation(self, data: list[str]) -> list[str]:
        return [gettext(note) for note in data]


# As REST framework represents objects. How each field is read and shown is decided once, not once for each object.
class ListedSerializer(serializers.Serializer[Any]):
    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, read, show in self._plan:
            try:
                value = read(instance)
            except SkipField:
                continue
            shown[name] = None if value is None else show(value)
        return shown

    @cached_property
    def viewer(self) -> Viewer:
        """Who asks."""
        user: Viewer = self.context["request"].user
        return user

    @cached_property
    def _plan(self) -> list[tuple[str, Read, Read]]:
        zone = get_current_timezone()
        readable = [field for field in self.fields.values() if not field.write_only]
        return [
            (str(field.field_name), _reading(field), _showing(field, zone)) for field in readable
        ]


def _reading(field: Field) -> Read:
    if isinstance(field, RelatedField):
        return _related(field)
    if type(field).get_attribute is not serializers.Field.get_attribute:
        return field.get_attribute
    return _attribute(field) if field.source_attrs else _itself


def _itself(instance: Any) -> Any:
    return instance


def _attribute(field: Field) -> Read:
    direct = attrgetter(".".join(field.source_attrs))

    def read(instance: Any) -> Any:
        try:
            value = direct(instance)
        except (AttributeError, KeyError, ObjectDoesNotExist):
            return field.get_attribute(instance)  # which knows what is shown instead
        return field.get_attribute(instance) if callable(value) else value

    return read


def _related(field: RelatedField[Any, Any, Any]) -> Read:
    """REST framework puts a key alone into an object, also one that is null."""

    def read(instance: Any) -> Any:
        value = field.get_attribute(instance)
        return None if getattr(value, "pk", value) is None else value

    return read


def _showing(field: Field, zone: tzinfo) -> Read:
    if type(field) is serializers.SerializerMethodField:
        method: Read = getattr(field.parent, field.method_name)
        return method
    if type(field) is serializers.DateTimeField and not hasattr(field, "format"):
        return _moment(zone)
    return field.to_representation


def _moment(zone: tzinfo) -> Callable[[datetime], str]:
    def show(moment: datetime) -> str:
        text = moment.astimezone(zone).isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text

    return show
