"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("colorizations/<uuid:pk>/report/", views.report, name="colorization-report"),
    path("s/<slug:token>/photos/<uuid:pk>/report/", views.shared_report, name="shared-report"),
]
