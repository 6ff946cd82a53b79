"""Webhooks in the settings: made, changed, tried and deleted; what was sent, and sending it again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Final

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rates import limited
from accounts.views.requests import MemberRequest
from webhooks import services
from webhooks.forms import RotationForm, WebhookForm
from webhooks.models import Delivery, Webhook

DELIVERIES_PER_PAGE: Final = 20


@login_required
@require_safe
def webhooks(request: MemberRequest) -> HttpResponse:
    context = {"webhooks": Webhook.objects.editable_by(request.user)}
    return render(request, "settings/webhooks.html", context)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@limited("webhook")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        try:
            return _show_secret(request, services.create(request.user, **form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "settings/webhook_new.html", {"form": form})


def _show_secret(request: MemberRequest, webhook: Webhook) -> HttpResponse:
    return render(request, "settings/webhook_secret.html", {"webhook": webhook})


def _own(request: MemberRequest, pk: uuid.UUID) -> Webhook:
    return get_object_or_404(Webhook.objects.editable_by(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    form = WebhookForm(request.POST or None, instance=_own(request, pk))
    if form.is_valid():
        services.edit(form.instance, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("webhooks:webhook", pk)
    deliveries = Delivery.objects.filter(webhook=pk).select_related("event", "job")
    page = Paginator(deliveries, DELIVERIES_PER_PAGE).get_page(request.GET.get("page"))
    shown = _own(request, pk)
    rotation = RotationForm(initial={"replaces": shown.secret_fingerprint})
    context = {"webhook": shown, "form": form, "rotation": rotation, "page": page}
    return render(request, "settings/webhook.html", context)


@login_required
@require_POST
def switch(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    services.edit(_own(request, pk), is_active=request.POST.get("is_active") == "true")
    return redirect("webhooks:webhook", pk)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@limited("webhook")
@require_POST
def rotate(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    webhook, form = _own(request, pk), RotationForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Choose how long the present secret stays valid."))
    try:
        services.rotate_secret(webhook, **form.cleaned_data)
    except services.SecretChangedError:
        messages.error(
            request, _("A new secret was made a moment ago. Nothing was changed this time.")
        )
        return redirect("webhooks:webhook", pk)
    return _show_secret(request, webhook)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = _own(request, pk)
    if request.method == "POST":
        services.delete(webhook)
        messages.success(request, _("The webhook is deleted."))
        return redirect("webhooks:webhooks")
    context = {
        "name": _("the webhook “%(webhook)s”") % {"webhook": webhook},
        "consequence": _(
            "Nothing is sent to this address anymore, and its deliveries are deleted. This can't be undone."
        ),
        "back": reverse("webhooks:webhook", args=[pk]),
    }
    return render(request, "gallery/confirm_delete.html", context)


@login_required
@limited("webhook")
@require_POST
def test(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = _own(request, pk)
    return _sent(request, webhook, partial(services.ping, webhook))


@login_required
@limited("webhook")
@require_POST
def resend(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Delivery.objects.editable_by(request.user).select_related("webhook", "event")
    delivery = get_object_or_404(own, pk=pk)
    return _sent(request, delivery.webhook, partial(services.resend, delivery))


def _sent(request: MemberRequest, webhook: Webhook, send: Callable[[], Delivery]) -> HttpResponse:
    try:
        send()
        messages.success(request, _("It is on its way. Reload the page to see the result."))
    except services.TurnedOffError:
        messages.error(request, _("The webhook is off. Turn it on first."))
    return redirect("webhooks:webhook", webhook.pk)
