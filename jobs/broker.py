"""Messages that wake workers, by django-q2: all that is known of it is known here.

A message says "look for work"; which job is next, the database knows. So any number of them may
get lost or come twice.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.db import Error, transaction
from django_q.brokers import get_broker
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from jobs.models import Job, WorkerCluster

RUN_NEXT: Final = "jobs.tasks.run_next"
ANSWER_PROBE: Final = "jobs.tasks.answer_probe"
COMMAND: Final = (sys.executable, "manage.py", "qcluster", "--skip-checks")
"""Starts a cluster, in the folder of manage.py and with the variables of `environment`.

The supervisor has made the checks already.
"""


def _outages() -> tuple[type[Exception], ...]:
    if Conf.ORM:
        return (Error,)
    from redis import RedisError  # noqa: PLC0415  (no process of a site without a Redis loads it)

    return (Error, RedisError)


OUTAGES: Final = _outages()
"""What is raised while the database or the broker is away."""


def environment(cluster: WorkerCluster) -> Mapping[str, str]:
    """What tells the processes of a cluster which queue they listen to, and how many they are."""
    return {"Q_CLUSTER_NAME": str(cluster.pk), "WORKERS": str(cluster.workers)}


def workers() -> int:
    """How many workers the cluster of this process has."""
    return int(settings.Q_CLUSTER["workers"])


def notify_workers(queue: str, number: int = 1) -> None:
    """Wake so many workers of each cluster. Called in the transaction that queues as many jobs."""
    if Conf.ORM:
        _notify_all(queue, number)  # rows in the same database: they are rolled back with the jobs
    else:
        # A worker must not come before the job can be seen. Robust: the job is there whether the
        # broker can be reached or not, and `resend_missing` makes up for it.
        transaction.on_commit(lambda: _notify_those_that_stay(queue, number), robust=True)


def resend_missing(cluster: WorkerCluster) -> None:
    """One message for each job that waits: they get lost with a worker or with the broker."""
    waiting = Job.objects.due().filter(queue=cluster.queue).count()
    for _ in range(waiting - pending(cluster)):
        _send_run_next(cluster.pk, cluster.queue)


def pending(cluster: WorkerCluster) -> int:
    """How many messages wait for the workers of a cluster."""
    return int(get_broker(str(cluster.pk)).queue_size())


def fork_workers() -> None:
    """Those of this process's cluster; others take their places, until SIGTERM."""
    Cluster().start()


def send(cluster_id: UUID, task: str, **options: object) -> None:
    async_task(task, task_name=task.rpartition(".")[2], cluster=str(cluster_id), **options)


def _send_run_next(cluster_id: UUID, queue: str) -> None:
    send(cluster_id, RUN_NEXT, timeout=settings.JOB_TIMEOUTS[queue])


def addressees() -> set[UUID]:
    """The clusters that messages in the database are for, also those that are gone.

    A Redis may have messages of other sites, too, of which nothing is known here.
    """
    return {UUID(name) for name in OrmQ.objects.values_list("key", flat=True).distinct()}


def discard(cluster_id: UUID) -> None:
    """Nobody listens to these messages any more."""
    get_broker(str(cluster_id)).delete_queue()


def forget_failures() -> None:
    """Why handling a message failed stands in the log; django-q keeps it in the database, too, and never deletes it."""
    Task.objects.all().delete()


def ping() -> None:
    """Raises one of OUTAGES when the broker cannot be reached."""
    get_broker().ping()


def hide_from_admin(site: AdminSite) -> None:
    """Its tables are no part of what staff look at: messages say nothing about jobs."""
    for model in apps.get_app_config("django_q").get_models():
        if site.is_registered(model):
            site.unregister(model)


def _notify_all(queue: str, number: int) -> set[UUID]:
    """The clusters that were told."""
    listening = WorkerCluster.objects.filter(queue=queue, is_draining=False)
    cluster_ids = set(listening.values_list("pk", flat=True))
    for cluster_id in cluster_ids:
        for _ in range(number):
            _send_run_next(cluster_id, queue)
    return cluster_ids


def _notify_those_that_stay(queue: str, number: int) -> None:
    """In a Redis nobody would find what was written to a cluster that has just been removed (see `addressees`)."""
    told = _notify_all(queue, number)
    for gone in told - set(WorkerCluster.objects.values_list("pk", flat=True)):
        discard(gone)
