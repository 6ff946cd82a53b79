"""What people send to staff."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.models import Report


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    # The model's own field would offer an empty choice first.
    reason = forms.ChoiceField(
        label=_("Reason"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Report
        fields = ["reason", "details"]
        widgets = {"details": forms.Textarea(attrs={"rows": 4})}
        labels = {"details": _("Tell us more")}
        help_texts = {"details": _("Optional.")}
