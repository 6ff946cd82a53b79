"""Serializers of what comes in long lists."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rest_framework import serializers


class ListedSerializer(serializers.Serializer[Any]):
    """Its fields are gone through once, not once for each object."""

    @cached_property
    def _readable_fields(self) -> list[serializers.Field[Any, Any, Any, Any]]:
        return [field for field in self.fields.values() if not field.write_only]
