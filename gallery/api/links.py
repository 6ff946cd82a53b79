"""Absolute addresses in the API's representations."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from jobs.models import Job

ANY_KEY: Final = UUID(int=0)


class Link(serializers.HyperlinkedIdentityField):
    """An absolute address built from the object's id."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def target(self, obj: Any) -> Any:
        """What the address is of; None where there is no address."""
        return obj

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        target = self.target(value)
        if target is None:
            return None
        key = getattr(target, self.lookup_field)
        if isinstance(key, UUID):
            start, end = self._around_key
            return f"{start}{key}{end}"
        return self._absolute(key)

    @cached_property
    def _around_key(self) -> tuple[str, str]:
        """A list has very many addresses: what they have in common is looked up once."""
        start, _key, end = self._absolute(ANY_KEY).partition(str(ANY_KEY))
        return start, end

    def _absolute(self, key: Any) -> str:
        path = reverse(self.view_name, args=[key])
        address: str = self.context["request"].build_absolute_uri(path)
        return address


class PhotoLink(Link):
    """From a colorization to the photo that it was made of."""

    def target(self, obj: Any) -> Any:
        return obj.source.photo


class JobLink(Link):
    """To the job of a record."""

    def target(self, obj: Any) -> Any:
        return obj.job


class ResultLink(Link):
    """Null until the job has succeeded."""

    def __init__(self, view_name: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)

    def target(self, obj: Any) -> Any:
        return obj if obj.job.state == Job.State.SUCCEEDED else None


class ReferenceLink(ResultLink):
    """Null of what was made without a reference photo."""

    def target(self, obj: Any) -> Any:
        return obj if obj.guided and obj.guided.has_reference else None


class FilmLink(ResultLink):
    """Null of photos, too."""

    def target(self, obj: Any) -> Any:
        is_film = obj.result is not None and obj.result.content_type.startswith("video/")
        return super().target(obj) if is_film else None


class AboutLink(Link):
    """To the record that `field` refers to; null where there is none."""

    def __init__(self, view_name: str, field: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)
        self._field = field

    def target(self, obj: Any) -> Any:
        return getattr(obj, self._field)
