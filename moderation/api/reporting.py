"""Anybody's way to tell staff about a published colorization."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer

from gallery.api.generics import CreateAPIView
from gallery.api.permissions import IsMemberOrNobody
from gallery.queries import visible_colorizations
from moderation import services
from moderation.models import Report


class ReportSerializer(serializers.ModelSerializer[Report]):
    class Meta:
        model = Report
        fields = ["reason", "details", "created_at"]


class ColorizationReports(CreateAPIView[Report]):
    """Tell our staff about a published colorization that should not be public. Needs no login."""

    permission_classes = (IsMemberOrNobody,)
    serializer_class = ReportSerializer
    throttle_scope = "report"

    def perform_create(self, serializer: BaseSerializer[Report]) -> None:
        published = visible_colorizations(AnonymousUser())
        colorization = get_object_or_404(published, pk=self.kwargs["pk"])
        reporter = self.request.user if self.request.user.is_authenticated else None
        serializer.instance = services.report(colorization, reporter, **serializer.validated_data)
