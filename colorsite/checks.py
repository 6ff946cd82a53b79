"""What whoever runs the site should know about its settings, said at the start of the web server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (Django's name)


@register()
def check_proxies(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if not settings.SECURE_SSL_REDIRECT or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    warning = Warning(
        "The address of this site is https, which the web server does not speak, and no proxy before it is trusted: "
        "each page redirects to itself forever.",
        hint="Set TRUSTED_PROXIES, see docs/operating.md.",
        id="colorsite.W001",
    )
    return [warning]


@register()
def check_legal_texts(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.LEGAL_DIR is None or settings.LEGAL_DIR.is_dir():
        return []
    warning = Warning(
        f"There is no folder {settings.LEGAL_DIR}: privacy, terms and contact are those of any site.",
        hint="Set LEGAL_DIR, see docs/configuration.md.",
        id="colorsite.W002",
    )
    return [warning]
