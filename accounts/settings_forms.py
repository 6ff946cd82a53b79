"""The forms of the settings pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ApiKey, Theme, User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": pgettext_lazy("of a person", "Name")}
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Others see it beside the albums that you publish.")
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("Like the browser")), *settings.LANGUAGES],
    )
    theme = forms.ChoiceField(
        label=_("Colors"), choices=Theme.choices, widget=forms.RadioSelect, initial=Theme.AUTO
    )

    class Meta:
        model = User
        fields = ["language", "theme", "mail_when_done"]
        labels = {"mail_when_done": _("Email me when all photos of a batch are in color")}
        help_texts: ClassVar[dict[str, Any]] = {"mail_when_done": ""}


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of an API key", "Name"),
        max_length=100,
        help_text=_("What it is for, such as “Scanner script”."),
    )
    scope = forms.ChoiceField(
        label=_("What it may do"),
        choices=ApiKey.Scope.choices,
        widget=forms.RadioSelect,
        initial=ApiKey.Scope.READ,
    )
    days = forms.TypedChoiceField(
        label=_("Expires"),
        choices=[
            (30, _("In 30 days")),
            (90, _("In 90 days")),
            (365, _("In one year")),
            ("", _("Never")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        initial=90,
    )

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return None if days is None else timezone.now() + timedelta(days=days)
