"""/metrics tells Prometheus, and nobody else, how the jobs do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from colorizer import clusters
from colorizer.models import Colorization, Queue
from tests.factories import make_colorization, make_staff, make_user
from tests.staff import client_of

pytestmark = pytest.mark.django_db

State = Colorization.State
TOKEN = "a token for Prometheus"


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def figures(client: Client) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, sorted values of the labels) -> figure."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_open_jobs_are_counted_with_the_age_of_the_oldest(client: Client) -> None:
    job = make_colorization(state=State.QUEUED)
    Colorization.objects.filter(pk=job.pk).update(queued_at=job.queued_at - timedelta(minutes=5))
    make_colorization(state=State.RUNNING)
    found = figures(client)
    assert found["tintype_jobs", ("photos", "queued")] == 1
    assert found["tintype_jobs", ("photos", "running")] == 1
    assert found["tintype_jobs", ("queued", "videos")] == 0
    assert found["tintype_oldest_queued_seconds", ("photos",)] >= 300


def test_ended_jobs_are_counted_by_error_and_timed(client: Client) -> None:
    for seconds in (1, 7):
        pair = make_colorization()
        Colorization.objects.filter(pk=pair.pk).update(duration=timedelta(seconds=seconds))
    make_colorization(state=State.FAILED)
    found = figures(client)
    assert found["tintype_ended_jobs", ("", "succeeded")] == 2
    assert found["tintype_ended_jobs", ("failed", "unreadable_photo")] == 1
    assert found["tintype_job_seconds_bucket", ("1",)] == 1
    assert found["tintype_job_seconds_bucket", ("10",)] == 2
    assert found["tintype_job_seconds_sum", ()] == 8


def test_clusters_are_told(client: Client) -> None:
    cluster = clusters.register(Queue.PHOTOS, workers=2)
    labels = tuple(sorted([str(cluster.pk), "photos", cluster.host]))
    found = figures(client)
    assert found["tintype_cluster_alive", labels] == 1
    assert found["tintype_cluster_workers", labels] == 2
    assert found["tintype_model_loads_total", labels] == 0
    assert found["tintype_lease_losses_total", labels] == 0


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer None", "Bearer a wrong one"])
def test_it_is_not_there_without_the_token(client: Client, settings: Settings, sent: str) -> None:
    for token in (TOKEN, None):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_staff_may_look_and_others_may_not() -> None:
    assert client_of(make_staff()).get("/metrics").status_code == 200
    assert client_of(make_user()).get("/metrics").status_code == 404
