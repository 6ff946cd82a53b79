"""Secrets were kept as they are."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models

import webhooks.signing
from webhooks.encryption import SecretField, decrypt, encrypt


def _change(apps: Any, change: Callable[[str], str]) -> None:
    webhooks_of_then = apps.get_model("webhooks", "Webhook").objects
    for key, secret, previous in webhooks_of_then.values_list("pk", "secret", "previous_secret"):
        webhooks_of_then.filter(pk=key).update(
            secret=change(secret), previous_secret=change(previous)
        )


def encrypt_all(apps: Any, schema_editor: Any) -> None:
    _change(apps, encrypt)


def decrypt_all(apps: Any, schema_editor: Any) -> None:
    _change(apps, decrypt)


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AlterField("webhook", "secret", models.CharField(max_length=250)),
        migrations.AlterField("webhook", "previous_secret", models.CharField(max_length=250)),
        migrations.RunPython(encrypt_all, decrypt_all, elidable=True),
        migrations.AlterField(
            "webhook",
            "secret",
            SecretField(default=webhooks.signing.new_secret, editable=False, max_length=250),
        ),
        migrations.AlterField(
            "webhook", "previous_secret", SecretField(blank=True, editable=False, max_length=250)
        ),
    ]
