"""API keys: a list, a page to make one, which shows it once, and an end."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import api_keys
from accounts.models import ApiKey
from accounts.rates import limited
from accounts.settings_forms import ApiKeyForm
from accounts.views.requests import MemberRequest


@login_required
@require_safe
def keys(request: MemberRequest) -> HttpResponse:
    context = {"keys": ApiKey.objects.editable_by(request.user)}
    return render(request, "settings/api_keys.html", context)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@limited("api_key")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    form = ApiKeyForm(request.POST or None)
    if form.is_valid():
        try:
            return _show_once(request, form)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "settings/api_key_new.html", {"form": form})


def _show_once(request: MemberRequest, form: ApiKeyForm) -> HttpResponse:
    chosen = form.cleaned_data
    record, key = api_keys.create(request.user, chosen["name"], chosen["scope"], form.expires_at)
    return render(request, "settings/api_key_made.html", {"record": record, "key": key})


@login_required
@require_POST
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    get_object_or_404(ApiKey.objects.editable_by(request.user), pk=pk).delete()
    messages.success(request, _("The API key is deleted. Programs that use it are locked out."))
    return redirect("settings:keys")
