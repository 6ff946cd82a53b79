"""JSON of the API is compressed for whoever takes it: a page of photos is a tenth of its length."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from colorsite.errors import API

MIN_BYTES: Final = 1000
JSON: Final = ("application/json", "application/problem+json", "application/vnd.oai.openapi+json")


class CompressJson(GZipMiddleware):
    """Django's, which adds some random bytes: nobody learns from its length what is in it (BREACH)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        content_type = response.get("Content-Type", "").partition(";")[0]
        is_json = request.path.startswith(API) and content_type in JSON
        if (
            not is_json
            or not isinstance(response, HttpResponse)
            or len(response.content) < MIN_BYTES
        ):
            return response
        return super().process_response(request, response)
