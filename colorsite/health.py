"""Whether this process works, for load balancers and for the process manager."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from django.core.files.base import ContentFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from colorsite.metrics import is_operator
from filestore.services import FOLDER, require_folder
from filestore.storages import media_storage
from jobs import broker

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """A part responds, but is not usable."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Is it worth keeping this process? Cheap: asked every few seconds."""
    return _report({"database": _ask_database})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Can people be sent here? Only for who may read /metrics is a file stored to find out."""
    return _report({**PARTS, "storage": partial(_ask_storage, request)})


def _report(parts: Mapping[str, Callable[[], object]]) -> JsonResponse:
    report = {name: _state(name, ask) for name, ask in parts.items()}
    is_ok = set(report.values()) == {"ok"}
    status = "ok" if is_ok else "unavailable"
    return JsonResponse({"status": status, **report}, status=200 if is_ok else 503)


def _state(name: str, ask: Callable[[], object]) -> str:
    try:
        ask()
    except Exception:
        # The driver's words name hosts and users: they are for the log, not for everybody.
        logger.exception("Not available: %s", name)
        return "unavailable"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError("The database is of an earlier release: run manage.py migrate")


def _ask_storage(request: HttpRequest) -> None:
    storage = media_storage()
    storage.check()
    require_folder()
    if is_operator(request):
        # Where the sweep finds what a killed process leaves behind.
        storage.delete(storage.save(f"{FOLDER}/readyz", ContentFile(b"ok")))


def _ask_queue() -> None:
    broker.ping()


PARTS: Final[Mapping[str, Callable[[], object]]] = {
    "database": _ask_database,
    "migrations": _ask_migrations,
    "queue": _ask_queue,
}
