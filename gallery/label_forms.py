"""The form that gives a person or a tag another name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from gallery import labels


class RenameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=labels.MAX_LENGTH)

    def clean_name(self) -> str:
        """As a name is kept that was typed with a photo: one with a comma would be two there."""
        names = labels.clean([self.cleaned_data["name"]])
        if not names:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return names[0]
