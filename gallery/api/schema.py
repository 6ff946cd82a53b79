"""The OpenAPI description: how to authenticate, and problem details on every operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.django_allauth import XSessionTokenAuthenticationScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from gallery.api.problems import MEDIA_TYPE, ProblemSerializer


class SessionTokenScheme(XSessionTokenAuthenticationScheme):  # type: ignore[no-untyped-call]
    target_class = "gallery.api.authentication.SessionTokenAuthentication"
    name = "sessionToken"
    optional = False


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "gallery.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of the settings."}


class ProblemSchema(AutoSchema):
    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        problem = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", [MEDIA_TYPE], direction
        )
        return {**super()._get_response_bodies(direction), "default": problem}
