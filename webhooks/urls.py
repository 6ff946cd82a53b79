"""URLs of the pages about webhooks, which are a part of the settings."""

from __future__ import annotations

from django.urls import path

from webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new/", views.create, name="webhook-create"),
    path("<uuid:pk>/", views.webhook, name="webhook"),
    path("<uuid:pk>/switch/", views.switch, name="webhook-switch"),
    path("<uuid:pk>/rotate-secret/", views.rotate, name="webhook-rotate"),
    path("<uuid:pk>/test/", views.test, name="webhook-test"),
    path("<uuid:pk>/delete/", views.delete, name="webhook-delete"),
    path("deliveries/<uuid:pk>/resend/", views.resend, name="delivery-resend"),
]
