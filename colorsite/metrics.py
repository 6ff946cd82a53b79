"""Metrics for Prometheus, read from the database on each request: workers are other processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Sum
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

from colorsite.queue import leases_lost
from filestore.models import StoredFile
from jobs import clusters, counters, kinds
from jobs.models import Job, Queue, WorkerCluster
from jobs.queue_depth import depths, open_jobs

OF_CLUSTER: Final = ("cluster", "queue", "host")
OF_ENDED: Final = ("kind", "queue", "state", "error_code")
OF_KIND: Final = ("kind", "queue")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not is_operator(request):
        raise Http404
    registry = CollectorRegistry()
    for collector in (OpenJobs(), CountedJobs(), Clusters(), Files()):
        registry.register(collector)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def is_operator(request: HttpRequest) -> bool:
    """Prometheus, or staff who may see jobs."""
    return _has_token(request) or _is_staff(request)


def _has_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(sent, f"Bearer {token}")


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm("jobs.view_job")


class OpenJobs(Collector):
    """Gauges: queued and running jobs."""

    def collect(self) -> Iterator[Metric]:
        yield self._open()
        yield self._oldest()

    def _open(self) -> Metric:
        metric = GaugeMetricFamily("tintype_jobs", "Open jobs.", labels=["queue", "kind", "state"])
        for labels, number in _open_jobs().items():
            metric.add_metric(labels, number)
        return metric

    def _oldest(self) -> Metric:
        metric = GaugeMetricFamily(
            "tintype_oldest_queued_seconds", "Age of the oldest queued job.", labels=["queue"]
        )
        for depth in depths():
            age = timezone.now() - depth.oldest if depth.oldest else timedelta()
            metric.add_metric([depth.queue], age.total_seconds())
        return metric


def _open_jobs() -> dict[tuple[str, str, str], int]:
    """Of every queue and kind, also where none is open. A queue without kinds has one of no name."""
    known = {(kind.queue.value, kind.name) for kind in kinds.all_kinds()}
    unused = {(queue.value, "") for queue in Queue} - {(queue, "") for queue, _ in known}
    none = {(*of, state.value): 0 for of in sorted(known | unused) for state in Job.OPEN_STATES}
    rows = open_jobs().order_by().values_list("queue", "kind", "state").annotate(Count("pk"))
    return none | {(queue, kind, state): number for queue, kind, state, number in rows}


class CountedJobs(Collector):
    """Counters: they never go down, also when jobs are deleted."""

    def collect(self) -> Iterator[Metric]:
        yield self._ended()
        yield self._seconds()
        yield self._leases_lost()
        yield self._model_loads()

    def _ended(self) -> Metric:
        metric = CounterMetricFamily("tintype_jobs_ended", "Jobs that ended.", labels=OF_ENDED)
        for labels, value in counters.read("jobs_ended"):
            metric.add_metric([labels[name] for name in OF_ENDED], value)
        return metric

    def _seconds(self) -> Metric:
        metric = HistogramMetricFamily(
            "tintype_job_seconds", "How long successful jobs took.", labels=OF_KIND
        )
        for found in counters.read_histograms("job_seconds"):
            labels = [found.labels[name] for name in OF_KIND]
            metric.add_metric(labels, list(found.buckets.items()), found.total)
        return metric

    def _leases_lost(self) -> Metric:
        metric = CounterMetricFamily(
            "tintype_lease_losses",
            "Jobs whose worker stopped renewing its lease.",
            labels=["queue"],
        )
        lost = leases_lost()
        for queue in Queue:
            metric.add_metric([queue], lost.get(queue, 0))
        return metric

    def _model_loads(self) -> Metric:
        loads = sum(value for _, value in counters.read("model_loads"))
        return CounterMetricFamily("tintype_model_loads", "Networks loaded by workers.", loads)


class Clusters(Collector):
    def collect(self) -> Iterator[Metric]:
        alive = GaugeMetricFamily(
            "tintype_cluster_alive", "1 while it responds to health probes.", labels=OF_CLUSTER
        )
        workers = GaugeMetricFamily("tintype_cluster_workers", "Processes.", labels=OF_CLUSTER)
        silence = GaugeMetricFamily(
            "tintype_cluster_silence_seconds", "Since its last sign of life.", labels=OF_CLUSTER
        )
        for cluster in WorkerCluster.objects.all():
            labels = [str(cluster.pk), cluster.queue, cluster.host]
            alive.add_metric(labels, not clusters.is_silent(cluster))
            workers.add_metric(labels, cluster.workers)
            silent_for = timezone.now() - cluster.alive_at
            silence.add_metric(labels, max(0, silent_for.total_seconds()))
        yield from (alive, workers, silence)


class Files(Collector):
    def collect(self) -> Iterator[Metric]:
        number = GaugeMetricFamily("tintype_stored_files", "Files kept.", labels=["purpose"])
        size = GaugeMetricFamily("tintype_stored_bytes", "Bytes of them.", labels=["purpose"])
        rows = StoredFile.objects.order_by().values_list("purpose")
        # An index has purposes and bytes, but no keys: they are not counted.
        sums = rows.annotate(files=Count("*"), size=Sum("bytes"))
        kept = {purpose: found for purpose, *found in sums}
        for purpose in StoredFile.Purpose:
            files, bytes_ = kept.get(purpose, (0, 0))
            number.add_metric([purpose], files)
            size.add_metric([purpose], bytes_)
        yield from (number, size)
