"""Make a site ready to start: database, static files, a first administrator."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User


class Command(BaseCommand):
    help = "Migrate the database, collect static files and make the first administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not User.objects.filter(is_superuser=True).exists():
            self.create_administrator(settings.ADMIN_EMAIL)

    def create_administrator(self, email: str) -> None:
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(email, password, name="Administrator")
        self.stdout.write(f"First administrator: {email} with the password {password}")
        self.stdout.write("Write it down: it is shown only this once.")
