"""Lines of the log carry the ids of what they are about."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from colorsite.logs import Ids, Secrets
from jobs import transitions
from jobs.log_context import CLUSTER_VARIABLE, bound
from jobs.models import Job, Queue
from jobs.worker import run
from tests.factories import make_archive, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ids(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(Ids())
    caplog.set_level("INFO")


def ids_of(caplog: pytest.LogCaptureFixture, words: str) -> str:
    [record] = [record for record in caplog.records if words in record.getMessage()]
    return str(getattr(record, "ids", ""))


def test_request_and_user_are_named(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    owner = make_user()
    client.force_login(owner)
    response = client.get("/albums/no-such-album/", headers={"X-Request-ID": "proxy-7"})
    assert response.status_code == 404
    assert response["X-Request-ID"] == "proxy-7"
    assert ids_of(caplog, "Not Found") == f" request=proxy-7 user={owner.pk}"


@pytest.mark.parametrize("sent", ["", "two words", "a" * 65, "line\tbreak"])
def test_an_id_that_is_not_well_formed_is_replaced(client: Client, sent: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": sent})
    assert response["X-Request-ID"] != sent
    assert len(response["X-Request-ID"]) == 16


def test_visitors_have_no_user_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/no-such-page/", headers={"X-Request-ID": "a"})
    assert ids_of(caplog, "Not Found") == " request=a"


def test_job_and_its_owner_are_named(caplog: pytest.LogCaptureFixture) -> None:
    archive = make_archive(state=Job.State.QUEUED)
    job = transitions.claim_next(Queue.FILES)
    assert job
    transitions.cancel(job)
    run(job)
    expected = f" job={job.pk} user={archive.owner_id}"
    assert ids_of(caplog, "was cancelled") == expected


def test_ids_end_with_what_they_are_about(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test")
    with bound(job=1):
        logger.info("inside")
    logger.info("outside")
    assert (ids_of(caplog, "inside"), ids_of(caplog, "outside")) == (" job=1", "")


def test_the_cluster_of_a_worker_is_named(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CLUSTER_VARIABLE, "7")
    logging.getLogger("test").info("from a worker")
    assert ids_of(caplog, "from a worker") == " cluster=7"


@pytest.mark.parametrize(
    "address",
    [
        "/s/{}/",
        "/s/{}/photos/1/",
        "/api/v1/shared/{}/photos/",
        "/accounts/password/reset/key/{}/",
    ],
)
def test_the_secret_of_a_link_is_in_no_line(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    caplog.handler.addFilter(Secrets())
    client.get(address.format("a-token-that-nobody_guesses"))
    assert "nobody_guesses" not in caplog.text
    assert address.format("…") in caplog.text
