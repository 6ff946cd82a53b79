"""The clusters that run: who looks after them, and whether they are alive."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from colorizer import bells
from colorizer.models import Queue, WorkerCluster

NAME_VARIABLE: Final = "Q_CLUSTER_NAME"
"""django-q2's own: the queue that a cluster and all its processes listen to."""
MISSED_CANARIES: Final = 3
"""How many in a row a cluster may miss before it is started anew."""
ABANDONED_AFTER: Final = timedelta(minutes=5)


def register(queue: Queue, workers: int) -> WorkerCluster:
    cluster = WorkerCluster(
        queue=queue,
        host=socket.gethostname(),
        workers=workers,
        watched_at=Now(),
        alive_at=Now(),
    )
    cluster.save(force_insert=True)
    return cluster


def environment(cluster: WorkerCluster) -> Mapping[str, str]:
    """What tells the processes of a cluster which one they belong to."""
    return {NAME_VARIABLE: str(cluster.pk), "WORKERS": str(cluster.workers)}


def own() -> WorkerCluster | None:
    """The cluster of this process; None outside of any."""
    return _own().first()


def answer_canary() -> None:
    _change_own(canary_at=Now(), alive_at=Now())


def show_life() -> None:
    """A worker that is busy with a long job cannot answer canaries."""
    _change_own(alive_at=Now())


def count_model_load() -> None:
    _change_own(model_loads=F("model_loads") + 1)


def _change_own(**values: object) -> None:
    _own().update(**values)


def _own() -> QuerySet[WorkerCluster]:
    name = os.environ.get(NAME_VARIABLE)
    return WorkerCluster.objects.filter(pk=name) if name else WorkerCluster.objects.none()


def watch(cluster: WorkerCluster) -> None:
    WorkerCluster.objects.filter(pk=cluster.pk).update(watched_at=Now())


def last_life(cluster: WorkerCluster) -> datetime | None:
    """The time of its last sign; None when its record is gone."""
    return WorkerCluster.objects.filter(pk=cluster.pk).values_list("alive_at", flat=True).first()


def is_silent(cluster: WorkerCluster) -> bool:
    """Whether it has missed so many canaries that its supervisor should have seen it."""
    patience = timedelta(seconds=(MISSED_CANARIES + 1) * settings.CANARY_SECONDS)
    return timezone.now() - cluster.alive_at > patience


def begin_draining(cluster: WorkerCluster) -> None:
    WorkerCluster.objects.filter(pk=cluster.pk).update(is_draining=True)


def remove(cluster: WorkerCluster) -> None:
    bells.discard(cluster.pk)
    cluster.delete()


def remove_abandoned() -> None:
    """Those whose supervisor died with them, on whatever machine."""
    for cluster in WorkerCluster.objects.filter(watched_at__lt=Now() - ABANDONED_AFTER):
        remove(cluster)
