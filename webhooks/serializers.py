"""Webhooks and deliveries as the API has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery.api.job_serializers import AttemptSerializer
from gallery.api.links import Link
from jobs.models import Attempt
from webhooks import events, services, targets
from webhooks.events import CHOSEN_TYPES
from webhooks.models import URL_LENGTH, Delivery, Event, Webhook

MAX_OVERLAP_HOURS: Final = 7 * 24


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    url = Link("api:webhook-detail")
    deliveries_url = Link("api:webhook-deliveries")
    target_url = serializers.CharField(
        max_length=URL_LENGTH,
        validators=[targets.check_url],
        help_text="Where messages are sent to; https.",
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(CHOSEN_TYPES),
        required=False,
        max_length=len(CHOSEN_TYPES),
        help_text="The types that are sent; an empty list means all, also those that are added later.",
    )

    class Meta:
        model = Webhook
        fields = [
            "id",
            "url",
            "deliveries_url",
            "target_url",
            "description",
            "events",
            "is_active",
            "disabled_reason",
            "failing_since",
            "previous_secret_expires_at",
            "created_at",
        ]
        read_only_fields = ["disabled_reason"]

    def create(self, validated_data: dict[str, Any]) -> Webhook:
        return services.create(self.context["request"].user, **validated_data)

    def update(self, instance: Webhook, validated_data: dict[str, Any]) -> Webhook:
        services.edit(instance, **validated_data)
        return instance


class NewSecretSerializer(WebhookSerializer):
    """With the secret: shown when it is made, and not to be had again."""

    secret = serializers.CharField(read_only=True)

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class RotationSerializer(serializers.Serializer[Any]):
    overlap_hours = serializers.IntegerField(
        default=24,
        min_value=0,
        max_value=MAX_OVERLAP_HOURS,
        help_text="For how long messages are signed with the present secret, too.",
    )


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event that is sent to one webhook."""

    url = Link("api:delivery-detail")
    webhook_url = Link("api:webhook-detail", lookup_field="webhook_id", lookup_url_kwarg="pk")
    event_id = serializers.UUIDField(read_only=True, help_text="What Webhook-Id has.")
    type = serializers.ChoiceField(Event.Type.choices, source="event.type", read_only=True)
    error_text = serializers.CharField(
        source="error_message", read_only=True, help_text="Of the last try."
    )

    class Meta:
        model = Delivery
        fields = [
            "id",
            "url",
            "webhook_url",
            "event_id",
            "type",
            "state",
            "is_resent",
            "tries",
            "next_attempt_at",
            "response_status",
            "error_text",
            "created_at",
            "delivered_at",
        ]
        read_only_fields = fields


class DeliveryDetailSerializer(DeliverySerializer):
    """With what is sent, and each try so far."""

    payload = serializers.SerializerMethodField()
    attempts = serializers.SerializerMethodField()

    class Meta(DeliverySerializer.Meta):
        fields = [*DeliverySerializer.Meta.fields, "payload", "attempts"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_payload(self, delivery: Delivery) -> Mapping[str, Any]:
        return events.payload(delivery.event)

    @extend_schema_field(AttemptSerializer(many=True))
    def get_attempts(self, delivery: Delivery) -> Any:
        tries = Attempt.objects.filter(job=delivery.job_id).order_by("number")
        return AttemptSerializer(tries, many=True).data


class DeliveryFilterSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Delivery.State.choices, required=False)
