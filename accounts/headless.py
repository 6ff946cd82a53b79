"""Where the API's addresses for accounts differ from allauth's: as the pages do, see forms.py."""

from __future__ import annotations

from typing import Any

from allauth.headless.account import inputs, views
from allauth.headless.constants import Client
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from accounts import services
from accounts.forms import ResetPasswordForm


class RequestPasswordResetInput(ResetPasswordForm, inputs.RequestPasswordResetInput):  # type: ignore[misc]  # allauth has no types
    pass


class RequestPasswordResetView(views.RequestPasswordResetView):  # type: ignore[misc]
    input_class = RequestPasswordResetInput


class ResetPasswordView(views.ResetPasswordView):  # type: ignore[misc]
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        services.prove_by_reset(self.input.user)
        return response


@csrf_exempt
def no_phones(request: HttpRequest) -> HttpResponse:
    """allauth has these addresses always, and what is behind them only for sites that ask for numbers."""
    raise Http404("Accounts have no phone numbers.")


app_name = "accounts_api"
urlpatterns = [
    path(
        "auth/password/request",
        RequestPasswordResetView.as_api_view(client=Client.APP),
        name="request_password_reset",
    ),
    path(
        "auth/password/reset",
        ResetPasswordView.as_api_view(client=Client.APP),
        name="reset_password",
    ),
    re_path(r"^(?:account|auth)/phone", no_phones, name="no_phones"),
]
