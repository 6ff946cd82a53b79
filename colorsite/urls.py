"""All URLs of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.generic import RedirectView
from django.views.i18n import set_language

from colorsite import installing
from colorsite.health import healthz, readyz
from colorsite.metrics import metrics
from colorsite.translations import TextsOfScripts
from gallery.api.urls import urlpatterns as gallery_api
from moderation.api.urls import urlpatterns as moderation_api
from webhooks.api import urlpatterns as webhooks_api

# The gallery's part is last: it ends with a view for all unknown addresses.
api = [*moderation_api, *webhooks_api, *gallery_api]

# The language is in the address. After an upgrade they may be an hour old.
texts_of_scripts = cache_control(private=True, max_age=3600)(TextsOfScripts.as_view())

# allauth's own lists are parts of our settings.
settings_instead = [
    path("2fa/", RedirectView.as_view(pattern_name="settings:security"), name="mfa_index"),
    path(
        "2fa/webauthn/",
        RedirectView.as_view(pattern_name="settings:security"),
        name="mfa_list_webauthn",
    ),
    path(
        "sessions/",
        RedirectView.as_view(pattern_name="settings:sessions"),
        name="usersessions_list",
    ),
]

handler400 = "colorsite.errors.bad_request"
handler403 = "colorsite.errors.permission_denied"
handler404 = "colorsite.errors.not_found"
handler500 = "colorsite.errors.server_error"
urlpatterns = [
    path("", include("gallery.urls")),
    path("s/", include("gallery.share_urls")),
    path("", include("moderation.urls")),
    path("api/v1/", include((api, "api"))),
    path("", include("colorsite.interrupted")),
    path("", include("colorsite.legal")),
    path("settings/webhooks/", include("webhooks.urls")),
    path("settings/", include("accounts.urls")),
    path("accounts/", include(settings_instead)),
    path("accounts/", include("allauth.urls")),
    path("_allauth/app/v1/", include("accounts.headless")),
    path("_allauth/", include("allauth.headless.urls")),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service-worker"),
    path("offline/", installing.offline, name="offline"),
    path("language/", set_language, name="set_language"),
    path("texts.js", texts_of_scripts, name="javascript-catalog"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
