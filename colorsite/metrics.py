"""Figures for Prometheus. Read from the database when asked: workers are other processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from colorizer import clusters
from colorizer.models import Colorization, WorkerCluster
from colorizer.queue_depth import depths

State = Colorization.State
BUCKETS: Final = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
OF_CLUSTER: Final = ("cluster", "queue", "host")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not (_has_token(request) or _is_staff(request)):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Jobs())
    registry.register(Clusters())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(sent, f"Bearer {token}")


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm("colorizer.view_colorization")


class Jobs(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from self._waiting()
        yield self._ended()
        yield self._seconds()

    def _waiting(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("tintype_jobs", "Open jobs.", labels=["queue", "state"])
        oldest = GaugeMetricFamily(
            "tintype_oldest_queued_seconds", "Age of the oldest queued job.", labels=["queue"]
        )
        for depth in depths():
            jobs.add_metric([depth.queue, State.QUEUED], depth.queued)
            jobs.add_metric([depth.queue, State.RUNNING], depth.running)
            age = timezone.now() - depth.oldest if depth.oldest else timedelta()
            oldest.add_metric([depth.queue], age.total_seconds())
        yield from (jobs, oldest)

    def _ended(self) -> Metric:
        metric = GaugeMetricFamily(
            "tintype_ended_jobs", "Records of jobs that ended.", labels=["state", "error_code"]
        )
        ended = Colorization.objects.exclude(finished_at=None)
        rows = ended.order_by().values_list("state", "error_code").annotate(Count("pk"))
        for state, code, number in rows:
            metric.add_metric([state, code], number)
        return metric

    def _seconds(self) -> Metric:
        succeeded = Colorization.objects.succeeded().exclude(duration=None).order_by()
        within = {
            f"within_{number}": Count("pk", filter=Q(duration__lte=timedelta(seconds=end)))
            for number, end in enumerate(BUCKETS)
        }
        figures = succeeded.aggregate(total=Sum("duration"), number=Count("pk"), **within)
        buckets = [(str(end), figures[f"within_{n}"]) for n, end in enumerate(BUCKETS)]
        total = figures["total"].total_seconds() if figures["total"] else 0
        metric = HistogramMetricFamily("tintype_job_seconds", "How long successful jobs took.")
        metric.add_metric([], [*buckets, ("+Inf", figures["number"])], total)
        return metric


class Clusters(Collector):
    def collect(self) -> Iterator[Metric]:
        alive = GaugeMetricFamily(
            "tintype_cluster_alive", "1 while it answers its canaries.", labels=OF_CLUSTER
        )
        workers = GaugeMetricFamily("tintype_cluster_workers", "Processes.", labels=OF_CLUSTER)
        silence = GaugeMetricFamily(
            "tintype_cluster_silence_seconds", "Since its last sign of life.", labels=OF_CLUSTER
        )
        loads = CounterMetricFamily(
            "tintype_model_loads", "Networks loaded by its workers.", labels=OF_CLUSTER
        )
        losses = CounterMetricFamily(
            "tintype_lease_losses", "Jobs whose worker fell silent.", labels=OF_CLUSTER
        )
        for cluster in WorkerCluster.objects.all():
            labels = [str(cluster.pk), cluster.queue, cluster.host]
            alive.add_metric(labels, not clusters.is_silent(cluster))
            workers.add_metric(labels, cluster.workers)
            silent_for = timezone.now() - cluster.alive_at
            silence.add_metric(labels, max(0, silent_for.total_seconds()))
            loads.add_metric(labels, cluster.model_loads)
            losses.add_metric(labels, cluster.lease_losses)
        yield from (alive, workers, silence, loads, losses)
