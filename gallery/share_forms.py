"""Forms of shared links: their owner's, and the one that asks visitors for a password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models.shares import Share
from gallery.sharing import MAX_PASSWORD

KEEP: Final = "keep"
NEVER: Final = ""


class ShareForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new link."""

    days = forms.ChoiceField(
        label=_("Expires"),
        choices=[(NEVER, _("Never")), ("7", _("In 7 days")), ("30", _("In 30 days"))],
        required=False,
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Optional. Tell it to your guests in another way than the link."),
    )

    class Meta:
        model = Share
        fields = [
            "title",
            "message",
            "shows_originals",
            "shows_details",
            "allows_downloads",
        ]
        labels: ClassVar[dict[str, Any]] = {
            "title": _("Title"),
            "message": _("Message"),
            "shows_originals": _("Show the originals, too: before and after"),
            "shows_details": _("Show titles, captions, dates, places, people and tags"),
            "allows_downloads": _("Allow downloads"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("Optional. Visitors see it as the heading."),
            "message": _("Optional. Visitors read it above the photos."),
            "shows_originals": "",
            "shows_details": "",
            "allows_downloads": _(
                "Of colored photos. Of originals, too, where they are shown with these details: "
                "their files may contain them."
            ),
        }
        widgets: ClassVar[dict[str, Any]] = {"message": forms.Textarea(attrs={"rows": 2})}

    def choices(self) -> dict[str, Any]:
        """For the services."""
        fields = dict(self.cleaned_data)
        days = fields.pop("days")
        if days != KEEP:
            fields["expires_at"] = _in_days(days)
        return fields


class EditShareForm(ShareForm):
    """A link that is there: its end and its password stay unless others are chosen."""

    removes_password = forms.BooleanField(label=_("Remove the password"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        share: Share = self.instance
        days: Any = self.fields["days"]
        if share.expires_at:
            days.choices = [(KEEP, _("As it is")), *days.choices]
            days.initial = KEEP  # else a browser would choose that it never expires
        password = self.fields["password"]
        if share.has_password:
            password.label = _("New password")
            password.help_text = _("Leave it empty to keep the present one.")
        else:
            del self.fields["removes_password"]

    def choices(self) -> dict[str, Any]:
        fields = super().choices()
        removes = fields.pop("removes_password", False)
        if not fields["password"]:
            fields["password"] = "" if removes else None
        return fields


class UnlockForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


def _in_days(days: str) -> datetime | None:
    return timezone.now() + timedelta(days=int(days)) if days else None
