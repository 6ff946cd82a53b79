"""Who has closed their account can do two things with it: keep it, or log out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

GetResponse = Callable[[HttpRequest], HttpResponse]

PAGE: Final = "gallery:account-delete"
# What every page loads.
PARTS: Final = {"javascript-catalog", "manifest", "service-worker", "offline"}
ALLOWED: Final = {
    PAGE,
    "gallery:account-keep",
    "gallery:archive-file",
    "account_logout",
    *PARTS,
}
# The API says why in its own way; what the operator has to say, and what others share, is for everybody.
OTHERS: Final = {"api", "headless", "accounts_api", "legal", "shared"}


class ClosedAccounts:
    """Middleware: leads from every page to the one that asks. After that which knows the user."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in ALLOWED or OTHERS.intersection(match.namespaces):
            return None
        user = request.user
        is_closed = user.is_authenticated and user.deletion_due_at is not None
        return redirect(PAGE) if is_closed else None
