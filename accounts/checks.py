"""What whoever runs the site should know about its accounts, said at the start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (Django's name)


@register()
def check_mail_server(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.HAS_MAIL_SERVER or settings.IS_LOOPBACK:
        return []
    warning = Warning(
        "Others reach this site, and it has no mail server: nobody can prove an email address, and messages "
        "with links to reset passwords are in the log, which nobody else may read.",
        hint="Set EMAIL_HOST, see docs/configuration.md.",
        id="accounts.W001",
    )
    return [warning]
