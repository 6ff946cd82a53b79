"""Forms for what is known of photos: of one, or of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gallery import dates, labels
from gallery.dates import TakenDate
from gallery.details import NameChanges
from gallery.models import Person, Photo, Tag


class TakenDateField(forms.CharField):
    """A date with its precision, in words."""

    def prepare_value(self, value: TakenDate | str | None) -> str | None:
        return dates.words(value) if isinstance(value, TakenDate) else value

    def to_python(self, value: Any) -> TakenDate | None:  # type: ignore[override]
        return dates.parse(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """Nothing is left to be said: they are for texts."""


class NamesField(forms.CharField):
    """Names with commas in between; the script makes a list of them."""

    def __init__(self, known: str, **kwargs: Any) -> None:
        attributes = {
            "data-names": "",
            "data-remove": _("Remove"),
            "list": known,
            "autocomplete": "off",
        }
        super().__init__(required=False, widget=forms.TextInput(attributes), **kwargs)

    def prepare_value(self, value: Any) -> str | None:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return labels.split(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """Nothing is left to be said: they are for texts."""


DATE_HELP = _(
    "As well as you know it: 12 May 1932, May 1932, 1932, about 1932, 1930s, between 1914 and 1918."
)
NAMES_HELP = _("Separate with commas.")


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of one photo."""

    date = TakenDateField(label=_("Date taken"), required=False, help_text=DATE_HELP)
    people = NamesField("known-people", label=_("People"), help_text=NAMES_HELP)
    tags = NamesField("known-tags", label=_("Tags"), help_text=NAMES_HELP)

    class Meta:
        model = Photo
        fields = ["title", "caption", "place"]
        labels = {"title": _("Title"), "caption": _("Caption"), "place": _("Place")}
        widgets = {"caption": forms.Textarea({"rows": 3})}

    field_order = ["title", "caption", "date", "place", "people", "tags"]

    def __init__(self, photo: Photo, data: QueryDict | None = None) -> None:
        initial = {
            "date": dates.of_photo(photo),
            "people": labels.names_of(photo.people.all()),
            "tags": labels.names_of(photo.tags.all()),
        }
        super().__init__(data, instance=photo, initial=initial)
        self.fields["title"].widget.attrs |= {"placeholder": str(photo), "autofocus": True}

    def changes(self) -> dict[str, Any]:
        """What `details.edit_photo` takes."""
        given = self.cleaned_data
        fields = {name: given[name] for name in ("title", "caption", "place")}
        return {
            "fields": fields | dates.fields_of(given["date"]),
            "people": given["people"],
            "tags": given["tags"],
        }


class SelectionDetailsForm(forms.Form):
    """What several photos are to have in common; what is left empty stays as it is, unless it is cleared."""

    CLEARABLE = [
        ("title", _("Title")),
        ("caption", _("Caption")),
        ("date", _("Date taken")),
        ("place", _("Place")),
        ("people", _("People")),
        ("tags", _("Tags")),
    ]

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    caption = forms.CharField(
        label=_("Caption"), max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )
    date = TakenDateField(label=_("Date taken"), required=False, help_text=DATE_HELP)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    people = NamesField("known-people", label=_("Add people"), help_text=NAMES_HELP)
    removed_people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Remove people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = NamesField("known-tags", label=_("Add tags"), help_text=NAMES_HELP)
    removed_tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label=_("Remove tags"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cleared = forms.MultipleChoiceField(
        label=_("Clear for all of them"),
        choices=CLEARABLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, photos: Sequence[Photo], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._offer("removed_people", labels.of_photos(Person, photos))
        self._offer("removed_tags", labels.of_photos(Tag, photos))

    def _offer(self, name: str, labels_there: QuerySet[Any]) -> None:
        """What none of the photos has cannot be removed."""
        if labels_there.exists():
            self.fields[name].queryset = labels_there  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """What `details.edit_photos` takes. What is cleared and filled in is replaced."""
        given, cleared = self.cleaned_data, self.cleaned_data["cleared"]
        texts = ("title", "caption", "place")
        fields = {name: given[name] for name in texts if given[name] or name in cleared}
        if given["date"] or "date" in cleared:
            fields |= dates.fields_of(given["date"] or None)
        return {
            "fields": fields,
            "people": NameChanges(given["people"], self._removed("people")),
            "tags": NameChanges(given["tags"], self._removed("tags")),
        }

    def _removed(self, name: str) -> Sequence[Person | Tag]:
        field = self.fields.get(f"removed_{name}")
        if field is None:
            return []
        if name in self.cleaned_data["cleared"]:
            return list(field.queryset)  # type: ignore[attr-defined]
        return list(self.cleaned_data[f"removed_{name}"])
