"""Absolute addresses in the API's representations."""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from uuid import UUID

from django.urls import get_script_prefix, reverse
from rest_framework import serializers
from rest_framework.request import Request

from jobs.models import Job

ANY_KEY: Final = UUID(int=0)


@cache
def _path(view_name: str, prefix: str) -> str:
    """Of an object with that key. A list has very many addresses: each route is looked up once."""
    return reverse(view_name, args=[ANY_KEY])


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
        path = _path(view_name, get_script_prefix()).replace(str(ANY_KEY), str(key))
        address: str = request.build_absolute_uri(path)
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


class AboutLink(Link):
    """To the record that `field` refers to; null where there is none."""

    def __init__(self, view_name: str, field: str) -> None:
        super().__init__(view_name=view_name, allow_null=True)
        self._field = field

    def target(self, obj: Any) -> Any:
        return getattr(obj, self._field)
