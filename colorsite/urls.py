"""Every address of the site, by room."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from colorsite.health import healthz, readyz
from colorsite.metrics import metrics

handler500 = "gallery.api.problems.server_error"
urlpatterns = [
    path("", include("gallery.urls")),
    path("api/v1/", include("gallery.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
