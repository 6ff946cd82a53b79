"""Anybody's way to tell staff about a published colorization."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer

from gallery.api.generics import CreateAPIView
from gallery.api.permissions import current_user
from gallery.queries import visible_colorizations
from moderation import services
from moderation.models import Report


class ReportSerializer(serializers.ModelSerializer[Report]):
    class Meta:
        model = Report
        fields = ["reason", "details", "created_at"]


class ColorizationReports(CreateAPIView[Report]):
    """Tell our staff about a published colorization that should not be public."""

    serializer_class = ReportSerializer
    throttle_scope = "report"

    def perform_create(self, serializer: BaseSerializer[Report]) -> None:
        published = visible_colorizations(AnonymousUser())
        colorization = get_object_or_404(published, pk=self.kwargs["pk"])
        reporter = current_user(self.request)
        serializer.instance = services.report(colorization, reporter, **serializer.validated_data)
