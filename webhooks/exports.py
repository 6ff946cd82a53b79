"""What an export has of webhooks."""

from __future__ import annotations

from typing import Final

from gallery.export_tables import INTERNAL
from gallery.exports import Table
from webhooks.models import Delivery, Event, Webhook

SIGNS: Final = "It signs messages, also for whoever finds the export."

TABLES: Final = [
    Table(
        "webhooks",
        Webhook,
        lambda owner: Webhook.objects.filter(owner=owner),
        {"secret": SIGNS, "previous_secret": SIGNS},
    ),
    Table(
        "webhook_events",
        Event,
        lambda owner: Event.objects.filter(owner=owner),
        {"awaits_deliveries": INTERNAL},
    ),
    Table(
        "webhook_deliveries",
        Delivery,
        lambda owner: Delivery.objects.filter(webhook__owner=owner),
    ),
]
