"""URLs of the settings."""

from __future__ import annotations

from django.urls import path

from accounts.views import api_keys, profile, security

app_name = "settings"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("preferences/", profile.preferences, name="preferences"),
    path("security/", security.security, name="security"),
    path("sessions/", security.sessions, name="sessions"),
    path("sessions/end-others/", security.end_other_sessions, name="sessions-end-others"),
    path("sessions/<int:pk>/end/", security.end_session, name="session-end"),
    path("api-keys/", api_keys.keys, name="keys"),
    path("api-keys/new/", api_keys.create, name="key-create"),
    path("api-keys/<int:pk>/revoke/", api_keys.revoke, name="key-revoke"),
]
