from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from colorizer.engine.hints import Hint
from colorizer.models import Colorization
from jobs.models import Job
from tests.factories import make_colorization, make_guided, make_staff, photo_of
from tests.staff import act, client_of, log_of, make_moderator, page

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.mark.parametrize("state", State)
def test_list_and_page_show_a_job_in_any_state(state: State) -> None:
    colorization = make_colorization(state=state)
    client = client_of(make_staff())
    assert str(state.label) in client.get(page(Colorization, "changelist")).content.decode()
    assert (
        str(state.label) in client.get(page(Colorization, "change", colorization)).content.decode()
    )


def test_the_list_shows_before_and_after() -> None:
    colorization = make_colorization(state=State.SUCCEEDED)
    content = client_of(make_staff()).get(page(Colorization, "changelist")).content.decode()
    assert reverse("gallery:photo-thumbnail", args=[photo_of(colorization).pk]) in content
    assert reverse("gallery:colorization-thumbnail", args=[colorization.pk]) in content


def test_the_page_tells_what_made_the_picture() -> None:
    colorization = make_colorization(state=State.SUCCEEDED)
    content = (
        client_of(make_staff()).get(page(Colorization, "change", colorization)).content.decode()
    )
    assert colorization.weights_name in content
    assert colorization.weights_sha256 in content


def test_the_page_tells_what_guided_the_version() -> None:
    hint = Hint(30, 20, (200, 30, 30), 12)
    client = client_of(make_staff())

    def told(colorization: Colorization) -> str:
        return client.get(page(Colorization, "change", colorization)).content.decode()

    assert "Nothing" in told(make_colorization())
    assert "1 hint<" in told(make_guided(make_colorization(), [hint]))
    both = told(make_guided(make_colorization(), [hint, hint], b"PNG"))
    assert "2 hints and the colors of another photo<" in both
    scene = told(make_guided(make_colorization(), [hint], b"PNG", 72.5))
    assert "1 hint and the colors of another photo for the scene at 1:12" in scene


def test_the_list_can_be_narrowed_to_weights() -> None:
    colorization = make_colorization(state=State.SUCCEEDED)
    Colorization.objects.filter(pk=colorization.pk).update(weights_name="deoldify-stable")
    other = make_colorization(state=State.SUCCEEDED)
    response = client_of(make_staff()).get(
        page(Colorization, "changelist"), {"weights_name": "deoldify-stable"}
    )
    assert str(colorization.pk) in response.content.decode()
    assert str(other.pk) not in response.content.decode()


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_retry_puts_a_job_back_into_the_queue(state: State) -> None:
    colorization = make_colorization(state=state)
    act(client_of(make_staff()), "retry", [colorization])
    colorization.job.refresh_from_db()
    assert (
        colorization.job.state,
        colorization.job.attempts_made,
        colorization.job.error_code,
    ) == (State.QUEUED, 0, "")
    assert log_of(colorization) == ["Queued again."]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
def test_retry_leaves_other_jobs_alone(state: State) -> None:
    colorization = make_colorization(state=state)
    act(client_of(make_staff()), "retry", [colorization])
    colorization.job.refresh_from_db()
    assert colorization.job.state == state
    assert log_of(colorization) == []


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_cancel_stops_a_job_that_is_not_finished(state: State) -> None:
    colorization = make_colorization(state=state)
    act(client_of(make_staff()), "cancel", [colorization])
    colorization.job.refresh_from_db()
    assert colorization.job.state == State.CANCELLED
    assert log_of(colorization) == ["Cancelled."]


def test_cancel_leaves_a_result_alone() -> None:
    colorization = make_colorization(state=State.SUCCEEDED)
    act(client_of(make_staff()), "cancel", [colorization])
    colorization.job.refresh_from_db()
    assert colorization.job.state == State.SUCCEEDED
    assert log_of(colorization) == []


def test_deleting_removes_the_result_and_keeps_the_photo(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    colorization = make_colorization(state=State.SUCCEEDED)
    result, original = str(colorization.result), str(colorization.source)
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(make_staff()), "delete_selected", [colorization], post="yes")
    assert not Colorization.objects.exists()
    assert not default_storage.exists(result)
    assert default_storage.exists(original)


def test_a_job_record_cannot_be_edited() -> None:
    colorization = make_colorization(state=State.QUEUED)
    client = client_of(make_staff())
    response = client.post(page(Colorization, "change", colorization), {"state": "succeeded"})
    assert response.status_code == 403


def test_staff_who_may_only_look_cannot_cancel() -> None:
    colorization = make_colorization(state=State.QUEUED)
    act(client_of(make_moderator("colorizer.view_colorization")), "cancel", [colorization])
    colorization.job.refresh_from_db()
    assert colorization.job.state == State.QUEUED


def test_the_queue_of_django_q_is_no_part_of_the_admin() -> None:
    assert client_of(make_staff()).get("/admin/django_q/schedule/").status_code == 404
