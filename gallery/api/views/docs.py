from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer, StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.api import conditional
from gallery.api.generics import ApiView

RENDERERS: Final = (
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
)
FORMATS: Final = ["yaml", "json"]
LANGUAGES: Final = [code for code, _name in settings.LANGUAGES]


@extend_schema(exclude=True)
class Docs(APIView):
    """The description of the API for people, with requests to try. Other methods get problem details."""

    authentication_classes = (SessionAuthentication,)  # the page greets whom it knows
    permission_classes = (AllowAny,)
    renderer_classes = (*APIView.renderer_classes, StaticHTMLRenderer)

    def get(self, request: Request) -> HttpResponse:
        return render(request._request, "gallery/api_docs.html")  # noqa: SLF001  (Django's own)


class FormatSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(FORMATS, required=False)


class Description(ApiView):
    """The description of this API, OpenAPI 3.1: as YAML or as JSON, as Accept asks."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = RENDERERS
    query_parameters = ("format", "lang")

    @extend_schema(
        operation_id="get_schema",
        parameters=[
            OpenApiParameter("format", enum=FORMATS),
            OpenApiParameter("lang", enum=LANGUAGES, description="Instead of Accept-Language."),
        ],
        responses={(200, each.media_type): {"type": "object"} for each in RENDERERS},
    )
    def get(self, request: Request) -> HttpResponseBase:
        asked = request.query_params.get("lang")
        language = asked if asked in LANGUAGES else translation.get_language()
        media_type = request.accepted_renderer.media_type
        content = _rendered(language, media_type, settings.SITE_URL)
        etag = conditional.etag_of(content)
        response = HttpResponse(content, content_type=media_type, headers={"ETag": etag})
        django_request = request._request  # noqa: SLF001  (Django's own)
        return cast(
            "HttpResponseBase", get_conditional_response(django_request, etag, None, response)
        )

    def get_format_suffix(self, **_: Any) -> str | None:
        """Of those that Accept takes, the one that `format` in the address names."""
        choice = FormatSerializer(data=self.request.query_params)
        choice.is_valid(raise_exception=True)
        format_name: str | None = choice.validated_data.get("format")
        return format_name

    def handle_exception(self, exc: Exception) -> Response:
        """Problems are JSON, whatever the description is asked for as."""
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


@lru_cache(maxsize=8)
def _rendered(language: str, media_type: str, site: str) -> bytes:
    """Once in each process: it takes a second, and nothing but these changes it."""
    with translation.override(language):
        described: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]
            request=None, public=True
        )
    described["servers"] = [{"url": site}]
    renderer = next(each for each in RENDERERS if each.media_type == media_type)
    content: bytes = renderer().render(described, media_type)
    return content
