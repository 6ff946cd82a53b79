from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from colorizer.models import Colorization
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user
from tests.staff import act, client_of, log_of, make_moderator, page, queries_of

pytestmark = pytest.mark.django_db
State = Colorization.State


def make_pair(state: State) -> Colorization:
    return make_colorization(make_photo(make_album(make_user())), state)


@pytest.mark.parametrize("state", State)
def test_list_and_page_show_a_job_in_any_state(state: State) -> None:
    pair = make_pair(state)
    client = client_of(make_staff())
    assert state.label in client.get(page(Colorization, "changelist")).content.decode()
    assert state.label in client.get(page(Colorization, "change", pair)).content.decode()


def test_the_list_shows_before_and_after() -> None:
    pair = make_pair(State.SUCCEEDED)
    content = client_of(make_staff()).get(page(Colorization, "changelist")).content.decode()
    assert reverse("gallery:photo-thumbnail", args=[pair.photo_id]) in content
    assert reverse("gallery:colorization-thumbnail", args=[pair.pk]) in content


def test_the_page_tells_what_made_the_picture() -> None:
    pair = make_pair(State.SUCCEEDED)
    content = client_of(make_staff()).get(page(Colorization, "change", pair)).content.decode()
    assert pair.weights_name in content
    assert pair.weights_sha256 in content


def test_the_list_can_be_narrowed_to_weights() -> None:
    pair = make_pair(State.SUCCEEDED)
    Colorization.objects.filter(pk=pair.pk).update(weights_name="deoldify-stable")
    other = make_pair(State.SUCCEEDED)
    response = client_of(make_staff()).get(
        page(Colorization, "changelist"), {"weights_name": "deoldify-stable"}
    )
    assert str(pair.pk) in response.content.decode()
    assert str(other.pk) not in response.content.decode()


def test_the_list_needs_as_many_queries_for_many_pairs_as_for_one() -> None:
    make_pair(State.SUCCEEDED)
    client = client_of(make_staff())
    for_one = queries_of(client, page(Colorization, "changelist"))
    for _ in range(4):
        make_pair(State.SUCCEEDED)
    assert queries_of(client, page(Colorization, "changelist")) == for_one


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_retry_puts_a_job_back_into_the_queue(state: State) -> None:
    pair = make_pair(state)
    act(client_of(make_staff()), "retry", [pair])
    pair.refresh_from_db()
    assert (pair.state, pair.attempt, pair.error_code) == (State.QUEUED, 0, "")
    assert log_of(pair) == ["Queued again."]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
def test_retry_leaves_other_jobs_alone(state: State) -> None:
    pair = make_pair(state)
    act(client_of(make_staff()), "retry", [pair])
    pair.refresh_from_db()
    assert pair.state == state
    assert log_of(pair) == []


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_cancel_stops_a_job_that_is_not_finished(state: State) -> None:
    pair = make_pair(state)
    act(client_of(make_staff()), "cancel", [pair])
    pair.refresh_from_db()
    assert pair.state == State.CANCELLED
    assert log_of(pair) == ["Cancelled."]


def test_cancel_leaves_a_result_alone() -> None:
    pair = make_pair(State.SUCCEEDED)
    act(client_of(make_staff()), "cancel", [pair])
    pair.refresh_from_db()
    assert pair.state == State.SUCCEEDED
    assert log_of(pair) == []


def test_deleting_removes_the_result_and_keeps_the_photo(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pair = make_pair(State.SUCCEEDED)
    result, original = str(pair.result), str(pair.photo.original)
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(make_staff()), "delete_selected", [pair], post="yes")
    assert not Colorization.objects.exists()
    assert not default_storage.exists(result)
    assert default_storage.exists(original)


def test_a_job_record_cannot_be_edited() -> None:
    pair = make_pair(State.QUEUED)
    client = client_of(make_staff())
    response = client.post(page(Colorization, "change", pair), {"state": "succeeded"})
    assert response.status_code == 403


def test_staff_who_may_only_look_cannot_cancel() -> None:
    pair = make_pair(State.QUEUED)
    act(client_of(make_moderator("colorizer.view_colorization")), "cancel", [pair])
    pair.refresh_from_db()
    assert pair.state == State.QUEUED


def test_the_queue_of_django_q_is_no_part_of_the_admin() -> None:
    assert client_of(make_staff()).get("/admin/django_q/schedule/").status_code == 404
