"""Addresses that nobody proved stand in nobody's way: see accounts/models.py."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower


def forget_unproved_claims(apps: Any, schema_editor: Any) -> None:
    """Only the address that an account was made with may be with it unproved."""
    users = apps.get_model("accounts", "User").objects
    addresses = apps.get_model("account", "EmailAddress").objects
    users.update(email=Lower("email"))
    addresses.filter(verified=False).exclude(email=F("user__email")).delete()
    addresses.filter(user__is_superuser=True, email=F("user__email")).update(verified=True)
    for user in users.filter(is_superuser=True, emailaddress=None):
        addresses.create(user=user, email=user.email, verified=True, primary=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RemoveConstraint("user", "user_email_unique_whatever_its_case"),
        migrations.AlterField(
            "user",
            "email",
            models.EmailField(db_index=True, max_length=254, verbose_name="email address"),
        ),
        migrations.AddField(
            "user", "awaits_confirmation", models.BooleanField(default=False, editable=False)
        ),
        migrations.AddField(
            "user", "sessions_ended", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.RunPython(forget_unproved_claims, migrations.RunPython.noop),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_is_in_lower_case"
            ),
        ),
    ]
