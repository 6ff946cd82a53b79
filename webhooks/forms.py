"""The forms of the pages about webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from webhooks import targets
from webhooks.events import CHOSEN_TYPES
from webhooks.models import Webhook


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=CHOSEN_TYPES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("If you choose none, all are sent, also those that are added later."),
    )

    class Meta:
        model = Webhook
        fields = ["target_url", "description", "events"]
        labels: ClassVar[dict[str, Any]] = {
            "target_url": _("Address"),
            "description": _("Description"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "target_url": _("Where we send messages to. It begins with https://."),
            "description": _("What it is for. Only you see it."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "target_url": forms.URLInput(attrs={"placeholder": "https://"})
        }

    def clean_target_url(self) -> str:
        url: str = self.cleaned_data["target_url"]
        targets.check_url(url)
        return url


class RotationForm(forms.Form):
    overlap = forms.TypedChoiceField(
        label=_("The present secret stays valid"),
        choices=[
            (24, _("for 24 hours")),
            (7 * 24, _("for 7 days")),
            (0, _("not at all, since somebody else knows it")),
        ],
        coerce=lambda hours: timedelta(hours=int(hours)),
    )
    # Sent twice by a double click, it would end the secret that is to stay valid.
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)
