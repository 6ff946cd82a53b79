"""Django's admin, as our own site."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import apps as admin_apps


class TintypeAdminConfig(admin_apps.AdminConfig):
    default = False  # named in INSTALLED_APPS: it is no part of the app "colorsite"
    default_site = "colorsite.admin.TintypeAdminSite"

    def ready(self) -> None:
        from jobs import broker  # noqa: PLC0415  (its models are not there before)

        super().ready()
        # Its messages only wake workers, and its schedules would let staff run any function of the code.
        broker.hide_from_admin(admin.site)
