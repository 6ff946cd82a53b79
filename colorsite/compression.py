"""JSON of the API is compressed for whoever takes it: a page of photos is a tenth of its length."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from colorsite.errors import API

MIN_BYTES: Final = 1000
JSON: Final = ("application/json", "application/problem+json", "application/vnd.oai.openapi+json")


class CompressJson(GZipMiddleware):
    """Django's, which adds some random bytes: nobody learns from its length what is in it (BREACH)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path.startswith(API):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _is_worth_it(response):
            return super().process_response(request, response)
        return response


def _is_worth_it(response: HttpResponseBase) -> bool:
    is_json = response.get("Content-Type", "").partition(";")[0] in JSON
    return is_json and isinstance(response, HttpResponse) and len(response.content) >= MIN_BYTES
