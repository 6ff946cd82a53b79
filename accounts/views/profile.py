"""Who somebody is, and how the site is to look and speak to them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.settings_forms import PreferencesForm, ProfileForm
from accounts.views.requests import MemberRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        _save(request, form)
        messages.success(request, _("Your profile is saved."))
        return redirect("settings:profile")
    return render(request, "settings/profile.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        _save(request, form)
        if request.user.language:  # the message is the first that is in it
            translation.activate(request.user.language)
        messages.success(request, _("Your preferences are saved."))
        return redirect("settings:preferences")
    return render(request, "settings/preferences.html", {"form": form})


def _save(request: MemberRequest, form: ModelForm) -> None:  # type: ignore[type-arg]
    """Only what the form has: staff may suspend the account at the same time."""
    request.user.save(update_fields=list(form.fields))
