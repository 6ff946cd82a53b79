"""Messages that wake workers. A bell says "look for work"; which job is next, the database knows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.tasks import async_task

from colorizer.models import Colorization, WorkerCluster


def ring(queue: str) -> None:
    """Wake one worker of each cluster. Called in the transaction that queues a job."""
    if Conf.ORM:
        _ring_all(queue)  # rows in the same database: they are rolled back with the job
    else:
        # A worker must not come before the job can be seen. Robust: the job is there whether the
        # queue can be reached or not, and `ring_missing` makes up for it.
        transaction.on_commit(lambda: _ring_all(queue), robust=True)


def ring_missing(cluster: WorkerCluster) -> None:
    """One bell for each job that waits: bells get lost with a worker or with the queue."""
    waiting = Colorization.objects.filter(
        state=Colorization.State.QUEUED, queue=cluster.queue
    ).count()
    for _ in range(waiting - get_broker(str(cluster.pk)).queue_size()):
        send(cluster.pk, "colorizer.tasks.run_next")


def send(cluster_id: UUID, task: str) -> None:
    async_task(task, task_name=task.rpartition(".")[2], cluster=str(cluster_id))


def discard(cluster_id: UUID) -> None:
    """Nobody listens to these bells any more."""
    get_broker(str(cluster_id)).delete_queue()


def _ring_all(queue: str) -> None:
    listening = WorkerCluster.objects.filter(queue=queue, is_draining=False)
    for cluster_id in listening.values_list("pk", flat=True):
        send(cluster_id, "colorizer.tasks.run_next")
