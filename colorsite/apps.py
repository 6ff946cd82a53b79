"""Django's admin, as our own site."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import apps as admin_apps


class TintypeAdminConfig(admin_apps.AdminConfig):
    default = False  # named in INSTALLED_APPS: it is no part of the app "colorsite"
    default_site = "colorsite.admin.TintypeAdminSite"

    def ready(self) -> None:
        super().ready()
        # The queue is only a bell, and a schedule would let staff run any function of the house.
        for model in apps.get_app_config("django_q").get_models():
            if admin.site.is_registered(model):
                admin.site.unregister(model)
