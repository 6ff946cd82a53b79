"""How the account is opened: password, second factor, passkeys; and where it is open now."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, second_factor
from accounts.views.requests import MemberRequest

Type = Authenticator.Type


@login_required
@require_safe
def security(request: MemberRequest) -> HttpResponse:
    own = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each for each in own if each.type == Type.RECOVERY_CODES), None)
    context = {
        "app": next((each for each in own if each.type == Type.TOTP), None),
        "passkeys": [each for each in own if each.type == Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "passkeys_work_here": second_factor.passkeys_work_here(),
    }
    return render(request, "settings/security.html", context)


@login_required
@require_safe
def sessions(request: MemberRequest) -> HttpResponse:
    found = devices.of(request.user, request.session.session_key)
    return render(request, "settings/sessions.html", {"devices": found})


@login_required
@require_POST
def end_session(request: MemberRequest, pk: int) -> HttpResponse:
    devices.log_out(get_object_or_404(devices.editable_by(request.user), pk=pk))
    messages.success(request, _("That device is logged out."))
    return redirect("settings:sessions")


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@require_POST
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    devices.log_out_others(request, request.user)
    messages.success(request, _("All other devices are logged out, and all API keys have ended."))
    return redirect("settings:sessions")
