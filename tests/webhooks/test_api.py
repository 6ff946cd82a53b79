from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import api_keys
from accounts.models import User
from gallery.models import IdempotentRequest
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_user
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import work
from webhooks import services
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db
TARGET = "https://example.org/hook"


@pytest.fixture
def client(owner: User) -> APIClient:
    return client_of(owner)


def make(client: APIClient, **body: Any) -> Any:
    return client.post(address("webhook-list"), {"target_url": TARGET, **body}, format="json")


def test_a_webhook_is_made_and_its_secret_is_shown_once(client: APIClient) -> None:
    response = make(client, description="Our app", events=["job.failed"])
    webhook = Webhook.objects.get()
    body = response.json()
    assert response.status_code == 201
    assert response["Location"] == body["url"] == absolute("webhook-detail", webhook)
    assert body["secret"] == webhook.secret
    assert body["secret"].startswith("whsec_")
    shown = client.get(body["url"]).json()
    assert "secret" not in shown
    assert shown == {name: value for name, value in body.items() if name != "secret"}
    assert (shown["target_url"], shown["events"]) == (TARGET, ["job.failed"])
    [listed] = client.get(address("webhook-list")).json()["results"]
    assert listed == shown


def test_no_secret_is_in_a_kept_answer(client: APIClient, owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    headers = {"Idempotency-Key": "1"}
    body = {"target_url": f"{TARGET}/2"}
    assert client.post(address("webhook-list"), body, headers=headers).status_code == 201
    rotated = client.post(address("webhook-rotate-secret", webhook), headers=headers)
    assert rotated.status_code == 200
    assert not IdempotentRequest.objects.exists()


def test_ten_are_the_most(client: APIClient) -> None:
    for number in range(services.MAX_WEBHOOKS):
        assert make(client, description=f"{number}").status_code == 201
    assert invalid_fields(make(client)) == {"non_field_errors": "too_many_webhooks"}


def test_the_same_one_a_moment_later_is_refused(client: APIClient) -> None:
    assert make(client, events=["job.failed"]).status_code == 201
    refused = make(client, events=["job.failed"])
    assert invalid_fields(refused) == {"non_field_errors": "webhook_exists"}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"target_url": "http://example.org/"}, {"target_url": "not_https"}),
        ({"target_url": "https://127.0.0.1/"}, {"target_url": "not_public"}),
        ({"target_url": "https://a:b@example.org/"}, {"target_url": "invalid"}),
        ({"target_url": f"{TARGET}{'x' * 2000}"}, {"target_url": "max_length"}),
        ({"target_url": ""}, {"target_url": "blank"}),
        ({"events": ["job.begun"]}, {"events.0": "invalid_choice"}),
        ({"events": ["ping"]}, {"events.0": "invalid_choice"}),
        ({"events": "job.failed"}, {"events": "not_a_list"}),
        ({"events": ["job.failed"] * 9}, {"events": "max_length"}),
        ({"description": "x" * 201}, {"description": "max_length"}),
    ],
)
def test_what_is_wrong_is_said(client: APIClient, body: dict[str, Any], errors: object) -> None:
    assert invalid_fields(make(client, **body)) == errors
    assert not Webhook.objects.exists()


def test_a_webhook_is_changed_and_deleted(client: APIClient, owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    url = address("webhook-detail", webhook)
    changes = {"target_url": f"{TARGET}/2", "events": ["job.failed"], "is_active": False}
    body = client.patch(url, changes, format="json").json()
    assert {name: body[name] for name in changes} == changes
    refused = client.patch(url, {"target_url": "https://10.0.0.1/"}, format="json")
    assert invalid_fields(refused) == {"target_url": "not_public"}
    assert client.delete(url).status_code == 204
    assert_problem(client.get(url), 404, "not_found")


def test_what_nobody_may_set_is_ignored(client: APIClient, owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    body = {"secret": "whsec_x", "disabled_reason": "gone", "failing_since": timezone.now()}
    before = Webhook.objects.values().get()
    response = client.patch(address("webhook-detail", webhook), body, format="json")
    assert response.status_code == 200
    assert Webhook.objects.values().get() == before


def test_switching_off_gives_up_what_waits(client: APIClient, owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    services.ping(webhook)
    client.patch(address("webhook-detail", webhook), {"is_active": False}, format="json")
    assert Delivery.objects.get().state == "failed"
    assert_problem(client.post(address("webhook-test", webhook)), 409, "webhook_off")
    delivery = Delivery.objects.get()
    assert_problem(client.post(address("delivery-resend", delivery)), 409, "webhook_off")
    client.patch(address("webhook-detail", webhook), {"is_active": True}, format="json")
    assert client.post(address("webhook-test", webhook)).status_code == 202


def test_keys_that_may_only_read_change_nothing(owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    _, key = api_keys.create(owner, "Script", "read", None)
    reader = APIClient(headers={"Authorization": f"Bearer {key}"})
    assert reader.get(address("webhook-list")).status_code == 200
    assert_problem(make(reader), 403, "insufficient_scope")
    rotation = reader.post(address("webhook-rotate-secret", webhook))
    assert_problem(rotation, 403, "insufficient_scope")


def test_keys_that_may_write_make_one(owner: User) -> None:
    _, key = api_keys.create(owner, "Script", "write", None)
    assert make(APIClient(headers={"Authorization": f"Bearer {key}"})).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_test_is_sent_and_its_delivery_tells_how_it_went(
    client: APIClient, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    response = client.post(address("webhook-test", webhook))
    assert response.status_code == 202
    assert response.json()["state"] == "pending"
    work()
    body = client.get(response["Location"]).json()
    assert body["url"] == response["Location"]
    assert (body["type"], body["state"], body["tries"]) == ("ping", "pending", 1)
    assert body["response_status"] == 500
    assert body["error_text"].startswith("The address answered with status 500")
    assert body["payload"] == receiver.messages[0].payload
    [attempt] = body["attempts"]
    assert (attempt["number"], attempt["outcome"]) == (1, "failed")
    assert attempt["error_code"] == "bad_status"
    assert body["next_attempt_at"]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_sent_once_more_with_the_same_id(
    client: APIClient, webhook: Webhook, receiver: Receiver
) -> None:
    delivery = services.ping(webhook)
    work()
    response = client.post(address("delivery-resend", delivery))
    assert response.status_code == 202
    work()
    first, second = receiver.messages
    assert first.headers["Webhook-Id"] == second.headers["Webhook-Id"]
    assert first.body == second.body
    again = client.get(response["Location"]).json()
    assert (again["state"], again["is_resent"]) == ("delivered", True)
    assert Delivery.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_deliveries_are_listed_by_state_in_pages(
    client: APIClient, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.statuses = [204, 410]
    for _ in range(2):
        services.ping(webhook)
        work()
    url = address("webhook-deliveries", webhook)
    page = client.get(url, {"page_size": 1}).json()
    assert [one["state"] for one in page["results"]] == ["failed"]
    rest = client.get(page["next"]).json()
    assert [one["state"] for one in rest["results"]] == ["delivered"]
    [delivered] = client.get(url, {"state": "delivered"}).json()["results"]
    assert delivered["response_status"] == 204
    assert invalid_fields(client.get(url, {"state": "lost"})) == {"state": "invalid_choice"}
    assert invalid_fields(client.get(url, {"sort": "x"})) == {"sort": "unknown_parameter"}


@pytest.mark.django_db(transaction=True)
def test_a_new_secret_signs_with_the_old_one_for_a_while(
    client: APIClient, webhook: Webhook, receiver: Receiver
) -> None:
    old = webhook.secret
    body = client.post(address("webhook-rotate-secret", webhook)).json()
    new = body["secret"]
    assert new != old
    assert body["previous_secret_expires_at"]
    services.ping(webhook)
    work()
    Webhook.objects.update(previous_secret_expires_at=timezone.now() - timedelta(seconds=1))
    services.ping(webhook)
    work()
    both, only_new = receiver.messages
    assert (both.is_signed_by(old), both.is_signed_by(new)) == (True, True)
    assert (only_new.is_signed_by(old), only_new.is_signed_by(new)) == (False, True)


def test_a_secret_that_others_know_ends_at_once(client: APIClient, owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    url = address("webhook-rotate-secret", webhook)
    assert client.post(url, {"overlap_hours": 0}).json()["previous_secret_expires_at"] is None
    assert Webhook.objects.get().previous_secret == ""
    for wrong in (-1, 169, "x"):
        assert set(invalid_fields(client.post(url, {"overlap_hours": wrong}))) == {"overlap_hours"}


def test_others_find_nothing(owner: User) -> None:
    webhook = services.create(owner, target_url=TARGET)
    delivery = services.ping(webhook)
    for other in (make_user(), make_user(is_staff=True)):
        client = client_of(other)
        assert client.get(address("webhook-list")).json()["results"] == []
        for url in (
            address("webhook-detail", webhook),
            address("webhook-deliveries", webhook),
            address("delivery-detail", delivery),
        ):
            assert_problem(client.get(url), 404, "not_found")
