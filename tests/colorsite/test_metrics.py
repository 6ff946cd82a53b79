"""/metrics tells Prometheus, and nobody else, how the jobs do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from gallery.services import delete_photo
from jobs import clusters, counters
from jobs.models import Job, Queue
from tests.factories import make_archive, make_colorization, make_photo, make_staff, make_user
from tests.plans import scans_of
from tests.staff import client_of, make_moderator

pytestmark = pytest.mark.django_db

State = Job.State
TOKEN = "a token for Prometheus"
COUNTED = ("tintype_jobs_ended", "tintype_job_seconds", "tintype_lease_losses", "tintype_model")


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def labels(*values: str) -> tuple[str, ...]:
    return tuple(sorted(values))


def figures(client: Client) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, sorted values of the labels) -> figure."""
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_open_jobs_are_counted_with_the_age_of_the_oldest(client: Client) -> None:
    job = make_colorization(state=State.QUEUED).job
    Job.objects.filter(pk=job.pk).update(queued_at=job.queued_at - timedelta(minutes=5))
    make_colorization(state=State.RUNNING)
    make_archive(state=State.QUEUED)
    found = figures(client)
    assert found["tintype_jobs", ("colorize_photo", "photos", "queued")] == 1
    assert found["tintype_jobs", ("colorize_photo", "photos", "running")] == 1
    assert found["tintype_jobs", ("album_archive", "files", "queued")] == 1
    assert found["tintype_jobs", ("album_archive", "files", "running")] == 0
    # A queue is there whether it has a kind of job or not.
    videos = [found[key] for key in found if key[0] == "tintype_jobs" and "videos" in key[1]]
    assert set(videos) == {0}
    assert found["tintype_oldest_queued_seconds", ("photos",)] >= 300
    assert found["tintype_oldest_queued_seconds", ("videos",)] == 0


def test_ended_jobs_are_counted_by_error_and_timed(client: Client) -> None:
    for seconds in (1, 7):
        counters.observe("job_seconds", seconds, kind="colorize_photo", queue="photos")
        make_colorization()
    make_colorization(state=State.FAILED)
    make_archive(state=State.CANCELLED)
    found = figures(client)
    of_photo = ("colorize_photo", "photos")
    assert found["tintype_jobs_ended_total", labels("", "succeeded", *of_photo)] == 2
    assert found["tintype_jobs_ended_total", labels("failed", "unreadable_photo", *of_photo)] == 1
    assert found["tintype_jobs_ended_total", labels("", "cancelled", "album_archive", "files")] == 1
    # The two that the factory ran took no time.
    assert found["tintype_job_seconds_bucket", labels("1", *of_photo)] == 3
    assert found["tintype_job_seconds_bucket", labels("10", *of_photo)] == 4
    assert found["tintype_job_seconds_bucket", labels("+Inf", *of_photo)] == 4
    assert found["tintype_job_seconds_count", labels(*of_photo)] == 4
    assert found["tintype_job_seconds_sum", labels(*of_photo)] == pytest.approx(8, abs=1)


def test_counters_do_not_go_down_when_jobs_are_deleted(client: Client) -> None:
    photo = make_photo()
    make_colorization(photo)
    make_colorization(photo, State.FAILED)
    before = figures(client)
    delete_photo(photo)
    assert not Job.objects.exists()
    after = figures(client)
    counted = {name for name in before if name[0].startswith(COUNTED)}
    assert {name: after[name] for name in counted} == {name: before[name] for name in counted}
    assert sum(before[name] for name in counted) > 0


def test_clusters_are_told(client: Client) -> None:
    cluster = clusters.register(Queue.PHOTOS, workers=2)
    of_cluster = labels(str(cluster.pk), "photos", cluster.host)
    found = figures(client)
    assert found["tintype_cluster_alive", of_cluster] == 1
    assert found["tintype_cluster_workers", of_cluster] == 2
    assert found["tintype_cluster_silence_seconds", of_cluster] < 60


def test_loaded_networks_and_lost_leases_are_counted(client: Client) -> None:
    found = figures(client)
    assert found["tintype_model_loads_total", ()] == 0
    assert found["tintype_lease_losses_total", ("photos",)] == 0
    counters.add("model_loads")
    counters.add("lease_losses", queue="photos")
    found = figures(client)
    assert found["tintype_model_loads_total", ()] == 1
    assert found["tintype_lease_losses_total", ("photos",)] == 1
    assert found["tintype_lease_losses_total", ("files",)] == 0


def test_stored_files_are_told_by_purpose(client: Client) -> None:
    original = make_photo().original
    found = figures(client)
    assert found["tintype_stored_bytes", ("original",)] == original.bytes
    assert found["tintype_stored_files", ("original",)] == 1
    assert found["tintype_stored_files", ("display",)] == 1
    assert found["tintype_stored_bytes", ("archive",)] == 0


def test_no_scrape_reads_all_jobs_or_more_than_an_index_of_the_files(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        figures(client)
    assert scans_of("jobs_job", asked) == []
    (scan,) = scans_of("filestore_storedfile", asked)
    assert "COVERING INDEX" in scan


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer None", "Bearer a wrong one"])
def test_it_is_not_there_without_the_token(client: Client, settings: Settings, sent: str) -> None:
    for token in (TOKEN, None):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_staff_may_look_and_others_may_not() -> None:
    assert client_of(make_staff()).get("/metrics").status_code == 200
    assert client_of(make_moderator("jobs.view_job")).get("/metrics").status_code == 200
    assert client_of(make_moderator("gallery.view_photo")).get("/metrics").status_code == 404
    assert client_of(make_user()).get("/metrics").status_code == 404
