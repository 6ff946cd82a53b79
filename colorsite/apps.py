"""The site puts its apps together: what workers do from time to time, and the admin."""

from __future__ import annotations

from functools import partial

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.core.management import call_command


class ColorsiteConfig(AppConfig):
    name = "colorsite"

    def ready(self) -> None:
        from accounts import api_keys, devices  # noqa: PLC0415  (models come first)
        from accounts import services as accounts  # noqa: PLC0415
        from colorsite import checks  # noqa: F401, PLC0415  (registers them)
        from colorsite.cleaning import CLEAN_UP_SECONDS, sweep  # noqa: PLC0415
        from jobs.periodic import register_periodic  # noqa: PLC0415

        register_periodic("storage clean-up", CLEAN_UP_SECONDS, sweep)
        register_periodic(
            "expired sessions", CLEAN_UP_SECONDS, partial(call_command, "clearsessions")
        )
        register_periodic("devices", CLEAN_UP_SECONDS, devices.forget_expired)
        register_periodic("API keys", CLEAN_UP_SECONDS, api_keys.delete_ended)
        register_periodic("unconfirmed accounts", CLEAN_UP_SECONDS, accounts.delete_unconfirmed)


class TintypeAdminConfig(admin_apps.AdminConfig):
    default = False  # named in INSTALLED_APPS: it is no part of the app "colorsite"
    default_site = "colorsite.admin.TintypeAdminSite"

    def ready(self) -> None:
        from allauth.account.models import EmailAddress  # noqa: PLC0415  (models come first)
        from allauth.mfa.models import Authenticator  # noqa: PLC0415
        from allauth.usersessions.models import UserSession  # noqa: PLC0415

        from jobs import broker  # noqa: PLC0415

        super().ready()
        from moderation.admin.addresses import AddressAdmin  # noqa: PLC0415  (after allauth's)

        # Secrets of second factors, and where people are, are nothing for staff to read.
        admin.site.unregister([Authenticator, UserSession])
        admin.site.unregister(EmailAddress)
        admin.site.register(EmailAddress, AddressAdmin)
        # Its messages only wake workers, and its schedules would let staff run any function.
        broker.hide_from_admin(admin.site)
