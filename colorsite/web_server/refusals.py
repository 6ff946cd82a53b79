"""Requests that are answered by the web server itself, since Django is not to see them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import JsonResponse
from waitress.utilities import Error

from gallery.api.problems import MEDIA_TYPE, ProblemCode, problem

RETRY_SECONDS: Final = 30


class Refusal(Error):  # type: ignore[misc]  # noqa: N818  (no exception)
    """An answer in waitress' form: problem details for apps, plain text for everybody else."""

    def __init__(self, status: HTTPStatus, code: ProblemCode, detail: str, path: str = "") -> None:
        super().__init__(detail)
        self.code = status.value
        self.reason = status.phrase
        is_app = path.startswith(("/api/", "/_allauth/"))
        self._problem = problem(status, code, detail) if is_app else None

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        status = f"{self.code} {self.reason}"
        headers = []
        if self.code == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append(("Retry-After", str(RETRY_SECONDS)))
        if self._problem:
            content = JsonResponse(self._problem).content
            return status, [*headers, ("Content-Type", MEDIA_TYPE)], content
        plain = ("Content-Type", "text/plain; charset=utf-8")
        return status, [*headers, plain], f"{self.body}\n".encode()
