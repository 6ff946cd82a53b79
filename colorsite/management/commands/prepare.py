"""Make a site ready to start: a free port, translations, the database, a first administrator."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from accounts.models import User
from colorsite import translations
from colorsite.environment import load_environment
from colorsite.listening import check_can_listen


class Command(BaseCommand):
    help = "Check the port, compile translations, migrate the database and make the first administrator."
    # They load every page of the site, as the web server does again right after: half of the start.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        environment = load_environment()
        check_can_listen(environment.HOST, environment.PORT)
        make_private(environment.DATA_DIR)
        translations.compile_catalogs()
        migrate()
        if not User.objects.filter(is_superuser=True).exists():
            self.create_administrator(settings.ADMIN_EMAIL)

    def create_administrator(self, email: str) -> None:
        password = secrets.token_urlsafe(12)
        try:
            User.objects.create_superuser(email, password, name="Administrator")
        except ValidationError as error:
            raise CommandError(
                f"There is no administrator, and none can be made for {email} ({' '.join(error.messages)}): "
                "write another address into ADMIN_EMAIL"
            ) from error
        self.stdout.write(f"First administrator: {email} with the password {password}")
        self.stdout.write("Write it down: it is shown only this once.")


def make_private(folder: Path) -> None:
    """A secret key or a database that was put here may be readable by others."""
    names = [folder / "secret_key"]
    if connection.vendor == "sqlite":
        database = str(connection.settings_dict["NAME"])
        names += [Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
    for name in names:
        if name.exists():
            name.chmod(0o600)


def migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise CommandError(
            f"The database cannot be used ({error}): check the environment variable DATABASE_URL"
        ) from error
