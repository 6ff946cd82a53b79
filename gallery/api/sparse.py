"""`?fields=id,title`: only these fields of an object, or of each object of a list. The others cost nothing."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, Serializer

NAME: Final = "fields"
PARAMETER: Final = OpenApiParameter(
    NAME, description="Only these fields of each object: names, separated by commas."
)


def asked(request: Request) -> set[str] | None:
    """None is all fields."""
    if request.method not in SAFE_METHODS or NAME not in request.query_params:
        return None
    return {name.strip() for name in request.query_params[NAME].split(",")}


def keep_only(serializer: BaseSerializer[Any], names: set[str]) -> None:
    """
    Raises:
        ValidationError: there is no field of some name.
    """
    item = getattr(serializer, "child", serializer)
    if not isinstance(item, Serializer):
        return
    known = [name for name, field in item.fields.items() if not field.write_only]
    if names - set(known):
        text = _("Unknown: %(unknown)s. There are: %(known)s.")
        listed = {"unknown": ", ".join(sorted(names - set(known))), "known": ", ".join(known)}
        raise ValidationError({NAME: [text % listed]}, "unknown_field")
    for name in set(item.fields) - names:
        del item.fields[name]
