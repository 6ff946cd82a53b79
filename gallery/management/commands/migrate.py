"""Django's, with the triggers that count what is written made anew."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from gallery.changes import triggers


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        connection = connections[options["database"]]
        only_looks = options["plan"] or options["check_unapplied"]
        if only_looks or _has_nothing_to_do(connection, options):
            return super().handle(*args, **options)
        triggers.stop(connection)
        said = super().handle(*args, **options)
        if triggers.is_migrated(connection):
            triggers.start(connection)
        return said


def _has_nothing_to_do(connection: Any, options: dict[str, Any]) -> bool:
    """At most starts of a site: nobody who writes shall wait for them."""
    is_whole = options["app_label"] is None
    return is_whole and triggers.is_migrated(connection) and triggers.is_counting(connection)
