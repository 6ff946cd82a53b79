"""Webhooks in the settings: made, changed, tried, turned off and deleted; what was sent, and sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import TextField, Value
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from jobs.errors import GoneError
from tests.factories import PASSWORD, make_user
from tests.webhooks.receiver import Receiver
from tests.webhooks.working import work
from webhooks import services
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db
LIST, NEW = "/settings/webhooks/", "/settings/webhooks/new/"
TARGET = "https://example.org/hook"


@pytest.fixture
def client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def webhook_page(webhook: Webhook) -> str:
    return reverse("webhooks:webhook", args=[webhook.pk])


def do(client: Client, action: str, record: Webhook | Delivery, **fields: Any) -> Any:
    return client.post(reverse(f"webhooks:{action}", args=[record.pk]), fields, follow=True)


def test_the_secret_is_shown_once(client: Client, owner: User) -> None:
    choices = {"target_url": TARGET, "description": "Archive", "events": ["job.failed"]}
    page = client.post(NEW, choices)
    webhook = Webhook.objects.get(owner=owner)
    assertContains(page, webhook.secret)
    assert (webhook.target_url, webhook.events) == (TARGET, ["job.failed"])
    for address in (LIST, webhook_page(webhook)):
        shown = client.get(address)
        assertContains(shown, "Archive")
        assertNotContains(shown, webhook.secret)


@pytest.mark.parametrize(
    "wrong",
    [{"target_url": "http://example.org/"}, {"target_url": ""}, {"events": ["ping"]}],
)
def test_what_is_no_webhook_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    assertContains(client.post(NEW, {"target_url": TARGET, **wrong}), "errorlist")
    assert not Webhook.objects.exists()


def test_one_may_have_ten(client: Client, owner: User) -> None:
    for number in range(services.MAX_WEBHOOKS):
        services.create(owner, target_url=f"{TARGET}/{number}")
    assertContains(client.post(NEW, {"target_url": TARGET}), "Delete one first")


def test_a_double_click_makes_one(client: Client) -> None:
    choices = {"target_url": TARGET, "description": "", "events": ["job.failed"]}
    client.post(NEW, choices)
    assertContains(client.post(NEW, choices), "You made this webhook a moment ago.")
    assert Webhook.objects.count() == 1
    client.post(NEW, {**choices, "events": []})
    assert Webhook.objects.count() == 2


def rotate(client: Client, webhook: Webhook, overlap: str) -> Any:
    replaces = client.get(webhook_page(webhook)).context["rotation"]["replaces"].value()
    return do(client, "webhook-rotate", webhook, overlap=overlap, replaces=replaces)


def test_a_secret_is_shown_after_the_password_only(owner: User, webhook: Webhook) -> None:
    client = Client()
    client.force_login(owner)
    rotated = reverse("webhooks:webhook-rotate", args=[webhook.pk])
    for refused in (client.get(NEW), client.post(rotated, {"overlap": "0"})):
        assert refused["Location"].startswith(reverse("account_reauthenticate"))


def test_nobody_makes_a_new_secret_for_others(client: Client) -> None:
    theirs = services.create(make_user(), target_url=TARGET)
    assert do(client, "webhook-rotate", theirs, overlap="0").status_code == 404


def test_a_double_click_makes_one_new_secret(client: Client, webhook: Webhook) -> None:
    old = webhook.secret
    fields = {"overlap": "24", "replaces": webhook.secret_fingerprint}
    do(client, "webhook-rotate", webhook, **fields)
    webhook.refresh_from_db()
    new = webhook.secret
    assertContains(do(client, "webhook-rotate", webhook, **fields), "A new secret was made")
    webhook.refresh_from_db()
    assert (webhook.secret, webhook.previous_secret) == (new, old)


def test_it_is_changed_turned_off_and_deleted(client: Client, webhook: Webhook) -> None:
    do(client, "webhook", webhook, target_url=TARGET, description="Shed")
    do(client, "webhook-switch", webhook, is_active="false")
    webhook.refresh_from_db()
    assert (webhook.target_url, webhook.description, webhook.is_active) == (TARGET, "Shed", False)
    assertContains(do(client, "webhook-test", webhook), "Turn it on first")
    do(client, "webhook-switch", webhook, is_active="true")
    webhook.refresh_from_db()
    assert webhook.is_active
    asked = client.get(reverse("webhooks:webhook-delete", args=[webhook.pk]))
    assertContains(asked, "Delete the webhook “Shed”?")
    do(client, "webhook-delete", webhook)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda webhook, _: services.edit(webhook, description="Shed"),
        lambda webhook, _: services.edit(webhook, is_active=False),
        lambda webhook, _: services.rotate_secret(webhook, timedelta()),
        lambda webhook, _: services.ping(webhook),
        lambda _, delivery: services.resend(delivery),
    ],
    ids=["edit", "switch", "rotate", "test", "resend"],
)
def test_one_that_was_deleted_in_another_tab_is_gone(
    webhook: Webhook, act: Callable[[Webhook, Delivery], object]
) -> None:
    services.ping(webhook)
    delivery = Delivery.objects.select_related("webhook").get()
    services.delete(Webhook.objects.get())
    with pytest.raises(GoneError, match="The webhook was deleted"):
        act(webhook, delivery)


def test_a_new_secret_leaves_the_old_one_good_for_a_while_or_not(
    client: Client, webhook: Webhook
) -> None:
    old = webhook.secret
    page = rotate(client, webhook, "24")
    webhook.refresh_from_db()
    assertContains(page, webhook.secret)
    assert (webhook.previous_secret, webhook.has_two_secrets) == (old, True)
    assertContains(client.get(webhook_page(webhook)), " UTC.")
    rotate(client, webhook, "0")
    webhook.refresh_from_db()
    assert (webhook.previous_secret, webhook.has_two_secrets) == ("", False)
    assert rotate(client, webhook, "9999").status_code == 400


def test_a_secret_that_cannot_be_read_makes_way_for_a_new_one(
    client: Client, webhook: Webhook
) -> None:
    Webhook.objects.update(secret=Value("of another SECRET_KEY", TextField()))
    page = rotate(client, webhook, "24")
    webhook.refresh_from_db()
    assertContains(page, webhook.secret)
    assert webhook.secret.startswith("whsec_")
    assert (webhook.previous_secret, webhook.previous_secret_expires_at) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_a_test_is_sent_and_sent_again(
    client: Client, webhook: Webhook, receiver: Receiver
) -> None:
    do(client, "webhook-test", webhook)
    work()
    shown = client.get(webhook_page(webhook))
    assertContains(shown, "Delivered")
    assertContains(shown, "status 20")
    do(client, "delivery-resend", Delivery.objects.get())
    assert Delivery.objects.filter(is_resent=True).count() == 1
