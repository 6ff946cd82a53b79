"""The REST API's part about webhooks; `colorsite.urls` puts it among the other addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.api.generics import (
    GenericAPIView,
    ListAPIView,
    ListCreateAPIView,
    Record,
    RetrieveAPIView,
    RetrieveUpdateDestroyAPIView,
)
from gallery.api.permissions import accessible
from gallery.api.problems import ProblemCode
from gallery.api.responses import created
from webhooks import services
from webhooks.models import Delivery, DeliveryQuerySet, Webhook
from webhooks.serializers import (
    DeliveryDetailSerializer,
    DeliveryFilterSerializer,
    DeliverySerializer,
    NewSecretSerializer,
    RotationSerializer,
    WebhookSerializer,
)


class WebhookOff(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.WEBHOOK_OFF
    default_detail = _("The webhook is turned off: set is_active first.")


class WebhookList(ListCreateAPIView[Webhook]):
    """Your webhooks, newest first."""

    throttle_scope = "webhook"
    keeps_answers = False

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.visible_to(self.request.user)

    def get_serializer_class(self) -> type[WebhookSerializer]:
        return NewSecretSerializer if self.request.method == "POST" else WebhookSerializer

    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Have an address told when your jobs end. The secret comes with this response only."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return created(serializer)


class WebhookDetail(RetrieveUpdateDestroyAPIView[Webhook]):
    """One webhook. Turning it off gives up what was yet to be sent."""

    serializer_class = WebhookSerializer
    http_method_names = ["get", "head", "options", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Webhook]:
        return accessible(Webhook.objects.all(), self.request)

    def perform_destroy(self, instance: Webhook) -> None:
        services.delete(instance)


class OfWebhook(GenericAPIView[Webhook]):
    """For what is done with a webhook."""

    serializer_class = WebhookSerializer
    throttle_scope = "webhook"

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.editable_by(self.request.user)


class WebhookRotateSecret(OfWebhook):
    """Make a new secret, which comes with this response only."""

    keeps_answers = False

    @extend_schema(request=RotationSerializer, responses=NewSecretSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        webhook = self.get_object()
        choice = RotationSerializer(data=request.data)
        choice.is_valid(raise_exception=True)
        services.rotate_secret(webhook, timedelta(hours=choice.validated_data["overlap_hours"]))
        return Response(NewSecretSerializer(webhook, context=self.get_serializer_context()).data)


class WebhookTest(OfWebhook):
    """Send an event of the type ping."""

    problems = {"POST": (HTTPStatus.CONFLICT,)}

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        return _queued(services.ping, self)


@extend_schema_view(get=extend_schema(parameters=[DeliveryFilterSerializer]))
class WebhookDeliveries(ListAPIView[Delivery]):
    """What was sent to it or is yet to be, newest first. Deliveries are kept for 30 days."""

    serializer_class = DeliverySerializer
    query_serializer = DeliveryFilterSerializer

    def get_queryset(self) -> QuerySet[Delivery]:
        own = Webhook.objects.visible_to(self.request.user)
        webhook = get_object_or_404(own, pk=self.kwargs["pk"])
        chosen = DeliveryFilterSerializer(data=self.request.query_params)
        chosen.is_valid(raise_exception=True)
        found = Delivery.objects.filter(webhook=webhook, **chosen.validated_data)
        return found.select_related("event", "job")


def _deliveries(request: Request) -> DeliveryQuerySet:
    return accessible(Delivery.objects.select_related("webhook__owner", "event", "job"), request)


class DeliveryDetail(RetrieveAPIView[Delivery]):
    """One delivery, with what is sent and each try."""

    serializer_class = DeliveryDetailSerializer

    def get_queryset(self) -> QuerySet[Delivery]:
        return _deliveries(self.request)


class DeliveryResend(GenericAPIView[Delivery]):
    """Send the same event once more, with the same Webhook-Id: a new delivery."""

    serializer_class = DeliverySerializer
    problems = {"POST": (HTTPStatus.CONFLICT,)}
    throttle_scope = "webhook"

    def get_queryset(self) -> QuerySet[Delivery]:
        return _deliveries(self.request)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        return _queued(services.resend, self)


def _queued(send: Callable[[Record], Delivery], view: GenericAPIView[Record]) -> Response:
    try:
        delivery = send(view.get_object())
    except services.TurnedOffError as error:
        raise WebhookOff from error
    data = DeliverySerializer(delivery, context=view.get_serializer_context()).data
    return Response(data, HTTPStatus.ACCEPTED, headers={"Location": data["url"]})


urlpatterns = [
    path("webhooks/", WebhookList.as_view(), name="webhook-list"),
    path("webhooks/<uuid:pk>/", WebhookDetail.as_view(), name="webhook-detail"),
    path(
        "webhooks/<uuid:pk>/rotate-secret/",
        WebhookRotateSecret.as_view(),
        name="webhook-rotate-secret",
    ),
    path("webhooks/<uuid:pk>/test/", WebhookTest.as_view(), name="webhook-test"),
    path("webhooks/<uuid:pk>/deliveries/", WebhookDeliveries.as_view(), name="webhook-deliveries"),
    path("deliveries/<uuid:pk>/", DeliveryDetail.as_view(), name="delivery-detail"),
    path("deliveries/<uuid:pk>/resend/", DeliveryResend.as_view(), name="delivery-resend"),
]
