"""Absolute addresses in the API's representations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request

from gallery.addresses import address_of
from jobs.models import Job


class Link(serializers.HyperlinkedIdentityField):
    """An absolute address built from the object's id."""

    def target(self, obj: Any) -> Any:
        """What the address is of; None where there is no address."""
        return obj

    def get_url(
        self,
        obj: Any,
        view_name: str,
        request: Request,
        format: str | None,  # noqa: A002  (REST framework's name)
    ) -> str | None:
        target = self.target(obj)
        if target is None:
            return None
        key = getattr(target, self.lookup_field)
        if not isinstance(key, UUID):
            return super().get_url(target, view_name, request, format)
        address: str = request.build_absolute_uri(address_of(view_name, key))
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
